"""Every row of the real messages is exactly one message and at least one incident; every answer stands once."""

import csv
import random
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.database import database_address
from tests.road.campaign import Campaign, Counts, process_folder

APPEALS = Path(__file__).parents[2].parent / "shared" / "data" / "appeals"
SEED = 20261121


def _texts() -> list[str]:
    if not APPEALS.is_dir():
        pytest.skip("../shared/data/appeals is not here: no real messages to feed")
    texts = []
    for path in sorted(APPEALS.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as rows:
            texts += [row["text"] for row in csv.DictReader(rows)]
    return texts


def _drive(texts: list[str], folder: Path, settings: Settings) -> Counts:
    campaign = Campaign(texts, process_folder(folder), database=database_address(), seed=SEED)
    environment = campaign.env()
    settings.VK_API_URL = settings.VK_SITE_URL = environment["OTKLIK_VK_API_URL"]
    settings.BASE_URL = environment["OTKLIK_BASE_URL"]
    counts = campaign.run()
    print(counts)
    return counts


def _hold(counts: Counts) -> None:
    assert counts.messages == counts.rows
    assert counts.messages_without_incident == 0
    assert counts.incidents >= counts.rows
    assert counts.answers * 5 >= counts.rows
    assert counts.answers_published == counts.answers
    assert counts.replies_in_network == counts.answers
    assert counts.replies_doubled == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.enable_socket
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_seeded_tenth_of_the_road(tmp_path: Path, settings: Settings) -> None:
    texts = _texts()
    _hold(_drive(random.Random(SEED).sample(texts, len(texts) // 10), tmp_path, settings))


@pytest.mark.django_db(transaction=True)
@pytest.mark.enable_socket
@pytest.mark.prove
@pytest.mark.timeout(3000)
def test_the_whole_road(tmp_path: Path, settings: Settings) -> None:
    _hold(_drive(_texts(), tmp_path, settings))
