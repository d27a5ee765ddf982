"""The facts and inventions of the demonstration region hold together."""

from collections import Counter
from datetime import date

import pytest

from demo.data.institutions import institutions
from demo.data.officials import officials
from demo.data.pages import all_bodies, bodies, pages, transliterate
from demo.data.presence import connected_presences, contacts_of, presences
from demo.data.region import municipalities, oktmo_check_digit, settlements, streets
from otklik.registry.russian_days import special_days


def test_there_are_35_municipalities_with_unique_codes_and_names() -> None:
    found = municipalities()
    assert len(found) == 35
    assert len({each.oktmo for each in found}) == 35
    assert len({each.name for each in found}) == 35
    assert Counter(each.kind for each in found) == {"district": 30, "city": 5}


def test_every_oktmo_has_its_control_digit_and_belongs_to_the_region() -> None:
    for each in municipalities():
        assert each.oktmo.startswith("50")
        assert oktmo_check_digit(each.oktmo) == each.check_digit


@pytest.mark.parametrize(("code", "digit"), [("50701000", "9"), ("50606400", "0"), ("50612000", "9")])
def test_control_digit(code: str, digit: str) -> None:
    # 50606400 takes the second row of weights: the first gives remainder 10.
    weighted = sum(int(d) * w for d, w in zip(code, range(1, 9), strict=True)) % 11
    if weighted == 10:
        weighted = sum(int(d) * w for d, w in zip(code, range(3, 11), strict=True)) % 11 % 10
    assert oktmo_check_digit(code) == str(weighted)


def test_population_is_that_of_the_region() -> None:
    assert 2_700_000 < sum(each.population for each in municipalities()) < 2_850_000


def test_every_centre_lies_inside_the_region() -> None:
    for each in municipalities():
        assert 53.2 < each.lat < 57.3
        assert 75.0 < each.lon < 85.2


def test_settlements_belong_to_municipalities_and_are_told_apart() -> None:
    known = {each.oktmo for each in municipalities()}
    found = settlements()
    assert len(found) >= 150
    assert {place.municipality for place in found} == known
    assert len({(place.municipality, place.name, place.kind) for place in found}) == len(found)


def test_every_municipality_has_enough_streets() -> None:
    assert all(len(streets(each.oktmo)) >= 4 for each in municipalities())


def test_every_organisation_has_a_chain_of_parents_up_to_the_government() -> None:
    parents = {body.code: body.parent for body in all_bodies()}
    assert [code for code, parent in parents.items() if not parent] == ["government"]
    for body in all_bodies():
        chain = [body.code]
        while parents[chain[-1]]:
            chain.append(parents[chain[-1]])
            assert len(chain) < 6
        assert chain[-1] == "government"


def test_parents_stand_before_their_children() -> None:
    seen: set[str] = set()
    for body in all_bodies():
        assert not body.parent or body.parent in seen
        seen.add(body.code)
    assert len(seen) == len(all_bodies())


def test_bodies_are_told_apart_by_short_name() -> None:
    assert [
        name for name, times in Counter(body.short_name for body in all_bodies()).items() if times > 1
    ] == []


def test_every_municipality_has_an_administration_a_school_and_a_clinic() -> None:
    for kind in ("administration", "school", "kindergarten", "clinic"):
        covered = {body.municipality for body in all_bodies() if body.type == kind}
        assert covered == {each.oktmo for each in municipalities()}, kind


def test_institutions_are_the_same_for_the_same_seed_and_others_for_another() -> None:
    again = institutions.__wrapped__(54)
    assert again == institutions(54)
    assert institutions.__wrapped__(55) != again


def test_pages_have_unique_addresses_that_a_network_takes() -> None:
    found = pages()
    assert 400 <= len(found) <= 520
    assert len({page.screen_name for page in found}) == len(found)
    assert len({page.group_id for page in found}) == len(found)
    for page in found:
        assert page.screen_name.replace("_", "").isalnum()
        assert page.screen_name.isascii()
        assert len(page.screen_name) <= 60
        assert "демонстрации" in page.description


def test_exempt_bodies_have_a_reason_and_no_page() -> None:
    exempt = [body for body in bodies() if not body.has_page]
    assert exempt
    with_page = {page.body.code for page in pages()}
    assert not with_page & {body.code for body in exempt}
    assert all(body.exempt_because for body in exempt)


def test_the_first_organisations_and_their_pages_stay_what_they_were() -> None:
    assert [body.code for body in all_bodies()[: len(bodies())]] == [body.code for body in bodies()]
    assert pages()[0].group_id == 954_000_001
    assert len(pages()) == 511


def test_the_region_is_as_large_as_a_region() -> None:
    codes = [body.code for body in all_bodies()]
    assert len(set(codes)) == len(codes)
    assert sum(body.has_page for body in all_bodies()) >= 3200


TODAY = date(2026, 11, 22)


def test_pages_of_every_network_have_numbers_and_addresses_of_their_own() -> None:
    found = presences(TODAY)
    assert len({(each.network, each.number) for each in found}) == len(found)
    addresses = [each.screen_name for each in found if each.network == "vk"]
    addresses += [each.screen_name for each in officials(TODAY)]
    assert len(set(addresses)) == len(addresses)
    assert all(address.isascii() and len(address) <= 60 for address in addresses)
    assert set(connected_presences(TODAY)) == {page.group_id for page in pages()}
    assert all(each.opened_on < TODAY for each in found)


def test_who_has_a_page_does_not_hang_on_the_day_of_the_load() -> None:
    later = presences(date(2027, 6, 1))
    assert [each.number for each in later] == [each.number for each in presences(TODAY)]


def test_contacts_lead_to_nobody_and_registration_numbers_are_right() -> None:
    for body in all_bodies()[::50]:
        found = contacts_of(body)
        assert "555-" in found.phone
        assert found.site.endswith(".nso.example") or not found.site
        assert int(found.ogrn[:12]) % 11 % 10 == int(found.ogrn[12])


def test_transliteration() -> None:
    assert transliterate("р.п. Линёво, Щегловск") == "r_p_linevo_scheglovsk"


def test_calendar_of_2026_is_the_official_one() -> None:
    year = [day for day in special_days(2026, 2027) if day.date.year == 2026]
    shortened = [day.date for day in year if day.hours_less]
    assert shortened == [date(2026, 4, 30), date(2026, 5, 8), date(2026, 6, 11), date(2026, 11, 3)]
    off = {day.date for day in year if day.is_off}
    assert {date(2026, 1, 9), date(2026, 3, 9), date(2026, 5, 11), date(2026, 12, 31)} <= off
    assert date(2026, 11, 4) in off


def test_a_moved_saturday_of_2027_is_worked() -> None:
    days = {day.date: day for day in special_days(2026, 2027)}
    assert days[date(2027, 2, 22)].is_off
    saturday = days[date(2027, 2, 20)]
    assert not saturday.is_off
    assert saturday.hours_less == 1  # it takes the length of the eve it was exchanged for
