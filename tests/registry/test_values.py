"""What people and files may put into the register, and how addresses of pages are read."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.registry.enums import BadgeStatus, BadgeType, Network, OrgLevel, PageKind, PageTier
from otklik.registry.models import OfficialPage, Organization
from otklik.registry.rules import organizations, pages, values
from otklik.registry.rules.organizations import Known
from otklik.registry.rules.pages import PageAddress, parse_page_address
from otklik.registry.rules.values import BadValue

KNOWN = Known(types=frozenset({"school"}), spheres=frozenset("abcd"))
# The number of a body published by the register of legal entities, and one of an entrepreneur.
RIGHT_OGRN = ("1027700132195", "304500116000157")


@pytest.mark.parametrize("number", RIGHT_OGRN)
def test_a_right_ogrn_passes_with_spaces_too(number: str) -> None:
    assert values.ogrn(f" {number[:3]} {number[3:]} ") == number


@pytest.mark.parametrize("number", RIGHT_OGRN)
@pytest.mark.parametrize("digit", range(10))
def test_every_other_last_digit_of_an_ogrn_is_wrong(number: str, digit: int) -> None:
    if str(digit) == number[-1]:
        return
    with pytest.raises(BadValue) as told:
        values.ogrn(number[:-1] + str(digit))
    assert told.value.field == "ogrn"


@pytest.mark.parametrize("number", ["12345", "102770013219", "10277001321955", "102770013219a"])
def test_an_ogrn_has_its_length(number: str) -> None:
    with pytest.raises(BadValue):
        values.ogrn(number)


def test_no_ogrn_is_fine() -> None:
    assert values.ogrn("") == values.ogrn(None) == ""


def test_lines_lose_what_nobody_sees() -> None:
    assert values.line("name", "  МБОУ\n«Школа\xa0№ 7»\0 ", 300) == "МБОУ «Школа № 7»"


@pytest.mark.parametrize(
    ("given_url", "kept"),
    [("school7.ru", "https://school7.ru"), ("http://школа7.рф/о-нас", "http://школа7.рф/о-нас"), ("", "")],
)
def test_an_address_of_a_site(given_url: str, kept: str) -> None:
    assert values.url("site_url", given_url, 300) == kept


WRONG: list[tuple[str, Any]] = [
    ("name", ""),
    ("name", "я" * 301),
    ("name", ["Школа"]),
    ("short_name", None),
    ("code", "школа семь"),
    ("level", "federal"),
    ("type", "spaceport"),
    ("spheres", ["a", "b", "c", "d"]),
    ("spheres", ["z"]),
    ("spheres", "a"),
    ("site_url", "не адрес"),
    ("site_url", "javascript:alert(1)"),
    ("site_url", "ftp://school7.ru"),
    ("site_url", "http://localhost:1/ x"),
    ("email", "school7"),
    ("email", "a@b"),
    ("email", "a@b.ru, c@d.ru"),
    ("latitude", 91),
    ("longitude", "север"),
    ("latitude", float("nan")),
    ("served", -1),
    ("served", True),
    ("served", 10**9),
    ("path", [1]),
]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=lambda each: repr(each)[:30])
def test_a_wrong_value_names_its_field(name: str, value: Any) -> None:
    with pytest.raises(BadValue) as told:
        organizations.checked({name: value}, KNOWN)
    assert told.value.field == name
    assert str(told.value) == (
        told.value.message % told.value.params if told.value.params else told.value.message
    )


def test_right_values_are_put_in_order() -> None:
    found = organizations.checked(
        {"spheres": ["b", "a", "b"], "email": " a@b.ru ", "latitude": "55.03", "served": "700", "type": ""},
        KNOWN,
    )
    assert found == {"spheres": ["b", "a"], "email": "a@b.ru", "latitude": 55.03, "served": 700, "type": ""}


def test_a_new_organisation_needs_three_values_and_gets_a_short_name() -> None:
    assert (
        organizations.of_new({"code": "a", "name": "я" * 200, "level": "regional"}, KNOWN)["short_name"]
        == "я" * 120
    )
    for name in ("code", "name", "level"):
        whole = {"code": "a", "name": "Школа", "short_name": "Школа", "level": "regional"}
        with pytest.raises(BadValue) as told:
            organizations.of_new({key: value for key, value in whole.items() if key != name}, KNOWN)
        assert told.value.field == name


def test_limits_and_codes_are_those_of_the_models() -> None:
    for name, limit in organizations.LIMITS.items():
        assert Organization._meta.get_field(name).max_length in {limit, None}
    for name, limit in pages.LIMITS.items():
        assert OfficialPage._meta.get_field(name).max_length == limit
    assert set(OrgLevel.values) == organizations.LEVELS
    assert set(Network.values) == pages.NETWORKS
    assert set(PageKind.values) == pages.KINDS
    assert set(PageTier.values) == pages.TIERS
    assert set(BadgeType.values) == pages.BADGE_TYPES
    assert set(BadgeStatus.values) == set(pages.BADGE_MOVES)


def test_every_editable_field_of_the_models_has_a_rule() -> None:
    own = {field.name for field in Organization._meta.concrete_fields}
    assert own - organizations.FIELDS == {"id", "path", "is_active", "calendar"}
    own = {field.name for field in OfficialPage._meta.concrete_fields}
    badge = {name for name in own if name.startswith("badge_")}
    assert own - pages.FIELDS - badge == {"id", "organization", "closed_on", "is_active"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("network", "myspace"),
        ("external_id", ""),
        ("title", " "),
        ("url", ""),
        ("url", "вконтакте"),
        ("kind", "fan"),
        ("tier", "best"),
        ("widgets", 10),
        ("followers", "много"),
        ("component_connected", "да"),
        ("opened_on", "вчера"),
        ("monitoring", [1]),
        ("badge_status", "confirmed"),
    ],
)
def test_a_wrong_value_of_a_page_names_its_field(name: str, value: Any) -> None:
    with pytest.raises(BadValue) as told:
        pages.checked({name: value})
    assert told.value.field == name


def test_days_come_as_days_or_iso() -> None:
    assert pages.checked({"opened_on": "2024-02-29"}) == {"opened_on": date(2024, 2, 29)}
    assert pages.checked({"opened_on": None, "widgets": ""}) == {"opened_on": None, "widgets": None}


def test_a_badge_goes_its_way_and_no_other() -> None:
    legal = {("none", "requested"), ("none", "confirmed"), ("requested", "confirmed"), ("requested", "none"),
             ("confirmed", "lost"), ("lost", "requested"), ("lost", "confirmed")}  # fmt: skip
    for before in BadgeStatus.values:
        for after in BadgeStatus.values:
            if before == after or (before, after) in legal:
                pages.check_badge(before, after)
            else:
                with pytest.raises(pages.IllegalBadgeMove):
                    pages.check_badge(before, after)


ADDRESSES = [
    ("vk.com/club5", "vk", "5"),
    ("https://m.vk.com/public123?w=wall-123_5", "vk", "123"),
    ("vk.ru/wall-77_12", "vk", "77"),
    ("https://vk.com/video-77_12", "vk", "77"),
    ("https://vk.com/adm_nsk", "vk", "adm_nsk"),
    ("https://vk.com/id1", "vk", "id1"),
    ("https://vk.com/@adm_nsk-kak-platit", "vk", "adm_nsk"),
    ("vk.com/feed?w=wall-9_1", "vk", "9"),
    ("«https://vk.com/minzdravnso».", "vk", "minzdravnso"),
    ("https://ok.ru/group/53396058603765", "ok", "53396058603765"),
    ("ok.ru/group53396058603765/topic/1", "ok", "53396058603765"),
    ("https://m.ok.ru/admnso", "ok", "admnso"),
    ("ok.ru/profile/5777", "ok", "5777"),
    ("https://t.me/s/tsurnso", "telegram", "tsurnso"),
    ("t.me/tsurnso/55", "telegram", "tsurnso"),
    ("tg://resolve?domain=tsurnso", "telegram", "tsurnso"),
    ("https://t.me/c/1234567/5", "telegram", "1234567"),
    ("https://max.ru/id5406_gos", "max", "id5406_gos"),
    ("https://web.max.ru/-70123", "max", "-70123"),
]


@pytest.mark.parametrize(("text", "network", "name"), ADDRESSES)
def test_an_address_leads_to_a_page(text: str, network: str, name: str) -> None:
    assert parse_page_address(text) == PageAddress(network, name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "привет, мир",
        "vk.com",
        "vk.com/feed",
        "https://t.me/+AbCdEf",
        "t.me/joinchat/AAA",
        "https://example.com/club5",
        "https://vk.com.example.com/club5",
        "mailto:a@vk.com",
        "javascript:alert(1)",
        "https://max.ru/join/abc",
        "http://[::1",
        "x" * 600,
    ],
)
def test_what_leads_to_no_page(text: str) -> None:
    assert parse_page_address(text) is None


@given(st.text(max_size=60), st.sampled_from(["", "vk.com/", "https://ok.ru/", "t.me/", "max.ru/"]))
def test_any_text_is_an_address_or_none(tail: str, head: str) -> None:
    found = parse_page_address(head + tail)
    assert found is None or (found.network in pages.NETWORKS and 0 < len(found.name) <= 80)
