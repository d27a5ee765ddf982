"""What kind of message it is, and whether it asks for anything."""

from otklik.triage.nlp.signs import Signs

COMPLAINT, QUESTION, PROPOSAL, THANKS, OTHER = "complaint", "question", "proposal", "thanks", "other"

_TRUSTED = 0.5
_SHORT = 12
_SPAM_SIGNS = 2


def kind_of(signs: Signs, topic: str | None) -> str:
    """complaint, question, proposal, thanks or other; `topic` is None when the lexicon found none."""
    if is_thanks(signs):
        return THANKS
    if "proposal" in signs:
        return PROPOSAL
    if signs.asks or _asks_first(signs):
        return QUESTION
    if topic or "problem" in signs:
        return COMPLAINT
    return OTHER


def _asks_first(signs: Signs) -> bool:
    return any(index <= 2 for index in signs.tokens.get("question", ())) and signs.words > 1


def is_thanks(signs: Signs) -> bool:
    """Thanks and nothing else: neither a question, nor a problem, nor a wish, nor «спасибо заранее»."""
    if "thanks" not in signs or signs.asks:
        return False
    return not any(sign in signs for sign in ("ahead", "proposal", "problem", "wish"))


def not_a_request(signs: Signs, kind: str, confident: float) -> str:
    """Why the message asks for nothing: a reason code, empty when it does ask.

    `confident` is the confidence in its topic: who names a trouble is heard, whatever else he writes.
    """
    if not signs.words:
        return "emoji_only" if signs.has_symbols else "empty"
    if signs.count("spam") >= _SPAM_SIGNS and (signs.has_link or signs.count("spam") > 2 * _SPAM_SIGNS):
        return "spam"
    if kind == THANKS:
        return "thanks_only"
    # A question mark or a named trouble makes even a rude or short message a request.
    if signs.asks or confident >= _TRUSTED:
        return ""
    if "abuse" in signs and signs.words <= _SHORT and signs.covers("abuse", "filler"):
        return "abuse_only"
    if signs.words <= _SHORT and signs.covers("chatter"):
        return "chatter"
    return ""
