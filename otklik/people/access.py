"""The access rule of every address, stated on the view itself; a test refuses a view without one."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required

View = TypeVar("View", bound=Callable[..., Any])


def public(why: str) -> Callable[[View], View]:
    """Anybody may open it; `why` says what protects it instead of a login."""

    def mark(view: View) -> View:
        view.access = f"public: {why}"  # type: ignore[attr-defined]
        return login_not_required(view)

    return mark


def staff(view: View) -> View:
    """Any account of staff; what it sees is cut to its reach inside the view."""
    view.access = "staff"  # type: ignore[attr-defined]
    return view
