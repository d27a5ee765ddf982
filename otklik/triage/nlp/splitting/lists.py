"""Numbered and bulleted lists, greetings: what a message is laid out by, not what it says."""

from collections.abc import Sequence

from otklik.triage.nlp.splitting.gaps import BULLET, CLOSES, COLON, COMMA, DASH, DOT, HARD, LINE, SEMICOLON
from otklik.triage.nlp.words import Token

_LETTERS = "абвгдежзик"
_MOST_ITEMS = 30
_STOPS = DOT | HARD | LINE | COLON | SEMICOLON | BULLET | CLOSES
_SAID: dict[str, int] = {}
for _number, _forms in enumerate(
    (
        "во-первых первое первый первая раз",
        "во-вторых второе второй вторая два",
        "в-третьих третье третий третья три",
        "в-четвертых четвертое четвертый четвертая четыре",
        "в-пятых пятое пятый пятая пять",
    ),
    1,
):
    _SAID.update(dict.fromkeys(_forms.split(), _number))

_HELLO = frozenset(
    {"здравствуйте", "здравствуй", "здрасте", "здрасьте", "здраствуйте", "привет", "приветствую", "приветик"}
    | {
        "добрый",
        "доброе",
        "доброго",
        "доброй",
        "салют",
        "здарова",
        "хай",
        "уважаемый",
        "уважаемая",
        "уважаемые",
    }
    | {"дорогой", "дорогая", "дорогие"}
)
_HELLO_MORE = frozenset(
    {
        "день",
        "дня",
        "вечер",
        "вечера",
        "утро",
        "утра",
        "ночи",
        "времени",
        "суток",
        "вам",
        "всем",
        "вас",
        "час",
    }
)
_SAYS_HELLO_WITH = {"добрый": {"день", "вечер", "час"}, "доброе": {"утро"}, "доброй": {"ночи"}} | {
    "доброго": {"дня", "времени", "утра", "вечера"}
}
_LONGEST_NAME = 5
_SIGNS = COMMA | _STOPS


def items_of(tokens: Sequence[Token], gaps: Sequence[int]) -> dict[int, int]:
    """Where items of lists begin: index of the first word of an item → how many words its number takes.

    Only numbers that go 1, 2, 3 (а, б, в; первое, второе) make a list, and only two bullets or more.
    """
    found: dict[int, int] = {}
    # One cheap look at every word: the rest is asked of the few that may number anything.
    likely = [at for at, token in enumerate(tokens[:-1]) if len(token.text) < 3 or token.text in _SAID]
    for way in (_digit, _letter, _ordinal):
        numbered = [(at, number) for at in likely if (number := way(tokens, gaps, at))]
        found.update(_in_order(numbered))
    bullets = [at for at in range(len(tokens)) if _is_bullet(gaps[at])]
    if len(bullets) > 1:
        found.update({at: 0 for at in bullets if at not in found})
    if not found:
        found.update(dict.fromkeys(_after_colon(gaps), 0))
    return dict(sorted(found.items())[:_MOST_ITEMS]) if len(found) > 1 else {}


def _in_order(numbered: Sequence[tuple[int, int]]) -> dict[int, int]:
    places: list[int] = []
    for at, number in numbered:
        if number == len(places) + 1:
            places.append(at)
    return dict.fromkeys(places, 1) if len(places) > 1 else {}


def _digit(tokens: Sequence[Token], gaps: Sequence[int], at: int) -> int:
    word = tokens[at].text
    if len(word) > 2 or not (word.isascii() and word.isdigit()):
        return 0
    after = gaps[at + 1]
    if not after & (CLOSES | DOT) or not (at == 0 or after & CLOSES or gaps[at] & _STOPS):
        return 0
    return int(word)


def _letter(tokens: Sequence[Token], gaps: Sequence[int], at: int) -> int:
    word = tokens[at].text
    return _LETTERS.find(word) + 1 if len(word) == 1 and gaps[at + 1] & CLOSES else 0


def _ordinal(tokens: Sequence[Token], gaps: Sequence[int], at: int) -> int:
    number = _SAID.get(tokens[at].text, 0)
    if not number or not (at == 0 or gaps[at] & (_STOPS | COMMA | DASH)):
        return 0
    return number if gaps[at + 1] & (COMMA | DASH | COLON | DOT) else 0


def _after_colon(gaps: Sequence[int]) -> list[int]:
    """«Просьбы: …; …; …»: what stands after a colon, when semicolons divide it."""
    colon = next((at for at in range(1, len(gaps) - 1) if gaps[at] & COLON), 0)
    if not colon:
        return []
    parts = []
    for at in range(colon + 1, len(gaps) - 1):
        if gaps[at] & SEMICOLON:
            parts.append(at)
        elif gaps[at] & (DOT | HARD | LINE):
            break
    return [colon, *parts] if parts else []


def _is_bullet(gap: int) -> bool:
    return bool(gap & BULLET or (gap & LINE and gap & DASH))


def hello_ends(tokens: Sequence[Token], gaps: Sequence[int], at: int, last: int) -> int:
    """The word after a greeting that begins at `at`; `at` when there is none."""
    start = at
    if tokens[at].text == "всем" and at + 1 < last and tokens[at + 1].text in _HELLO:
        at += 1
    word = tokens[at].text
    if word not in _HELLO:
        return start
    said = _SAYS_HELLO_WITH.get(word)
    if said and not gaps[at + 1] & _SIGNS and not (at + 1 < last and tokens[at + 1].text in said):
        return start
    at += 1
    while at < last and tokens[at].text in _HELLO_MORE and not gaps[at] & _STOPS:
        at += 1
    return at


def name_ends(gaps: Sequence[int], at: int, last: int) -> int:
    """Where the name called after a greeting would end: at the next sign, when it is near; otherwise `at`."""
    if at < last and not gaps[at] & _STOPS:
        for end in range(at + 1, min(last, at + _LONGEST_NAME) + 1):
            if end == last or gaps[end] & _SIGNS:
                return end
    return at
