"""How an answer reads in VK, and the numbers by which VK knows a repeat; pure."""

import re

from otklik.channels.base import Letter

# Words that begin a letter, and are no names: after the person's name they go on with the sentence.
_GREETS = re.compile(r"(?:Здравствуй|Добр(?:ый|ое|ого) |Спасибо|Благодар|Извини|Прости)")


def with_mention(letter: Letter) -> str:
    """The text as it stands under a comment: it begins with a mention, so that the person is notified."""
    target = letter.target
    if target.place == "direct" or not target.author_id.lstrip("-").isdigit():
        return letter.text
    number = int(target.author_id)
    name = "".join(each for each in target.author_name.split(" ")[0] if each not in "[]|").strip()
    if not number or not name:
        return letter.text
    mention = f"[{'id' if number > 0 else 'club'}{abs(number)}|{name}]"
    # «Павел, здравствуйте!» becomes the mention itself: nobody is called by name twice.
    begins, rest = letter.text[: len(name)], letter.text[len(name) :]
    if begins.casefold() == name.casefold() and not rest[:1].isalnum():
        return mention + rest
    text = letter.text[:1].lower() + letter.text[1:] if _GREETS.match(letter.text) else letter.text
    return f"{mention}, {text}"


def random_id(letter: Letter) -> int:
    """A positive number of 31 bits, the same for every try of the letter; 0 would switch idempotence off."""
    return int(letter.key[:8], 16) & 0x7FFFFFFF or 1
