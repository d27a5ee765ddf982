"""Words by which a message is laid out: what ties a clause to the one before it, what numbers an item."""

from collections.abc import Sequence

from otklik.triage.nlp.words import Token

# «И ещё», «кроме того»: what follows is another matter, if it is a matter at all.
_SAID_FOR_MORE = (
    ("и", "еще"), ("а", "еще"), ("да", "еще"), ("и", "также"), ("а", "также"), ("и", "заодно"),
    ("а", "заодно"), ("еще",), ("также",), ("заодно",), ("плюс",), ("кроме", "того"), ("помимо", "этого"),
    ("помимо", "того"), ("к", "тому", "же"), ("вдобавок",), ("а", "то", "еще"), ("и", "вопрос"),
    ("второй", "вопрос"), ("другой", "вопрос"), ("следующий", "вопрос"), ("второе",), ("отдельно",),
    ("отдельный", "вопрос"), ("вторая", "проблема"), ("вторая", "беда"), ("другая", "проблема"),
    ("другая", "беда"), ("и", "второе"), ("и", "кстати"), ("кстати",), ("а", "кстати"), ("и", "кроме", "того"),
    ("третий", "вопрос"), ("попутно",), ("параллельно",), ("по", "поводу"), ("насчет",), ("что", "касается"),
)  # fmt: skip
_MORE = frozenset(_SAID_FOR_MORE)
_AND, _A, _BUT = frozenset({"и", "да"}), frozenset({"а"}), frozenset({"но", "только", "однако", "зато"})
LINKS = _AND | _A | _BUT | {"плюс", "также", "еще", "кроме", "заодно", "вдобавок"}
LINKING = _AND | _A | _BUT | {words[0] for words in _MORE}
_LONGEST = max(map(len, _MORE))

LETTERS = "абвгдежзик"
SAID: dict[str, int] = {}
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
    SAID.update(dict.fromkeys(_forms.split(), _number))
COUNTED = frozenset(
    ["вопрос", "вопроса", "проблема", "беда", "просьба", "момент", "претензия", "жалоба", "тема", "пункт"]
)


def link_at(tokens: Sequence[Token], at: int) -> str:
    """How the words that begin at `at` are tied to what was said before."""
    word = tokens[at].text
    if word not in LINKING:
        return ""
    words = tuple([token.text for token in tokens[at : at + _LONGEST]])
    if any(words[:width] in _MORE for width in range(1, len(words) + 1)):
        return "more"
    return "and" if word in _AND else "a" if word in _A else "but" if word in _BUT else ""


def may_number(word: str) -> bool:
    """Whether the word may be the number of an item: «1», «а», «второе», «вопрос»."""
    if len(word) < 3 and word.isascii() and word.isdigit():
        return True
    return word in SAID or word in COUNTED or (len(word) == 1 and word in LETTERS)
