"""The small catalogue that tests of the portal look at."""

from collections.abc import Iterator

import pytest

from otklik.portal import limits
from tests.portal.world import Catalogue, build


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet() -> Iterator[None]:
    """Counts of callers live in the process; one test must not spend the patience of another."""
    yield
    for each in (limits.SEARCHES, limits.DOWNLOADS, limits.REPORTS):
        each.forget()


@pytest.fixture
def world(db: None) -> Catalogue:
    return build()
