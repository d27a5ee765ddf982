"""Makes a clean text look typed by a person: openings, lower case, slips of the finger, shouting."""

from random import Random

OPENINGS = (
    "Здравствуйте! ",
    "Добрый день! ",
    "Доброго времени суток. ",
    "Добрый вечер. ",
    "Уважаемые, ",
    "Люди! ",
)
CLOSINGS = (
    " Спасибо.",
    " Жду ответа.",
    " Очень прошу!",
    " Заранее благодарю",
    " 🙏",
    "!!",
    " 😡",
    " Сколько можно?",
    "",
)
GREETED = ("здравствуйте", "добр", "уважаем", "хочу", "срочно", "алло")
SLIPS = {
    "пожалуйста": "пожалуста", "сегодня": "севодня", "вообще": "вобще", "почему": "почиму",
    "когда": "кагда", "нельзя": "незя", "сейчас": "щас", "никто": "некто", "чтобы": "что бы",
    "тоже": "то же", "ребёнок": "ребенок", "спасибо": "спс", "человек": "чел", "ничего": "ничево",
    "жители": "житиле", "остановке": "остоновке",
}  # fmt: skip


def humanise(text: str, random: Random) -> str:
    """The text in a mood: mostly as it was, sometimes polite, careless, misspelt or in capitals."""
    mood = random.random()
    if mood < 0.14 and not text.lower().startswith(GREETED):
        text = random.choice(OPENINGS) + text
    elif mood < 0.24:
        text = text + random.choice(CLOSINGS)
    if random.random() < 0.18:
        text = _careless(text)
    if random.random() < 0.14:
        text = _misspelt(text, random)
    if random.random() < 0.03 and len(text) < 160:
        text = text.upper()
    return text


def _careless(text: str) -> str:
    shouting = text[:2].isupper()
    first = text[0] if shouting else text[0].lower()
    return first + text[1:].rstrip(".").replace("ё", "е").replace("—", "-")


def _misspelt(text: str, random: Random) -> str:
    for right, wrong in SLIPS.items():
        if right in text and random.random() < 0.6:
            text = text.replace(right, wrong, 1)
    words = text.split(" ")
    long = [index for index, word in enumerate(words) if len(word) > 6 and word.isalpha()]
    if long:
        index = random.choice(long)
        at = random.randint(2, len(words[index]) - 3)
        word = words[index]
        # Two neighbouring letters change places: the commonest slip on a phone.
        words[index] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)
