"""How residents take the answers of pages: some thank, some say it is not solved, most read in silence."""

from datetime import UTC, datetime
from random import Random
from typing import Any

from demo.data.region import CITY_OKTMO
from demo.messages.people import Resident, residents
from demo.messages.templates import fill, load
from demo.messages.words import slots_for
from demo.network import OrderRefusedError, SimulatedNetwork
from demo.orders import signed

REACTIONS = ("thanks_after", "not_solved", "")
SHARES = (40, 15, 45)


class Answers:
    """Looks for answers that appeared since the last look and reacts to some of them, once each.

    Answers that stood before the first look are left alone. The reaction depends only on the answer's number.
    """

    def __init__(self, network: SimulatedNetwork) -> None:
        self.network = network
        self.seen: set[tuple[str, int, int]] = set()
        self.looked = False

    def react(self) -> int:
        """Look and react; returns the number of reactions. Raises NetworkAwayError."""
        comments = [each for each in self.network.all("comments", own=1) if each["reply_to_comment"]]
        letters = list(self.network.all("messages", out=1))
        reacted = 0
        for kind, answer in [("comment", each) for each in comments] + [
            ("message", each) for each in letters
        ]:
            group = -answer["owner_id"] if kind == "comment" else answer["group_id"]
            key = (kind, group, answer["id"])
            if key in self.seen:
                continue
            self.seen.add(key)
            if self.looked:
                reacted += self._react(kind, group, answer)
        self.looked = True
        return reacted

    def _react(self, kind: str, group: int, answer: dict[str, Any]) -> int:
        random = Random(group * 1000 + answer["id"])
        mood = random.choices(REACTIONS, SHARES)[0]
        author = _resident(answer["reply_to_user"] if kind == "comment" else answer["peer_id"])
        if not mood or author is None:
            return 0
        template = random.choice([each for each in load("residents", "followups") if each.kind == mood])
        today = datetime.now(UTC).date()
        slots = slots_for(municipality=CITY_OKTMO, place=None, author=author, today=today, random=random)
        order = signed(author, group)
        order["text"] = fill(template.text, slots, female=author.female, random=random)
        if kind == "comment":
            order |= {
                "post_id": answer["object_id"],
                "reply_to": answer["id"],
                "guid": f"react-{answer['id']}",
            }
        try:
            self.network.act(kind, **order)
        except OrderRefusedError:
            return 0  # comments were closed or the answer is gone: then there is nothing to say
        return 1


def _resident(number: int) -> Resident | None:
    """Only our own people react; a person who plays a resident by hand speaks for themselves."""
    index = number - residents()[0].id
    return residents()[index] if 0 <= index < len(residents()) else None
