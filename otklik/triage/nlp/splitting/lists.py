"""Numbered and bulleted lists, greetings: what a message is laid out by, not what it says."""

from collections.abc import Sequence

from otklik.triage.nlp.splitting.gaps import BULLET, CLOSES, COLON, COMMA, DASH, DOT, HARD, LINE, SEMICOLON
from otklik.triage.nlp.splitting.markers import COUNTED, LETTERS, SAID
from otklik.triage.nlp.splitting.shapes import IS_NUMBERING
from otklik.triage.nlp.words import Token

_MOST_ITEMS = 30
_STOPS = DOT | HARD | LINE | COLON | SEMICOLON | BULLET | CLOSES
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
_SIGNS = COMMA | DASH | _STOPS
_BULLETS = BULLET | DASH


def items_of(tokens: Sequence[Token], gaps: Sequence[int], shapes: Sequence[int]) -> dict[int, int]:
    """Where items of lists begin: index of the first word of an item → how many words its number takes.

    Only numbers that go 1, 2, 3 (а, б, в; первое, второе) make a list, and only two bullets or more.
    """
    found: dict[int, int] = {}
    # One cheap look at every word: the rest is asked of the few that may number anything.
    likely = [at for at, shape in enumerate(shapes[:-1]) if shape & IS_NUMBERING]
    if likely:
        for way in (_digit, _letter, _ordinal, _named):
            found.update(_in_order([(at, *told) for at in likely if (told := way(tokens, gaps, at))[0]]))
    bullets = [at for at, gap in enumerate(gaps[:-1]) if gap & _BULLETS and _is_bullet(gap)]
    if len(bullets) > 1:
        found.update({at: 0 for at in bullets if at not in found})
    if not found and tokens[0].text == "1":
        found.update(_bare(tokens))
    if not found:
        found.update(dict.fromkeys(_after_colon(gaps), 0))
    return dict(sorted(found.items())[:_MOST_ITEMS]) if len(found) > 1 else {}


def _in_order(numbered: Sequence[tuple[int, int, int]]) -> dict[int, int]:
    places: dict[int, int] = {}
    for at, number, width in numbered:
        if number == len(places) + 1:
            places[at] = width
    return places if len(places) > 1 else {}


def _digit(tokens: Sequence[Token], gaps: Sequence[int], at: int) -> tuple[int, int]:
    """A number and how many words it takes, 0 when it is none: «1)», «1.», «1 -» and a number that begins a line."""
    word = tokens[at].text
    if len(word) > 2 or not (word.isascii() and word.isdigit()):
        return 0, 0
    before, after = at == 0 or gaps[at] & _STOPS, gaps[at + 1]
    starts_line = (at == 0 or gaps[at] & LINE) and not after & COMMA
    if after & CLOSES or (before and after & DOT) or starts_line:
        return int(word), 1
    return 0, 0


def _letter(tokens: Sequence[Token], gaps: Sequence[int], at: int) -> tuple[int, int]:
    word = tokens[at].text
    return (LETTERS.find(word) + 1, 1) if len(word) == 1 and gaps[at + 1] & CLOSES else (0, 0)


def _ordinal(tokens: Sequence[Token], gaps: Sequence[int], at: int) -> tuple[int, int]:
    """«Во-первых, …», «первое: …», «первый вопрос — …»."""
    number = SAID.get(tokens[at].text, 0)
    if not number or not (at == 0 or gaps[at] & _SIGNS):
        return 0, 0
    if gaps[at + 1] & (COMMA | DASH | COLON | DOT):
        return number, 1
    named = at + 2 < len(tokens) and tokens[at + 1].text in COUNTED
    return (number, 2) if named and gaps[at + 2] & (COMMA | DASH | COLON | DOT) else (0, 0)


def _named(tokens: Sequence[Token], gaps: Sequence[int], at: int) -> tuple[int, int]:
    """«Вопрос 1.», «пункт второй:»."""
    if tokens[at].text not in COUNTED or at + 2 >= len(tokens) or gaps[at + 1] & _SIGNS:
        return 0, 0
    word = tokens[at + 1].text
    number = int(word) if len(word) < 3 and word.isascii() and word.isdigit() else SAID.get(word, 0)
    return (number, 2) if gaps[at + 2] & _SIGNS else (0, 0)


def _bare(tokens: Sequence[Token]) -> dict[int, int]:
    """«1 яма 2 свалка 3 собаки»: numbers with no sign at all, three or more, the first of them first."""
    wanted, places = 1, {}
    for at, token in enumerate(tokens[:-1]):
        if token.text == str(wanted):
            places[at] = 1
            wanted += 1
    return places if 0 in places and len(places) > 2 else {}


def _is_bullet(gap: int) -> bool:
    return bool(gap & BULLET or (gap & LINE and gap & DASH))


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


def hello_ends(tokens: Sequence[Token], gaps: Sequence[int], at: int, last: int) -> int:
    """The word after a greeting that begins at `at`; `at` when there is none."""
    start = at
    if tokens[at].text == "всем" and at + 1 < last and tokens[at + 1].text in _HELLO:
        at += 1
    word = tokens[at].text
    if at + 1 < last and tokens[at + 1].text in _SAYS_HELLO_WITH and word in _HELLO_MORE:
        return at + 2  # «вечер добрый»
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
