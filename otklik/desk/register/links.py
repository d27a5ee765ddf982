"""Addresses that other parts of the register bring: empty until they are there."""

from typing import Any

from django.urls import NoReverseMatch, reverse


def address(name: str, *args: Any) -> str:
    """The address of that name, or nothing."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
