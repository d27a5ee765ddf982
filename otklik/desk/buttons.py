"""The buttons of a card with their keys: what the person may do, most frequent first."""

from dataclasses import dataclass

from django.urls import reverse

from otklik.desk.enums import Power

# Power → its key. Those with a panel open a form, the others act at once.
_KEYS = {
    Power.ACCEPT: "a",
    Power.TAKE_UP: "a",
    Power.ASK: "q",
    Power.SPLIT: "s",
    Power.GO_ON: "u",
    Power.CLOSE: "c",
    Power.ASSIGN: "p",
    Power.ROUTE: "t",
    Power.REJECT: "x",
    Power.ATTACH: "m",
    Power.DECLINE: "d",
    Power.REOPEN: "o",
    Power.RESTORE: "u",
    Power.DETACH: "u",
}
_AT_ONCE = frozenset({Power.ACCEPT, Power.TAKE_UP, Power.RESTORE, Power.DETACH, Power.GO_ON})
_PRIMARY = frozenset({Power.ACCEPT, Power.TAKE_UP, Power.CLOSE, Power.GO_ON})


@dataclass(frozen=True, slots=True)
class Button:
    """One button: what it says, its key, whether it opens a panel or acts at once."""

    code: str
    label: str
    key: str
    primary: bool
    panel: bool
    url: str


def buttons(pk: int, powers: frozenset[str]) -> list[Button]:
    """The buttons above the answer."""
    return [
        Button(
            power,
            str(power.label),
            key,
            primary=power in _PRIMARY,
            panel=power not in _AT_ONCE,
            url=reverse(f"desk:{power}", args=[pk]),
        )
        for power, key in _KEYS.items()
        if power in powers
    ]
