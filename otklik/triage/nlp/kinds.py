"""What kind of message it is, and whether it asks for anything."""

from otklik.triage.nlp.signs import Sentence, Signs

COMPLAINT, QUESTION, PROPOSAL, THANKS, OTHER = "complaint", "question", "proposal", "thanks", "other"

_TRUSTED, _LIKELY = 0.5, 0.3
_SHORT = 12
_STRONG_SPAM = 2
_ADVERTISED = 3
_A_REMARK = 6
_LONGEST_OFFER = 40
_LITTLE = 4


def kind_of(signs: Signs, topic: str | None, confident: float = 1.0) -> str:
    """complaint, question, proposal, thanks or other; `topic` is None when the lexicon found none.

    `confident` is the confidence in the topic: without a named trouble only a clear one makes a complaint.
    """
    if is_thanks(signs):
        return THANKS
    if _proposes(signs):
        return PROPOSAL
    if really_asks(signs):
        return QUESTION
    if names_a_trouble(signs):
        return COMPLAINT
    # «Гордимся нашими спортсменами!»: a subject and joy, and nothing is wanted.
    return COMPLAINT if topic and confident >= _LIKELY and "cheer" not in signs else OTHER


def _proposes(signs: Signs) -> bool:
    """Whether a proposal is what the message is for, and not a sigh in a long complaint."""
    if "proposal" not in signs or "asking" in signs or "rhetoric" in signs:
        return False
    proposing = [each for each in signs.sentences if signs.within("proposal", each)]
    troubled = [each for each in signs.sentences if each not in proposing and _is_trouble(signs, each)]
    return len(proposing) >= len(troubled)


def really_asks(signs: Signs) -> bool:
    """Whether the author wants to be told something: «сколько можно?» beside a trouble only cries out."""
    if "asking" in signs:
        return True
    return any(
        not _is_rhetorical(signs, each) if each.mark == "?" else _opens_a_question(signs, each)
        for each in signs.sentences
    )


def _is_rhetorical(signs: Signs, asked: Sentence) -> bool:
    if signs.within("rhetoric", asked):
        return True
    # «Вы издеваетесь?», «Это нормально?»: a few words about nothing, and the trouble stands beside.
    is_empty = (
        asked.words <= _A_REMARK and not signs.within("about", asked) and not signs.within("opens", asked)
    )
    return is_empty and any(each.mark != "?" and _is_trouble(signs, each) for each in signs.sentences)


def _opens_a_question(signs: Signs, said: Sentence) -> bool:
    """«подскажите когда», «а сколько стоит»: a question without its mark begins with its word."""
    if signs.within("rhetoric", said) or said.mark == "!" or signs.within("whether", said):
        return said.mark != "!" and signs.within("whether", said)
    for index in range(said.first, min(said.last, said.first + _LITTLE) + 1):
        if index in signs.tokens.get("opens", ()):
            return said.words > 1 and not (signs.within("abuse", said) or said.has_colon)
        if index not in signs.tokens.get("lead", ()) and index not in signs.tokens.get("abuse", ()):
            return False
    return False


def is_doubtful(signs: Signs, reason: str) -> bool:
    """Whether a person should look at what is no request: thanks beside a trouble, an offer beside a question."""
    if reason == "thanks_only":
        return names_a_trouble(signs)
    return reason == "spam" and (signs.asks or "about" in signs)


def names_a_trouble(signs: Signs) -> bool:
    """Whether something is wrong or wanted, by words of trouble, of danger, by an order or a denial."""
    return any(sign in signs for sign in ("trouble", "request", "critical", "high", "rhetoric")) or any(
        _is_trouble(signs, each) for each in signs.sentences
    )


def _is_trouble(signs: Signs, said: Sentence) -> bool:
    """A named trouble, or a denial about something the city does: «батареи не греют»."""
    if signs.within("trouble", said) or signs.within("request", said):
        return True
    return signs.within("about", said) and (signs.within("denial", said) or signs.within("abuse", said))


def is_thanks(signs: Signs) -> bool:
    """Thanks and nothing else: neither a question, nor a trouble that is still there, nor a wish."""
    if "thanks" not in signs or signs.asks or "asking" in signs:
        return False
    if any(sign in signs for sign in ("proposal", "contrast", "sarcasm", "request", "rhetoric")):
        return False
    if "ahead" in signs and len(signs.sentences) > 1:
        return False
    return "solved" in signs or not names_a_trouble(signs)


def not_a_request(signs: Signs, kind: str, confident: float) -> str:
    """Why the message asks for nothing: a reason code, empty when it does ask.

    `confident` is the confidence in its topic: who names a trouble is heard, whatever else he writes.
    """
    if not signs.words:
        return "emoji_only" if signs.has_symbols else "empty"
    if is_spam(signs):
        return "spam"
    if kind == THANKS:
        return "thanks_only"
    if signs.asks:
        return ""
    short = signs.words <= _SHORT
    # A topic told by the rude words themselves («тупое стадо») is none.
    if "abuse" in signs and short and signs.covers("abuse", "filler"):
        return "abuse_only"
    if confident < _TRUSTED and short and signs.covers("chatter"):
        return "chatter"
    return ""


def is_spam(signs: Signs) -> bool:
    """An advertisement: words of one, and nothing of somebody who asks or complains of one."""
    if "asking" in signs or "request" in signs or signs.words > _LONGEST_OFFER:
        return False
    strong, offers = signs.kinds("spam"), signs.kinds("ad")
    if strong >= _STRONG_SPAM and (signs.has_link or strong > 2 * _STRONG_SPAM):
        return True
    return (
        offers >= _ADVERTISED
        or (offers >= 2 and (signs.has_link or strong >= 1))
        or (strong >= 1 and signs.has_link)
    )
