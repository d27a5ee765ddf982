"""Pages that look official: found once, told of by residents, decided by people with grounds, taken back."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from otklik.audit.models import AuditLine
from otklik.common.actor import SYSTEM
from otklik.registry.enums import LookalikeState
from otklik.registry.models import LookalikePage, LookalikeSearch, OfficialPage, Organization, Passport
from otklik.registry.operations import lookalikes
from otklik.registry.operations.lookalike_words import official_page_of, report_text, sign_words
from otklik.registry.operations.lookalikes import FoundPage
from otklik.registry.rules.lookalikes import MOVES, decisions
from tests import cast

pytestmark = pytest.mark.django_db
BY = SYSTEM


@pytest.fixture
def ministry() -> Organization:
    cast.region()
    made = cast.body("Министерство здравоохранения Новосибирской области", aliases="Минздрав НСО, облздрав")
    page = cast.page(made, title="Минздрав НСО", screen_name="minzdrav_nso", external_id="100")
    Passport.objects.create(
        page=page, facts={"avatar_hash": "ffff0000ffff0000", "description": "Приём " * 20}
    )
    return made


def seen(title: str = "Mинздрaв HCO", number: str = "777", **more: Any) -> FoundPage:
    fields: dict[str, Any] = {"network": "vk", "external_id": number, "url": f"https://vk.com/club{number}"}
    return FoundPage(title=title, **fields | {"has_badge": False, "followers": 12} | more)


def found(ministry: Organization, *pages: FoundPage) -> list[LookalikePage]:
    return lookalikes.record_found(organization=ministry, pages=pages, by=BY, now=cast.NOW)


def decide(row: LookalikePage, state: str, **more: Any) -> LookalikePage:
    return lookalikes.decide(lookalike=row, state=state, by=BY, now=cast.after(minutes=1), **more)


def test_what_is_known_of_an_organisation(ministry: Organization) -> None:
    official = lookalikes.official_of(ministry)
    assert {"Минздрав НСО", "облздрав", ministry.name} <= set(official.names)
    assert official.screen_names == ("minzdrav_nso",)
    assert official.avatar_hashes == ("ffff0000ffff0000",)
    assert "Сибирская область" in official.places


def test_a_page_that_looks_official_is_kept_with_its_signs(ministry: Organization) -> None:
    (row,) = found(ministry, seen(), seen("Рецепты", "778"), seen("Подслушано Минздрав НСО", "779"))
    assert row.resembles == ministry
    assert row.score >= 75
    assert {sign["code"] for sign in row.signs} == {"name_same", "letters", "no_badge"}
    assert row.state == "new"
    assert AuditLine.objects.get(verb="find_lookalike").details["score"] == row.score


def test_an_official_page_is_never_a_look_alike(ministry: Organization) -> None:
    assert found(ministry, seen("Минздрав НСО", "100")) == []


def test_a_page_found_again_is_the_same_row_and_its_decision_stands(ministry: Organization) -> None:
    (row,) = found(ministry, seen())
    decide(row, "fake", note="скопировано название")
    again = lookalikes.record_found(
        organization=ministry, pages=[seen(followers=500)], by=BY, now=cast.after(hours=1)
    )
    row.refresh_from_db()
    assert again == []
    assert (row.state, row.followers, row.seen_at) == ("fake", 500, cast.after(hours=1))


def test_a_harmless_page_that_takes_another_name_comes_back(ministry: Organization) -> None:
    (row,) = found(ministry, seen("Минздрав НСО, новости и отзывы, официальная", "801"))
    decide(row, "harmless", note="дневник врача")
    found(ministry, seen("Минздрав НСО", "801"))
    row.refresh_from_db()
    assert (row.state, row.title) == ("new", "Минздрав НСО")
    assert AuditLine.objects.get(verb="reopen_lookalike").details["was"] == "harmless"


def test_a_page_stands_beside_the_body_it_looks_like_most(ministry: Organization) -> None:
    (row,) = found(ministry, seen())
    other = cast.body("Департамент здравоохранения НСО")
    assert found(other, seen()) == []
    row.refresh_from_db()
    assert row.resembles == ministry


def test_one_row_a_page(ministry: Organization) -> None:
    (row,) = found(ministry, seen())
    with pytest.raises(IntegrityError, match="lookalike_unique"), transaction.atomic():
        LookalikePage.objects.create(
            network="vk",
            external_id=row.external_id,
            title="x",
            url="https://x",
            found_at=cast.NOW,
            seen_at=cast.NOW,
        )


def test_a_resident_tells_of_a_page(ministry: Organization) -> None:
    row = lookalikes.report_lookalike(
        url="vk.com/minzdrav_nso_help", note=" Просят код из СМС ", now=cast.NOW
    )
    assert (row.network, row.external_id, row.state) == ("vk", "minzdrav_nso_help", "new")
    assert row.evidence == ["Просят код из СМС"]
    again = lookalikes.report_lookalike(
        url="https://m.vk.com/minzdrav_nso_help?w=1", note="И деньги", now=cast.after(minutes=1)
    )
    assert again.pk == row.pk
    assert again.evidence == ["Просят код из СМС", "И деньги"]
    # The search finds the same page with its number.
    assert found(ministry, seen(screen_name="minzdrav_nso_help")) == []
    row.refresh_from_db()
    assert (row.external_id, row.title, row.evidence) == ("777", "Mинздрaв HCO", again.evidence)
    assert lookalikes.report_lookalike(url="vk.com/club777", note="", now=cast.NOW).pk == row.pk


def test_a_resident_is_told_what_is_no_page_and_what_is_official(ministry: Organization) -> None:
    with pytest.raises(lookalikes.NotAPage):
        lookalikes.report_lookalike(url="https://example.org/x", note="", now=cast.NOW)
    with pytest.raises(lookalikes.AlreadyOfficial) as fact:
        lookalikes.report_lookalike(url="https://vk.com/MinZdrav_NSO", note="", now=cast.NOW)
    assert fact.value.page.organization == ministry


@pytest.mark.parametrize(
    ("url", "kept"),
    [("ok.ru/group/5512345", "https://ok.ru/group/5512345"), ("t.me/minzdrav_help", "https://t.me/minzdrav_help"),
     ("vk.com/club778", "https://vk.com/club778"), ("max.ru/minzdrav", "https://max.ru/minzdrav")],
)  # fmt: skip
def test_pages_of_every_network_can_be_told_of(url: str, kept: str) -> None:
    assert lookalikes.report_lookalike(url=url, note="", now=cast.NOW).url == kept


def test_a_page_is_called_a_fake_only_with_grounds(ministry: Organization) -> None:
    row = lookalikes.report_lookalike(url="t.me/minzdrav_help", note="", now=cast.NOW)
    with pytest.raises(lookalikes.GroundsNeeded):
        decide(row, "fake")
    row = decide(row, "fake", evidence=["https://example.org/1.png", " "], note="просит деньги")
    assert row.evidence == ["https://example.org/1.png"]
    assert (row.decided_by, row.decided_at, row.note) == (BY.name, cast.after(minutes=1), "просит деньги")
    line = AuditLine.objects.get(verb="decide_lookalike")
    assert (line.reason, line.details) == ("просит деньги", {"was": "new", "state": "fake"})


def test_the_whole_way_of_a_fake_and_back(ministry: Organization) -> None:
    (row,) = found(ministry, seen())
    for state in ("fake", "reported", "gone"):
        row = decide(row, state)
    row = lookalikes.reopen(lookalike=row, by=BY, now=cast.NOW, note="снова открыта")
    assert (row.state, row.decided_at, row.decided_by) == ("new", None, "")


def test_an_impossible_decision_and_one_made_meanwhile_are_facts(ministry: Organization) -> None:
    (row,) = found(ministry, seen())
    with pytest.raises(lookalikes.IllegalDecision):
        decide(row, "reported")
    decide(row, "harmless", note="дневник врача")
    with pytest.raises(lookalikes.DecidedMeanwhile):
        decide(row, "gone", seen="new")


def test_a_page_of_the_organisation_itself_comes_into_the_register(ministry: Organization) -> None:
    (row,) = found(ministry, seen("Минздрав НСО", "779", screen_name="mz_nso"))
    with pytest.raises(lookalikes.OwnerNeeded):
        lookalikes.take_in(lookalike=row, organization=None, by=BY, now=cast.NOW)
    page = lookalikes.take_in(lookalike=row, organization=ministry, by=BY, now=cast.NOW)
    row.refresh_from_db()
    assert (row.state, page.organization, page.external_id, page.followers) == (
        "official",
        ministry,
        "779",
        12,
    )
    assert decisions(row.state) == frozenset()
    again = LookalikePage.objects.create(
        network="vk", external_id="x", title="x", url="https://x", found_at=cast.NOW, seen_at=cast.NOW
    )
    LookalikePage.objects.filter(pk=again.pk).update(external_id="mz_nso")
    with pytest.raises(lookalikes.AlreadyOfficial):
        lookalikes.take_in(lookalike=again, organization=ministry, by=BY, now=cast.NOW)
    assert OfficialPage.objects.filter(external_id="779").count() == 1


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(LookalikeState.values)
    assert {after for moves in MOVES.values() for after in moves} == set(MOVES)


def test_a_complaint_says_who_is_copied_and_how_one_sees_it(ministry: Organization) -> None:
    (row,) = found(ministry, seen(avatar_hash="ffff0000ffff0001"))
    row.evidence = ["https://example.org/1.png"]
    text = report_text(row)
    for part in (
        "«Mинздрaв HCO»",
        row.url,
        ministry.name,
        "https://vk.com/club100",
        "8-ФЗ",
        "1.png",
        "a H C O",
    ):
        assert part in text
    assert official_page_of(row) == OfficialPage.objects.get(external_id="100")
    stray = LookalikePage(network="ok", title="x", url="https://ok.ru/x")
    assert official_page_of(stray) is None
    assert "Признаки" not in report_text(stray)


def test_every_sign_has_words() -> None:
    codes = {"name_same", "name_near", "name_inside", "name_part", "office_and_place", "letters", "address",
             "avatar_same", "avatar_near", "description", "claims", "no_badge", "disclaims", "harmless",
             "badge"}  # fmt: skip
    assert all(sign_words({"code": code, "said": "77"}) not in {"77", ""} for code in codes)
    assert sign_words({"code": "of the future", "said": "нечто"}) == "нечто"


def test_whoever_waited_longest_is_searched_for_next(ministry: Organization) -> None:
    other, shut = cast.body(), cast.body()
    Organization.objects.filter(pk=shut.pk).update(is_active=False)
    assert lookalikes.queue_searches() == 2
    assert lookalikes.queue_searches() == 0
    assert not LookalikeSearch.objects.filter(organization=shut).exists()
    turns = [lookalikes.next_to_search(now=cast.after(days=at)) for at in (0, 1, 2, 6)]
    assert turns == [ministry, other, None, ministry]
    assert lookalikes.searched_since(cast.after(days=1)) == 2
