"""Open data validate: tables by their schemas, linked data by the terms of schema.org, sitemaps by their limits."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import AsyncRequestFactory, Client

from otklik.portal import datasets, linked
from otklik.portal.datasets import DATASETS, as_csv
from otklik.portal.views import opendata
from otklik.registry.models import OfficialPage, Organization, Region
from tests.portal.test_looking import said
from tests.portal.world import Catalogue, crowd

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
# What schema.org says of the terms we use: the type, its properties, and what each holds.
TERMS: dict[str, dict[str, type | tuple[type, ...] | str]] = {
    "GovernmentOrganization": {
        "name": str, "alternateName": str, "url": "url", "telephone": str, "email": str, "sameAs": "urls",
        "identifier": "PropertyValue", "address": "PostalAddress", "areaServed": "AdministrativeArea",
        "parentOrganization": "Organization", "location": "Place",
    },
    "PropertyValue": {"propertyID": str, "value": str},
    "PostalAddress": {"addressCountry": str, "streetAddress": str, "addressLocality": str},
    "GeoCoordinates": {"latitude": (int, float), "longitude": (int, float)},
    "AdministrativeArea": {"name": str},
    "Place": {"geo": "GeoCoordinates", "address": "PostalAddress"},
}  # fmt: skip
# Kinds of organisation that have all properties of Organization.
for _kind in ("Organization", *set(linked.TYPES.values())):
    TERMS[_kind] = TERMS["GovernmentOrganization"]


def body_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()


def rows_of(client: Client, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body_of(client, f"/opendata/{name}.csv"), newline="")))


def check(value: str, field: dict[str, Any]) -> None:
    """A cell by the field of a Table Schema. Raises ValueError."""
    if not value:
        if field.get("constraints", {}).get("required"):
            raise ValueError(field["name"])
        return
    {"integer": int, "number": float, "date": date.fromisoformat, "string": str}[field["type"]](value)
    if field.get("format") == "uri" and not all(urlsplit(value)[:2]):
        raise ValueError(value)


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_a_table_is_what_its_schema_says(client: Client, world: Catalogue, name: str) -> None:
    schema = json.loads(body_of(client, f"/opendata/{name}.schema.json"))
    rows = rows_of(client, name)
    assert len(rows) == {"pages": 5, "organizations": 4}[name]
    for row in rows:
        assert list(row) == [field["name"] for field in schema["fields"]]
        for field in schema["fields"]:
            check(row[field["name"]], field)
    keys = [row[schema["primaryKey"]] for row in rows]
    assert len(set(keys)) == len(keys)
    for link in schema.get("foreignKeys", []):
        known = {row[link["reference"]["fields"]] for row in rows_of(client, link["reference"]["resource"])}
        assert {row[link["fields"]] for row in rows} <= known


def test_columns_never_change_their_names() -> None:
    """Programs of others rest on them: a new column goes to the end, none is renamed."""
    assert [each.name for each in DATASETS["pages"].columns] == [
        "id", "organization_id", "organization", "municipality_oktmo", "network", "kind", "person", "position", "title",
        "url", "external_id", "badge", "badge_type", "badge_since", "followers", "opened_on",
    ]  # fmt: skip
    assert [each.name for each in DATASETS["organizations"].columns] == [
        "id", "code", "name", "short_name", "level", "type", "spheres", "parent_id", "municipality_oktmo",
        "municipality", "settlement", "ogrn", "address", "latitude", "longitude", "phone", "email", "site", "hours",
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_the_document_holds_the_same_and_says_where_it_comes_from(
    client: Client, world: Catalogue, name: str
) -> None:
    document = json.loads(body_of(client, f"/opendata/{name}.json"))
    assert [str(row["id"]) for row in document[name]] == [row["id"] for row in rows_of(client, name)]
    assert document["publisher"] == "Сибирская область"
    assert document["license"].startswith("https://creativecommons.org/")
    assert document["demonstration"] is False
    assert document["schema"] == f"{settings.BASE_URL}/opendata/{name}.schema.json"


def test_an_empty_register_is_a_whole_file(client: Client, db: None) -> None:
    assert rows_of(client, "pages") == []
    assert json.loads(body_of(client, "/opendata/pages.json"))["pages"] == []


def test_a_file_comes_in_pieces_and_each_row_once(
    world: Catalogue, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    crowd(world.city, 7)
    monkeypatch.setattr(datasets, "AT_ONCE", 5)
    with django_assert_num_queries(4):  # 12 rows by 5, and the look that finds no more
        pieces = list(as_csv(DATASETS["pages"]))
    assert len(pieces) == 4
    ids = [line.split(",", 1)[0] for line in "".join(pieces).splitlines()[1:]]
    assert ids == [str(pk) for pk in OfficialPage.objects.order_by("pk").values_list("pk", flat=True)]


@pytest.mark.django_db(transaction=True)
def test_an_asynchronous_server_is_given_the_pieces_one_by_one() -> None:
    """Rows are read in threads of their own, which leave no connection behind."""
    import asyncio

    async def read() -> str:
        response = await asyncio.to_thread(
            opendata.table, AsyncRequestFactory().get("/opendata/pages.csv"), name="pages"
        )
        assert response.is_async
        return b"".join([piece async for piece in response]).decode()

    assert asyncio.run(read()).startswith("id,organization_id,")


def test_a_cell_is_never_a_formula(client: Client, world: Catalogue) -> None:
    OfficialPage.objects.filter(pk=world.official.pk).update(title='=HYPERLINK("https://evil.example")')
    Organization.objects.filter(pk=world.school.pk).update(
        phone="+7 (383) 111-11-11 доб. 2", hours="+cmd|' /C calc'!A0"
    )
    titles = {row["title"] for row in rows_of(client, "pages")}
    assert '\'=HYPERLINK("https://evil.example")' in titles
    school = next(row for row in rows_of(client, "organizations") if row["id"] == str(world.school.pk))
    assert school["phone"] == "+7 (383) 111-11-11 доб. 2"
    assert school["hours"] == "'+cmd|' /C calc'!A0"


def test_only_what_is_open_is_given(client: Client, world: Catalogue) -> None:
    """The desk's own notes about a page, and closed pages, are no part of open data."""
    OfficialPage.objects.filter(pk=world.telegram.pk).update(is_active=False)
    OfficialPage.objects.filter(pk=world.official.pk).update(badge_evidence="скриншот куратора")
    whole = body_of(client, "/opendata/pages.csv") + body_of(client, "/opendata/pages.json")
    assert "скриншот куратора" not in whole
    assert "t.me/minobr_so" not in whole
    assert client.get("/opendata/accounts.csv").status_code == 404
    assert client.get("/opendata/pages.csv").headers["Access-Control-Allow-Origin"] == "*"


def test_the_page_of_open_data_says_how_to_use_them(client: Client, world: Catalogue) -> None:
    text = said(client, "/opendata/")
    for words in ("Creative Commons Attribution 4.0", "badge_since", "/opendata/pages.csv", "Паспорт набора"):
        assert words in text
    assert "вымышлены" not in text
    Region.objects.update(is_demo=True)
    cache.clear()
    assert "организации и страницы вымышлены" in said(client, "/opendata/")


def linked_data(client: Client, pk: int) -> dict[str, Any]:
    found = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', said(client, f"/org/{pk}"), re.DOTALL
    )
    assert found
    return dict(json.loads(found[1]))


def faults(node: dict[str, Any]) -> Iterator[str]:
    """Where linked data leave the terms of schema.org."""
    kind = node.get("@type")
    if kind not in TERMS:
        yield f"@type {kind}"
        return
    for name, value in node.items():
        if name.startswith("@"):
            continue
        wanted = TERMS[kind].get(name)
        if wanted in {"url", "urls"}:
            each = value if wanted == "urls" else [value]
            yield from (f"{name}: {one}" for one in each if not all(urlsplit(one)[:2]))
        elif isinstance(wanted, str):
            yield from [f"{name}: {value}"] if value.get("@type") != wanted else faults(value)
        elif wanted is None or not isinstance(value, wanted):
            yield f"{kind}.{name}"


def test_linked_data_keep_to_the_terms_of_schema_org(client: Client, world: Catalogue) -> None:
    data = linked_data(client, world.ministry.pk)
    assert list(faults(data)) == []
    assert (data["@context"], data["@type"]) == ("https://schema.org", "GovernmentOrganization")
    assert data["sameAs"] == ["https://vk.com/minobr_so", "https://t.me/minobr_so"]
    assert data["identifier"] == {
        "@type": "PropertyValue",
        "propertyID": "ОГРН",
        "value": world.ministry.ogrn,
    }
    assert linked_data(client, world.school.pk)["@type"] == "School"
    for each in (world.school, world.library, world.silent):
        assert list(faults(linked_data(client, each.pk))) == []
    assert "Соколова" not in json.dumps(data, ensure_ascii=False)


def test_a_name_cannot_end_the_block_of_data(client: Client, world: Catalogue) -> None:
    name = "</script><script>alert(1)</script> & Ко"
    Organization.objects.filter(pk=world.ministry.pk).update(name=name)
    text = said(client, f"/org/{world.ministry.pk}")
    assert "<script>alert" not in text
    assert linked_data(client, world.ministry.pk)["name"] == name


def test_the_sitemap_lists_what_is_there(client: Client, world: Catalogue) -> None:
    found = {node.text for node in ET.fromstring(body_of(client, "/sitemap.xml")).iter(f"{SPACE}loc")}
    home = settings.BASE_URL
    assert {
        f"{home}/", f"{home}/org/{world.ministry.pk}", f"{home}/places/{world.city.oktmo}",
        f"{home}/collections/teacher",
    } <= found  # fmt: skip
    assert f"{home}/org/{world.silent.pk}" not in found


def test_a_large_sitemap_is_an_index_of_files(
    client: Client, world: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(world.city, 4)
    monkeypatch.setattr(opendata, "IN_A_MAP", 20)
    monkeypatch.setattr(opendata, "IN_A_PART", 3)
    root = ET.fromstring(body_of(client, "/sitemap.xml"))
    assert root.tag == f"{SPACE}sitemapindex"
    parts = [str(node.text).removeprefix(settings.BASE_URL) for node in root.iter(f"{SPACE}loc")]
    assert parts == ["/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml"]
    listed = [
        node.text for part in parts for node in ET.fromstring(body_of(client, part)).iter(f"{SPACE}loc")
    ]
    bodies = [each for each in listed if each and "/org/" in each]
    assert len(bodies) == len(set(bodies)) == 7
    for wrong in ("/sitemap-0.xml", "/sitemap-4.xml"):
        assert client.get(wrong).status_code == 404


def test_robots_may_come_to_a_real_region_only(client: Client, world: Catalogue) -> None:
    real = body_of(client, "/robots.txt")
    assert "Disallow: /desk/" in real
    assert f"Sitemap: {settings.BASE_URL}/sitemap.xml" in real
    Region.objects.update(is_demo=True)
    cache.clear()
    assert body_of(client, "/robots.txt") == "User-agent: *\nDisallow: /\n"
