"""The outbox of erased answers: where and when they stand in the network stays, their words and who they were to go."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from otklik.audit import operations as audit
from otklik.channels.enums import DeliveryState
from otklik.channels.models import Attempt, Delivery, Proof
from otklik.common.actor import Actor

_ON_THE_WAY = [DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.CHECKING]


class AnswerOnItsWay(Exception):
    """Ответ этому автору ещё отправляется. Дождитесь, пока он встанет в сети или не уйдёт, и повторите."""


@transaction.atomic
def erase_deliveries(*, deliveries: Sequence[int], left: str, by: Actor, now: datetime) -> dict[str, int]:
    """Take texts and names out of deliveries and of the proofs of them. Within `audit.erasing` only.

    Raises AnswerOnItsWay.
    """
    found = Delivery.objects.filter(pk__in=deliveries)
    rows = list(found.select_for_update(of=("self",)).values_list("pk", "state"))
    if any(state in _ON_THE_WAY for _pk, state in rows):
        raise AnswerOnItsWay
    found.update(text=left, author_id="", author_name="", detail="", snapshot={})
    proofs = Proof.objects.filter(delivery__in=deliveries).update(text=left)
    Attempt.objects.filter(delivery__in=deliveries).update(detail="")
    audit.record_many(
        by=by, verb="erase_delivery", now=now, entries=[audit.Entry(Delivery(pk=pk)) for pk, _state in rows]
    )  # fmt: skip
    return {"deliveries": len(rows), "proofs": proofs}
