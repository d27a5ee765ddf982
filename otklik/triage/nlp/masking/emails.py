"""Addresses of electronic mail."""

import re
from collections.abc import Iterator

from otklik.triage.nlp.masking.found import Personal

# Bounded, and each part ends where the next begins: no text can be read in many ways.
_DOMAIN = re.compile(r"@([^\W_](?:[\w-]{0,62})(?:\.[^\W_][\w-]{0,62}){1,5})")
_LONGEST_NAME = 64
_INSIDE = frozenset("._+-")


def find_emails(text: str) -> Iterator[Personal]:
    """Addresses, in their order; the part before «@» is read backwards from it."""
    at, free_from = text.find("@"), 0
    while at >= 0:
        start = at
        least = max(free_from, at - _LONGEST_NAME)
        while start > least and (text[start - 1].isalnum() or text[start - 1] in _INSIDE):
            start -= 1
        while start < at and text[start] in ".-":
            start += 1
        domain = _DOMAIN.match(text, at) if start < at else None
        if domain:
            yield Personal("email", start, domain.end())
            free_from = domain.end()
        at = text.find("@", max(at + 1, free_from))
