"""The first shift of the demonstration: residents ask, staff work as people do, so that no section is empty."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from demo import deeds
from demo.data import shift
from demo.data.pages import pages
from demo.data.shift import Scene
from demo.messages.people import Resident, residents
from demo.messages.photos import photo
from demo.network import SimulatedNetwork
from demo.orders import base64_of, signed
from otklik.casework.enums import AnswerKind, AnswerStatus, State
from otklik.casework.models import Answer, AnswerTemplate, Incident

# Authors of the scenes; far from the first residents, who write all day.
FIRST_AUTHOR = 1200
PATIENCE = 60.0  # seconds; a busy machine reads the first messages slowly

# A comment: the number of its community and its own.
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A comment of a scene; the answer stands under it."""

    scene: Scene
    author: Resident
    key: Key


class _Walls:
    """The newest post of each page that takes comments, where the residents of the scenes write."""

    def __init__(self, network: SimulatedNetwork) -> None:
        self.network = network
        self.posts: dict[int, int] = {}
        for post in network.all("posts"):
            if post["comments_open"]:
                group = -post["owner_id"]
                self.posts[group] = max(self.posts.get(group, 0), post["id"])

    def say(self, author: Resident, body: str, text: str, *, scene: str = "", reply_to: int = 0) -> Key:
        """A comment on the page of the body; the same one is never said twice."""
        group = next(page.group_id for page in pages() if page.body.code == body)
        guid = f"shift-{author.id}-{reply_to}"
        order = signed(author, group) | {"text": text, "post_id": self.posts[group], "guid": guid}
        if scene:
            order["photos"] = [base64_of(photo(scene))]
        if reply_to:
            order["reply_to"] = reply_to
        return str(group), str(self.network.act("comment", **order)["id"])


def work(network: SimulatedNetwork, *, patience: float = PATIENCE) -> int:
    """Play the scenes once; returns how many incidents were worked on, 0 when the shift is over already.

    Messages are read and answers sent by the workers, who must be running: what they have not read within `patience`
    seconds is left in the queue. When that is all of them the next load begins the shift anew.
    """
    if AnswerTemplate.objects.exists():
        return 0
    walls, authors = _Walls(network), iter(residents()[FIRST_AUTHOR:])
    asked = [
        Asked(each, author, walls.say(author, each.body, each.text, scene=each.photo))
        for each, author in zip(shift.SCENES, authors, strict=False)
    ]
    mass = [
        walls.say(author, shift.BERDSK, text) for text, author in zip(shift.MASS_ASKED, authors, strict=False)
    ]
    found = _incidents([each.key for each in asked] + mass, patience)
    if not found:
        return 0
    played = [(each, found[each.key]) for each in asked if each.key in found]
    members = [found[key] for key in mass if key in found]
    for each, incident in played:
        deeds.bring(each.scene, incident)
    deeds.decide([incident for each, incident in played if each.scene.topic == shift.SYSTEMIC_TOPIC])
    deeds.refute()
    _reply(walls, {incident.pk: each for each, incident in played if each.scene.reply}, patience)
    if len(members) == len(shift.MASS_ASKED):
        _until(lambda: deeds.surge_of_mass() is not None, patience)
        deeds.open_mass_problem(members, deeds.surge_of_mass())
    # Last of all: with them the shift is over.
    deeds.write_texts()
    return len(played) + len(members)


def _until(look: Callable[[], bool], patience: float) -> None:
    ends = time.monotonic() + patience
    while not look() and time.monotonic() < ends:
        time.sleep(0.5)


def _incidents(keys: list[Key], patience: float) -> dict[Key, Incident]:
    """What the comments have become and nobody has touched; one that is not read by then is left out."""
    found: dict[Key, Incident] = {}
    fresh = Incident.objects.filter(state__in=[State.TRIAGE, State.ROUTED], message__place="wall")
    mine = fresh.filter(message__external_id__in=[number for _group, number in keys])

    def look() -> bool:
        for row in mine.select_related("message__connection").order_by("-pk"):
            found[row.message.connection.external_id, row.message.external_id] = row
        return set(keys) <= found.keys()

    _until(look, patience)
    return {key: found[key] for key in keys if key in found}


def _reply(walls: _Walls, told: dict[int, Asked], patience: float) -> None:
    """What authors say to the answers that stand."""
    standing = Answer.objects.filter(
        incident__in=told, kind=AnswerKind.FINAL, status=AnswerStatus.PUBLISHED
    ).values_list("incident", "delivery__external_id")
    _until(lambda: standing.count() == len(told), patience)
    for incident, comment in standing:
        each = told[incident]
        walls.say(each.author, each.scene.body, each.scene.reply, reply_to=int(comment))
