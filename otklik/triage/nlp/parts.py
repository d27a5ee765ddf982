"""One pass over a message, and a verdict for each question in it."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from otklik.triage.nlp.judging import Judgement, judge_foreign, judge_words
from otklik.triage.nlp.lexicon import Hit, Lexicon, load_lexicon
from otklik.triage.nlp.messages import ReadMessage, read_message
from otklik.triage.nlp.splitting import Question, split


def judge_parts(
    text: str, *, lexicon: Lexicon | None = None, page_hint: str | None = None
) -> tuple[tuple[Question, Judgement], ...]:
    """The questions of a message, each with its verdict; at least one, also when the message says nothing.

    A message of one question has the verdict that `judge` gives to the whole of it, and is never worse off for
    having been split; a question without spans is a message without words. Never raises, whatever the text is.
    """
    lexicon = lexicon or load_lexicon()
    return judge_read(read_message(text, lexicon=lexicon), lexicon=lexicon, page_hint=page_hint)


def judge_read(
    read: ReadMessage, *, lexicon: Lexicon | None = None, page_hint: str | None = None
) -> tuple[tuple[Question, Judgement], ...]:
    """The same for a message that was read already, with the same lexicon."""
    lexicon = lexicon or load_lexicon()
    text, tokens, hits = read.text, read.tokens, read.hits
    if read.is_foreign:
        return ((Question(()), judge_foreign(text, lexicon=lexicon)),)
    questions = split(text, tokens=tokens, hits=hits)
    if len(questions) < 2:
        whole = judge_words(text, tokens, hits, lexicon=lexicon, page_hint=page_hint)
        return ((questions[0] if questions else Question(()), whole),)
    return tuple(
        (each, _verdict(_part_of(read, each), each, lexicon=lexicon, page_hint=page_hint))
        for each in questions
    )


def parts_of(read: ReadMessage, questions: Sequence[Question]) -> list[ReadMessage]:
    """What was read of each of the questions of a message: all of it when there is one."""
    return [read] if len(questions) == 1 else [_part_of(read, each) for each in questions]


def _part_of(read: ReadMessage, question: Question) -> ReadMessage:
    """What was read of the question alone: its own words, and the phrases that stand wholly inside it."""
    starts = [token.start for token in read.tokens]
    own = [
        at
        for start, end in question.spans
        for at in range(bisect_left(starts, start), bisect_left(starts, end))
    ]
    new = {at: number for number, at in enumerate(own)}
    found = [
        Hit(hit.phrase, tuple([new[at] for at in hit.tokens]))
        for hit in read.hits
        if new.keys() >= set(hit.tokens)
    ]
    return replace(read, tokens=[read.tokens[at] for at in own], hits=found)


def _verdict(part: ReadMessage, question: Question, *, lexicon: Lexicon, page_hint: str | None) -> Judgement:
    text = part.text
    said = question.text(text)
    return judge_words(text, part.tokens, part.hits, lexicon=lexicon, page_hint=page_hint, said=said)
