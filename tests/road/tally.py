"""What became of every answer of the storm: kinds of fault against outcomes, doubles, losses; and what is wrong."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from otklik.casework.models import Answer
from otklik.channels.operations.delivering import _letter
from otklik.channels.vk.wording import random_id

if TYPE_CHECKING:
    from tests.road.storm import Storm

OUTCOMES = ("published", "undeliverable", "uncertain", "manual", "held", "LOST", "DOUBLED", "WRONG")
VISIBLE = ("published", "undeliverable", "uncertain", "manual", "held")
# The state and the note of an incident by how its delivery stands, as a person sees them.
SHOWN = {
    "delivered": ("answered", "", "published"),
    "refused": ("in_progress", "undeliverable", "undeliverable"),
    "uncertain": ("uncertain", "uncertain", "uncertain"),
    "manual": ("publishing", "manual", "manual"),
    "waiting": ("publishing", "held", "held"),
}


class Tally:
    """The last answer of each incident, against what truly stands in the network."""

    def __init__(
        self, storm: "Storm", replies: Mapping[int, Sequence[str]], struck: Mapping[str, set[str]]
    ) -> None:
        self.storm, self.replies, self.struck = storm, replies, struck
        self.table: dict[str, Counter[str]] = defaultdict(Counter)
        self.wrong: list[str] = []

    def tell(self) -> None:
        found = Answer.objects.exclude(status="draft").select_related("incident", "delivery__connection")
        answers = list(found.prefetch_related("delivery__log").order_by("pk"))
        for answer in answers:
            outcome = self._outcome(answer)
            for kind in sorted(self._kinds(answer)) or ["nothing"]:
                self.table[kind][outcome] += 1
            self.table["all answers"][outcome] += 1
        self._print()
        total = self.table["all answers"]
        numbers = {"answers": len(answers), "replies": sum(map(len, self.replies.values()))}
        numbers |= {name: total[name] for name in OUTCOMES}
        print(json.dumps({"counts": numbers, "wrong": self.wrong[:20]}, ensure_ascii=False))

    def _outcome(self, answer: Answer) -> str:
        """How it stands; LOST, DOUBLED or WRONG when that is not what is true, or not what a person is shown."""
        delivery, incident = answer.delivery, answer.incident
        assert delivery is not None
        stands = self.replies.get(incident.pk, ())
        state, note, outcome = SHOWN.get(delivery.state, ("", "", ""))
        if len(stands) > 1:
            return self._wrong("DOUBLED", answer)
        if (incident.state, incident.delivery_note) != (state, note) or (note and not delivery.reason):
            return self._wrong("LOST", answer)
        if outcome == "published" and not stands:
            return self._wrong("LOST", answer)
        if outcome == "published" and delivery.external_id != stands[0]:
            return self._wrong("WRONG", answer)
        if outcome in {"undeliverable", "manual", "held"} and stands:
            return self._wrong("WRONG", answer)
        return outcome

    def _wrong(self, how: str, answer: Answer) -> str:
        delivery, incident = answer.delivery, answer.incident
        assert delivery is not None
        tried = " ".join(f"{each.result}:{each.reason}" for each in delivery.log.all())
        self.wrong.append(
            f"{how} {incident.pk} {incident.state}/{incident.delivery_note} answer {answer.status}, delivery "
            f"{delivery.state} {delivery.reason} {delivery.detail[:60]}, {self.replies.get(incident.pk)}, "
            f"{sorted(self._kinds(answer))}, tried {tried}"
        )
        return how

    def _kinds(self, answer: Answer) -> set[str]:
        delivery = answer.delivery
        assert delivery is not None
        letter = _letter(delivery)
        kinds = set(self.storm.fates[answer.incident_id])
        kinds |= self.struck.get(letter.key[:32], set()) | self.struck.get(str(random_id(letter)), set())
        reasons = {each.reason for each in delivery.log.all()}
        kinds |= {"worker killed in the call"} if "abandoned" in reasons else set()
        kinds |= {"its outcome could not be written"} if "our_mistake" in reasons else set()
        ended = delivery.finished_at or datetime.now(UTC)
        restarts = [datetime.fromtimestamp(each, UTC) for each in self.storm.restarts]
        if any(delivery.created_at <= each <= ended for each in restarts):
            kinds.add("database killed on its way")
        return kinds

    def _print(self) -> None:
        width = max(map(len, self.table))
        shown = [name for name in OUTCOMES if name in VISIBLE or self.table["all answers"][name]]
        print(f"\n{'what happened on the way':{width}} " + " ".join(f"{name:>13}" for name in shown))
        last = self.table["all answers"]
        rows = sorted((kind for kind in self.table if kind != "all answers"), key=str.casefold)
        for kind in [*rows, "all answers"]:
            print(f"{kind:{width}} " + " ".join(f"{self.table[kind][name] or '·':>13}" for name in shown))
        print(f"doubled {last['DOUBLED']}, lost {last['LOST']}, wrong {last['WRONG']}")
