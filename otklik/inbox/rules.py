"""What later news of a message means for what is known of it. Pure.

Networks promise no order: an edit or a deletion may come before the message itself.
"""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a message so far."""

    text: str = ""
    has_content: bool = False
    edited_at: datetime | None = None
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class News:
    """One more thing the network told: what is new, edited, deleted or restored."""

    what: str
    text: str
    at: datetime


def after(known: Known, news: News) -> Known:
    """What is known once the news came; the same news twice changes nothing.

    A late `new` never overwrites an edit: it is the older text. A deletion keeps the text: staff must see what
    was asked. A restoration also brings the text when it was never seen.
    """
    if news.what == "deleted":
        return known if known.deleted_at else replace(known, deleted_at=news.at)
    if news.what == "new":
        return known if known.has_content else replace(known, text=news.text, has_content=True)
    if news.what == "restored":
        known = replace(known, deleted_at=None)
    if known.has_content and known.text == news.text:
        return known
    edited_at = news.at if known.has_content or news.what == "edited" else known.edited_at
    return replace(known, text=news.text, has_content=True, edited_at=edited_at)
