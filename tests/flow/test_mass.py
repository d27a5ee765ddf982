"""One answer to a whole town: the limits are kept, a kill -9 changes nothing, each author reads one own reply."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.database import database_address
from tests.flow.mass_campaign import A_MINUTE, PAGE_A_MINUTE, Counts, MassCampaign
from tests.road.campaign import process_folder

AUTHORS, SEED = 2000, 20261122


def _run(authors: int, folder: Path, settings: Settings) -> Counts:
    campaign = MassCampaign(authors, process_folder(folder), database=database_address(), seed=SEED)
    environment = campaign.env()
    settings.VK_API_URL = settings.VK_SITE_URL = environment["OTKLIK_VK_API_URL"]
    settings.BASE_URL = environment["OTKLIK_BASE_URL"]
    counts = campaign.run()
    print(counts)
    return counts


def _hold(counts: Counts) -> None:
    assert counts.members == counts.authors
    assert counts.told_before_the_kill < counts.authors
    assert counts.ends == {"published": counts.authors}
    assert counts.replies_in_network == counts.authors
    assert (counts.authors_without_reply, counts.authors_with_two) == (0, 0)
    assert (counts.wrong_thread, counts.wrong_address, counts.wrong_name) == (0, 0, 0)
    assert counts.most_in_a_minute <= A_MINUTE
    assert counts.most_of_a_page_in_a_minute <= PAGE_A_MINUTE


@pytest.mark.django_db(transaction=True)
@pytest.mark.enable_socket
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_tenth_of_the_town_is_told_once_each(tmp_path: Path, settings: Settings) -> None:
    _hold(_run(AUTHORS // 10, tmp_path, settings))


@pytest.mark.django_db(transaction=True)
@pytest.mark.enable_socket
@pytest.mark.prove
@pytest.mark.timeout(4000)
def test_the_town_is_told_once_each(tmp_path: Path, settings: Settings) -> None:
    _hold(_run(AUTHORS, tmp_path, settings))
