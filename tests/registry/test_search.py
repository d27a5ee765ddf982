"""Searching a small region, and what the search looks into."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from otklik.common.actor import SYSTEM
from otklik.common.jobs import SEARCH_INDEX
from otklik.flow import clock
from otklik.registry import operations as registry
from otklik.registry.models import Municipality, OfficialPage, Organization, SearchEntry, SearchWord
from otklik.registry.operations import search_index, searching
from otklik.registry.operations.reference import load_reference
from tests import cast

pytestmark = pytest.mark.django_db

BERDSK, TOGUCHIN = "город Бердск", "Тогучинский район"


class Region:
    """A government, a ministry, two municipalities with a few institutions each, and a head with a page."""

    def __init__(self) -> None:
        load_reference()
        self.berdsk = cast.municipality(name=BERDSK, short_name="Бердск", kind="city")
        self.toguchin = cast.municipality(name=TOGUCHIN, short_name="Тогучинский район")
        self.government = cast.body("Правительство Новосибирской области", type="government")
        self.health = self._body("Министерство здравоохранения Новосибирской области", level="regional")
        self.of_berdsk = self._municipal("Администрация города Бердска Новосибирской области", self.berdsk)
        self.of_toguchin = self._municipal(
            "Администрация Тогучинского района Новосибирской области", self.toguchin
        )
        self.board = self._body(
            "Управление образования администрации города Бердска", type="department", municipality=self.berdsk
        )
        self.school = self._school(
            "МБОУ «Средняя общеобразовательная школа № 12» города Бердска", self.berdsk
        )
        self.other_school = self._school("МБОУ «СОШ № 2» города Бердска", self.berdsk)
        self.village_school = self._school("МКОУ «Буготакская средняя школа»", self.toguchin)
        self.kindergarten = self._body(
            "МБДОУ «Детский сад № 14 «Солнышко» города Бердска", type="kindergarten",
            municipality=self.berdsk, settlement="Бердск", spheres=["education"],
        )  # fmt: skip
        self.hospital = self._body(
            "ГБУЗ «Тогучинская центральная районная больница»", type="clinic", municipality=self.toguchin,
            spheres=["health"],
        )  # fmt: skip
        self.page = cast.page(self.school, title="Школа 12 | Бердск", screen_name="school12_berdsk")
        self.head = cast.page(
            self.of_berdsk, kind="personal", person_name="Агапов Виктор Сергеевич",
            person_position="Глава города Бердска", title="Виктор Агапов",
        )  # fmt: skip
        searching.recount()

    def _body(self, name: str, **fields: Any) -> Organization:
        return cast.body(name, parent=self.government, **{"level": "institution"} | fields)

    def _municipal(self, name: str, of: Municipality) -> Organization:
        return self._body(name, level="municipal", type="administration", municipality=of)

    def _school(self, name: str, of: Municipality) -> Organization:
        return self._body(name, type="school", municipality=of, spheres=["education"])


@pytest.fixture
def here() -> Region:
    return Region()


def _first(query: str, **filters: Any) -> tuple[int, int | None] | None:
    hits = searching.search(query=query, **filters).hits
    return (hits[0].organization_id, hits[0].page_id) if hits else None


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Минздрав НСО", "health"),
        ("министерство здравоохранения", "health"),
        ("минестерство здравохранения", "health"),
        ("vbyplhfd", "health"),
        ("minzdrav", "health"),
        ("ьштявкфм", "health"),
        ("администрация Тогучинского района", "of_toguchin"),
        ("в администрации бердска", "of_berdsk"),
        ("мэрия бердск", "of_berdsk"),
        ("школа 12 бердск", "school"),
        ("школу №2 в Бердске", "other_school"),
        ("двенадцатая школа", "school"),
        ("shkola 12 berdsk", "school"),
        ("irjkf 12 ,thlcr", "school"),
        ("шкала 12 берск", "school"),
        ("детсад 14 бердск", "kindergarten"),
        ("садик солнышко", "kindergarten"),
        ("д/с 14", "kindergarten"),
        ("ЦРБ Тогучин", "hospital"),
        ("больница тогучинский район", "hospital"),
        ("школа буготак", "village_school"),
        ("роно бердск", "board"),
        ("school12_berdsk", "school"),
    ],
)
def test_a_query_finds_the_body(here: Region, query: str, name: str) -> None:
    assert _first(query) == (getattr(here, name).pk, None)


@pytest.mark.parametrize("query", ["глава Бердска", "мэр бердска", "агапов виктор", "ukfdf ,thlcrf"])
def test_a_head_is_found_by_post_and_by_name(here: Region, query: str) -> None:
    assert _first(query) == (here.of_berdsk.pk, here.head.pk)


@pytest.mark.parametrize("typed", ["тогуч", "админ", "админист", "детс"])
def test_results_come_while_one_types(here: Region, typed: str) -> None:
    assert searching.search(query=typed).hits


def test_numbers_are_exact(here: Region) -> None:
    found = searching.search(query="школа 12 бердск").hits
    assert [hit.organization_id for hit in found] == [here.school.pk]


def test_digits_of_an_address_are_no_number_of_the_institution(here: Region) -> None:
    of_another = here._body("МКДОУ «Детский сад № 614 (Верхино)»", type="kindergarten", settlement="Верхино")
    cast.page(of_another, title="Детский сад Верхино", screen_name="kindergarten14_verhino")
    searching.recount()
    assert of_another.pk not in {hit.organization_id for hit in searching.search(query="детсад 14").hits}
    assert of_another.pk in {
        hit.organization_id for hit in searching.search(query="kindergarten verhino").hits
    }


def test_a_mended_query_says_what_it_was_taken_for(here: Region) -> None:
    mended = searching.search(query="irjkf 12 ,thlcr")
    assert mended.corrected == "школа 12 бердск"
    assert mended.hits[0].corrected
    plain = searching.search(query="школа 12 бердск")
    assert (plain.corrected, plain.hits[0].corrected) == ("", False)
    assert set(plain.hits[0].why) >= {"12", "бердск"}


def test_what_is_not_there_gives_what_is_nearest_or_nothing(here: Region) -> None:
    assert _first("школа 12 бердск космодром") == (here.school.pk, None)
    assert searching.search(query="космодром").hits == []
    assert searching.search(query="в на и").hits == []
    assert searching.search(query="'; drop table |&!:*()<->").hits == []
    assert searching.search(query="\\' or 1=1" * 40).total >= 0


def test_an_empty_query_gives_everything_the_largest_first(here: Region) -> None:
    found = searching.search(query="  ", limit=3)
    assert found.total == SearchEntry.objects.count()
    assert found.hits[0].organization_id in {here.government.pk, here.health.pk}
    after = searching.search(query="", limit=3, offset=3)
    assert not {hit.organization_id for hit in found.hits} & {hit.organization_id for hit in after.hits}


def test_filters(here: Region) -> None:
    assert _first("школа", municipality=here.toguchin.pk) == (here.village_school.pk, None)
    assert _first("бердск", sphere="education", type="kindergarten") == (here.kindergarten.pk, None)
    assert _first("бердск", network="vk", type="school") == (here.school.pk, None)
    assert _first("бердск", network="ok") is None
    assert _first("тогучинский район", level="municipal") == (here.of_toguchin.pk, None)
    only = [here.other_school.pk]
    assert [hit.organization_id for hit in searching.search(query="школа", within=only).hits] == only
    query = Organization.objects.filter(type="school").values("pk")
    assert searching.search(query="бердск", within=query).total == 2


def test_pages_of_results(here: Region) -> None:
    whole = [hit.organization_id for hit in searching.search(query="бердск").hits]
    parts = [
        searching.search(query="бердск", limit=2, offset=start).hits for start in range(0, len(whole), 2)
    ]
    assert [hit.organization_id for part in parts for hit in part] == whole


def test_a_change_is_found_at_once(here: Region) -> None:
    assert _first("гимназия сигма") != (here.other_school.pk, None)
    changes = {"name": "Гимназия «Сигма»", "short_name": "Гимназия «Сигма»"}
    registry.change_organization(
        organization=here.other_school, changes=changes, by=SYSTEM, now=cast.NOW, reason="устав"
    )
    assert _first("гимназия сигма") == (here.other_school.pk, None)
    assert here.other_school.pk not in {
        hit.organization_id for hit in searching.search(query="сош 2").hits[:1]
    }


def test_what_is_closed_is_not_found_and_its_words_go(here: Region) -> None:
    Organization.objects.filter(pk=here.village_school.pk).update(is_active=False)
    searching.refresh(organization_ids=[here.village_school.pk], now=cast.NOW)
    searching.recount()
    assert not SearchWord.objects.filter(word="буготакский").exists()
    assert SearchWord.objects.get(word="").entries == SearchEntry.objects.count()
    assert SearchWord.objects.get(word="бердск").entries == 6


def test_many_at_once_are_left_to_the_timetable(here: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[str] = []
    monkeypatch.setattr(search_index, "wake_up", rung.append)
    monkeypatch.setattr(search_index, "SLICE", 7)
    fields = {"level": "institution", "type": "library"}
    rows = [
        ("", {"code": f"lib-{n}", "name": f"Библиотека № {n}", "short_name": f"Библиотека {n}", **fields})
        for n in range(search_index.FEW + 1)
    ]
    registry.add_organizations(rows=rows, by=SYSTEM, now=cast.NOW)
    assert rung == [SEARCH_INDEX]
    assert _first("библиотека 5") is None
    clock.search_index(timestamp=0)
    assert _first("библиотека 5") == (Organization.objects.get(code="lib-5").pk, None)
    assert searching.keep_fresh(now=cast.NOW) == 0


def test_marked_entries_stay_until_they_are_made_anew(here: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "FEW", 0)
    monkeypatch.setattr(search_index, "wake_up", lambda _job: None)
    OfficialPage.objects.filter(pk=here.page.pk).update(title="Космическая школа")
    search_index.touch([OfficialPage.objects.get(pk=here.page.pk)], now=cast.NOW)
    assert _first("школа 12") == (here.school.pk, None)
    assert searching.keep_fresh(now=cast.NOW) == 1
    assert _first("космическая") == (here.school.pk, None)


def test_the_whole_search_is_made_anew(here: Region, capsys: pytest.CaptureFixture[str]) -> None:
    before = set(SearchEntry.objects.values_list("organization_id", "page_id", "words"))
    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()
    assert searching.search(query="школа").total == 0
    call_command("reindex")
    assert str(len(before)) in capsys.readouterr().out
    assert set(SearchEntry.objects.values_list("organization_id", "page_id", "words")) == before
    clock.rebuild_search(timestamp=0)
    assert _first("школа 12") == (here.school.pk, None)


def test_an_entry_is_there_once(here: Region) -> None:
    entry = SearchEntry.objects.get(organization=here.school)
    twin = {"organization": here.school, "page": None, "words": "", "built_at": entry.built_at}
    with pytest.raises(IntegrityError, match="search_entry_unique"), transaction.atomic():
        SearchEntry.objects.create(**twin)


def test_the_number_of_queries_does_not_grow(here: Region, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(2):
        searching.search(query="школа 12 бердск")
    with django_assert_max_num_queries(8):
        searching.search(query="шкала 17 берск космодром")


def test_the_audience_waits_for_the_night(here: Region) -> None:
    built = SearchEntry.objects.get(organization=here.school).pk
    registry.change_page(page=here.page, changes={"followers": 5000}, by=SYSTEM, now=cast.NOW)
    assert SearchEntry.objects.get(organization=here.school).pk == built
    registry.change_page(page=here.page, changes={"title": "Двенадцатая"}, by=SYSTEM, now=cast.NOW)
    assert SearchEntry.objects.get(organization=here.school).pk != built
