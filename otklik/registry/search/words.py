"""From what is written to words. Pure."""

import re
import unicodedata
from functools import lru_cache

# Written with a slash, meant as one word.
SLASHED = {"д/с": "детсад", "д/сад": "детсад", "ж/к": "жк", "г/о": "го"}
TOKEN = re.compile(r"\d+|[a-z]+|[а-я]+")
ORDINAL = re.compile(r"(\d+)[-‑–]?(?:й|я|е|го|му|м|ю|ая|ый|ой|ое|ая|ую|х)(?![а-я])")
# Words of a query that say nothing about which page is meant.
STOP = frozenset(
    "в во на по и или о об от до из с со у к ко для за при над под не г гор город города городе городу городом "
    "ул улица номер № n no официальная официальный официальное официальной официальные страница страницу страницы "
    "страничка группа группу группы паблик сообщество сайт сайта вк вконтакте ок одноклассники телеграм телеграмм "
    "канал аккаунт где найти как кто что это мой моя наш наша vk ok telegram рф россии".split()
)
# Words of names that every second name has: they are kept, and weigh nothing.
FORMS = frozenset(
    "муниципальный муниципальн бюджетн казенн автономн государствен государственн учрежден общеобразовательн "
    "образовательн предприят унитарн мбоу мкоу маоу моу мбу мку мау мбук мкук маук мук гбуз гбу гку гау гаук гбук "
    "огбуз обуз нко ооо ао пао зао мбудо мбуз муп гуп фгбу имени им вид комбинированн присмотр до населен отдельн "
    "предмет углубленн изучен".split()
)
UNITS = ("нулевой первый второй третий четвертый пятый шестой седьмой восьмой девятый десятый одиннадцатый двенадцатый "
         "тринадцатый четырнадцатый пятнадцатый шестнадцатый семнадцатый восемнадцатый девятнадцатый").split()  # fmt: skip
TENS = {"двадцат": 20, "тридцат": 30, "сороков": 40, "пятидесят": 50, "шестидесят": 60, "семидесят": 70,
        "восьмидесят": 80, "девяност": 90, "сот": 100}  # fmt: skip
COUNTED = {"двадцать": 20, "тридцать": 30, "сорок": 40, "пятьдесят": 50, "шестьдесят": 60, "семьдесят": 70,
           "восемьдесят": 80, "девяносто": 90, "сто": 100}  # fmt: skip
ENDED = re.compile(r"(?:ый|ий|ой|ая|яя|ое|ее|ого|его|ому|ему|ым|им|ом|ем|ую|ью|ья|ье|ьего|ьему|ьей|ей|тья)$")
_NUMERALS = {**{ENDED.sub("", word): number for number, word in enumerate(UNITS)}, **TENS, "трет": 3}


def fold(text: str) -> str:
    """Small letters, ё as е, no accents or look-alike forms; what else there is stays."""
    return unicodedata.normalize("NFKC", text).lower().replace("ё", "е").replace("\u0301", "")


def words(text: str) -> list[str]:
    """The words and numbers of a folded text: «№14-я школа» → 14, школа; «детсад14» → детсад, 14."""
    for slashed, meant in SLASHED.items():
        if slashed in text:
            text = text.replace(slashed, meant)
    return numbered(TOKEN.findall(ORDINAL.sub(r"\1 ", text)))


def numbered(tokens: list[str]) -> list[str]:
    """Numerals in words become numbers: «сорок пятая» → 45. «Пять» and «сто» alone stay: they may be names."""
    told: list[str] = []
    for token in tokens:
        ordinal = _ordinal(token)
        if ordinal is None:
            told.append(token.lstrip("0") or "0" if token.isdigit() else token)
        elif told and told[-1] in COUNTED and ordinal < 20 <= COUNTED[told[-1]]:
            told[-1] = str(COUNTED[told[-1]] + ordinal)
        else:
            told.append(str(ordinal))
    return told


@lru_cache(maxsize=2000)
def _ordinal(token: str) -> int | None:
    if len(token) < 5 or not ENDED.search(token):
        return None
    return _NUMERALS.get(ENDED.sub("", token))
