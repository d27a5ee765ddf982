"""An answer as the resident will see it, before it goes out."""

from dataclasses import dataclass

from otklik.casework.models import Incident
from otklik.channels.base import Letter, Target
from otklik.channels.vk.send import with_mention
from otklik.common.text import strip_mentions


@dataclass(frozen=True, slots=True)
class Seen:
    """The answer in the network: who speaks, the mention it begins with (may be empty), the rest."""

    page: str
    mention: str
    text: str


def as_seen(incident: Incident, text: str) -> Seen:
    """The text with the mention that the network's own folder will put before it."""
    message, text = incident.message, text.replace("\r\n", "\n").strip()
    target = Target(
        place=message.place,
        object_id=message.object_id,
        reply_to=message.external_id,
        author_id=message.author.external_id if message.author else "",
        author_name=message.author.name if message.author else "",
    )
    whole = strip_mentions(with_mention(Letter(incident.page.external_id, target, text, key="")))
    own = strip_mentions(text)
    mention, sign, _rest = whole.partition(",") if len(whole) > len(own) else ("", "", "")
    return Seen(incident.page.title, f"{mention}{sign} " if sign else "", own)
