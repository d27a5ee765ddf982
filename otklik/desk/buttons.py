"""The buttons of a card with their keys: what the person may do, most frequent first."""

from dataclasses import dataclass

from django.urls import reverse

from otklik.desk.enums import Power

# Power → its key. Those with a panel open a form, the others act at once.
_KEYS = {
    Power.ACCEPT: "a",
    Power.TAKE_UP: "a",
    Power.APPROVE: "a",
    Power.SEND_BACK: "b",
    Power.RESUME: "z",
    Power.ASK: "q",
    Power.SPLIT: "s",
    Power.GO_ON: "u",
    Power.REVIEW: "v",
    Power.CLOSE: "c",
    Power.RETURN_FOR_REWORK: "b",
    Power.TAKE_RESULT: "c",
    Power.TELL_AGAIN: "f",
    Power.POSTPONE: "l",
    Power.DISPUTE: "o",
    Power.NOT_DONE: "n",
    Power.ASSIGN: "p",
    Power.ROUTE: "t",
    Power.REJECT: "x",
    Power.ATTACH: "m",
    Power.DECLINE: "d",
    Power.REOPEN: "o",
    Power.RESTORE: "u",
    Power.DETACH: "u",
    Power.TAKE_ON: "w",
    Power.TRANSFER: "f",
    Power.EXTEND: "l",
    Power.ALLOW_INTERIM: "i",
    Power.PAUSE: "z",
}
_AT_ONCE = frozenset({Power.ACCEPT, Power.TAKE_UP, Power.RESTORE, Power.DETACH, Power.GO_ON, Power.RESUME})
_PRIMARY = frozenset(
    {Power.ACCEPT, Power.TAKE_UP, Power.APPROVE, Power.CLOSE, Power.GO_ON, Power.RESUME, Power.TAKE_RESULT}
)
# The coordinator's, and not every day's: behind «Ещё», with their keys all the same.
_SELDOM = frozenset({Power.TAKE_ON, Power.TRANSFER, Power.EXTEND, Power.ALLOW_INTERIM, Power.PAUSE})
# More than these would stand before the message that they are about.
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Button:
    """One button: what it says, its key, whether it opens a panel or acts at once."""

    code: str
    label: str
    key: str
    primary: bool
    panel: bool
    seldom: bool
    url: str


def buttons(pk: int, powers: frozenset[str]) -> list[Button]:
    """The buttons above the answer: the first few at hand, the others behind «Ещё»."""
    held = [power for power in _KEYS if power in powers]
    shown = [power for power in held if power not in _SELDOM][:MOST_SHOWN]
    return [
        Button(
            power,
            str(power.label),
            _KEYS[power],
            primary=power in _PRIMARY,
            panel=power not in _AT_ONCE,
            seldom=power not in shown,
            url=reverse(f"desk:{power}", args=[pk]),
        )
        for power in held
    ]
