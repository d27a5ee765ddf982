"""How far a misspelt word is from a word of the vocabulary. Pure."""

import re

# What is heard alike: the first becomes the second before words are compared by sound.
HEARD = (("тс", "ц"), ("дс", "ц"), ("сч", "щ"), ("зч", "щ"), ("жч", "щ"), ("стн", "сн"), ("здн", "зн"), ("вств", "ств"),
         ("о", "а"), ("е", "и"), ("э", "и"), ("я", "а"), ("ю", "у"), ("ы", "и"), ("й", ""), ("ь", ""), ("ъ", ""),
         ("д", "т"), ("б", "п"), ("г", "к"), ("з", "с"), ("ж", "ш"), ("в", "ф"))  # fmt: skip
DOUBLE = re.compile(r"(.)\1+")
ALIKE = {
    frozenset(pair)
    for pair in ("оа", "еи", "еэ", "ыи", "яе", "яи", "дт", "бп", "гк", "зс", "жш", "вф", "щш", "йи", "ёе")
}
SHORTEST = 3
LONG = 8


def sound(word: str) -> str:
    """The word as it is heard, roughly: «поликлинника» and «паликлиника» are one."""
    for written, heard in HEARD:
        word = word.replace(written, heard)
    return DOUBLE.sub(r"\1", word)


def near(word: str) -> list[str]:
    """Keys that two words share when they are one slip apart: each without a letter, and the sound after a tilde."""
    if word.isdigit() or not word:
        return []
    shorter = {word[:n] + word[n + 1 :] for n in range(len(word))}
    return [word, *sorted(each for each in shorter if len(each) >= SHORTEST), f"~{sound(word)}"]


def allowed(word: str) -> float:
    """The largest distance at which another word may still be meant."""
    return 1.0 if len(word) < LONG else 2.0


def distance(one: str, other: str) -> float:
    """Letters put in, left out, changed or swapped with a neighbour; letters that sound alike count half."""
    before_last: list[float] = []
    last = [float(n) for n in range(len(other) + 1)]
    for i, letter in enumerate(one, 1):
        row = [float(i)]
        for j, letter_there in enumerate(other, 1):
            change = (
                0.0 if letter == letter_there else 0.5 if frozenset((letter, letter_there)) in ALIKE else 1.0
            )
            put_in = (
                0.5 if (i > 1 and letter == one[i - 2]) or (j > 1 and letter_there == other[j - 2]) else 1.0
            )
            best = min(last[j] + put_in, row[j - 1] + put_in, last[j - 1] + change)
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == letter_there:
                best = min(best, before_last[j - 2] + 0.7)
            row.append(best)
        before_last, last = last, row
    return last[-1]
