"""One pass over a message, and a verdict for each question in it."""

from collections.abc import Sequence

from otklik.triage.nlp.judging import Judgement, judge_foreign, judge_words
from otklik.triage.nlp.lexicon import Hit, Lexicon, load_lexicon
from otklik.triage.nlp.messages import ReadMessage, read_message
from otklik.triage.nlp.splitting import Question, split
from otklik.triage.nlp.words import Token


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
        (each, _verdict(text, tokens, hits, each, lexicon=lexicon, page_hint=page_hint)) for each in questions
    )


def _verdict(
    text: str,
    tokens: Sequence[Token],
    hits: Sequence[Hit],
    question: Question,
    *,
    lexicon: Lexicon,
    page_hint: str | None,
) -> Judgement:
    """The verdict by the words of the question alone, and by the phrases that stand wholly inside it."""
    own = [at for at, token in enumerate(tokens) if _is_in(token, question)]
    new = {at: number for number, at in enumerate(own)}
    found = [
        Hit(hit.phrase, tuple(new[at] for at in hit.tokens))
        for hit in hits
        if all(at in new for at in hit.tokens)
    ]
    return judge_words(
        text,
        [tokens[at] for at in own],
        found,
        lexicon=lexicon,
        page_hint=page_hint,
        said=question.text(text),
    )


def _is_in(token: Token, question: Question) -> bool:
    return any(start <= token.start < end for start, end in question.spans)
