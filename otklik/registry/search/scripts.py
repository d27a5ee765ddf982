"""What was meant by keys pressed in another layout and by Russian written in Latin letters. Pure."""

import re
from itertools import product

LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./"
RUSSIAN_KEYS = "ейцукенгшщзхъфывапролджэячсмитьбю."
TO_RUSSIAN = str.maketrans(LATIN_KEYS + '{}:"<>~', RUSSIAN_KEYS + "хъжэбюе")
TO_LATIN = str.maketrans(RUSSIAN_KEYS, LATIN_KEYS)
# Longest first. Several readings where schemes of writing disagree.
SOUNDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("shch", ("щ",)), ("sch", ("щ",)), ("shh", ("щ",)), ("iya", ("ия",)), ("ija", ("ия",)),
    ("aya", ("ая",)), ("aja", ("ая",)),
    ("aj", ("ай",)), ("oj", ("ой",)), ("ej", ("ей",)),
    ("yo", ("е", "йо")), ("jo", ("е",)), ("zh", ("ж",)), ("kh", ("х",)),
    ("ts", ("ц", "тс")), ("tz", ("ц",)), ("ch", ("ч",)), ("sh", ("ш",)), ("yu", ("ю",)), ("ju", ("ю",)),
    ("ya", ("я", "ия")), ("ja", ("я",)), ("ia", ("ия", "я")), ("iy", ("ий",)), ("ij", ("ий",)),
    ("yj", ("ый",)), ("ey", ("ей",)),
    ("oy", ("ой",)), ("ay", ("ай",)), ("ck", ("цк",)), ("ks", ("кс",)), ("'", ("ь",)), ("a", ("а",)), ("b", ("б",)),
    ("c", ("ц", "к")),
    ("d", ("д",)), ("e", ("е", "э")), ("f", ("ф",)), ("g", ("г",)), ("h", ("х",)), ("i", ("и",)), ("j", ("й",)),
    ("k", ("к",)), ("l", ("л",)), ("m", ("м",)), ("n", ("н",)), ("o", ("о",)), ("p", ("п",)), ("q", ("к",)),
    ("r", ("р",)), ("s", ("с",)), ("t", ("т",)), ("u", ("у",)), ("v", ("в",)), ("w", ("в", "ш")), ("x", ("кс", "х")),
    ("y", ("ы", "й", "ий", "и")), ("z", ("з",)),
)  # fmt: skip
SOUND = re.compile("|".join(sound for sound, _ in SOUNDS))
READINGS = dict(SOUNDS)
MOST_READINGS = 8
LETTERS = {"а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
           "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
           "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h",
           "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
           "я": "ya"}  # fmt: skip
LOOKALIKES = str.maketrans("aceopxykmthb", "асеорхукмтнв")


def in_russian_layout(text: str) -> str:
    """«vbyplhfd» → «минздрав»; the text is folded."""
    return text.translate(TO_RUSSIAN)


def in_latin_layout(text: str) -> str:
    """«ьштявкфм» → «minzdrav»; the text is folded."""
    return text.translate(TO_LATIN)


def to_russian(word: str) -> list[str]:
    """Readings of a Latin word in Russian letters, the likeliest first: «shkola» → «школа»."""
    parts = [READINGS[sound] for sound in SOUND.findall(word)]
    choices = 1
    for n, part in enumerate(parts):
        choices *= len(part)
        if choices > MOST_READINGS:
            parts[n:] = [each[:1] for each in parts[n:]]
            break
    return list(dict.fromkeys("".join(letters) for letters in product(*parts)))


def to_latin(word: str) -> str:
    """«бердск» → «berdsk»."""
    return "".join(LETTERS.get(letter, letter) for letter in word)


def undisguised(word: str) -> str:
    """Russian letters in place of the Latin ones of the same look, in a word that has both."""
    mixed = re.search("[a-z]", word) and re.search("[а-я]", word)
    return word.translate(LOOKALIKES) if mixed else word
