"""The invented country as rows of the register, put in by COPY: loading is not what is measured."""

from datetime import datetime
from typing import Any

from bench.country import Body

ORGANIZATION = ("id", "parent_id", "path", "code", "name", "short_name", "level", "type", "spheres",
                "municipality_id", "settlement", "ogrn", "address", "phone", "email", "site_url", "hours",
                "aliases", "is_active")  # fmt: skip
PAGE = ("id", "organization_id", "network", "kind", "person_name", "person_position", "tier", "external_id",
        "screen_name", "title", "url", "badge_type", "badge_status", "badge_evidence", "component_connected",
        "monitoring", "followers", "is_active")  # fmt: skip
FIRST_GROUP = 700_000_000
# Types of the product's own list for kinds that the country tells apart more finely.
TYPES = {"education_board": "education_department", "culture_board": "department", "social_board": "social_support",
         "settlement": "village_administration", "central_library": "library", "music_school": "art_school",
         "youth_house": "extra_education", "emergency_desk": "emergency", "utility": "management_company",
         "veterinary": "vet_station", "emergency": "ambulance"}  # fmt: skip


def load(bodies: list[Body], now: datetime) -> dict[str, tuple[int, int]]:
    """Put the bodies in, each with its page; returns (organisation, personal page of its head or 0) by code."""
    from django.db import connection, transaction

    from otklik.registry.models import Municipality
    from otklik.registry.operations.reference import load_reference

    load_reference()
    places = sorted({body.municipality for body in bodies if body.municipality})
    Municipality.objects.bulk_create(
        Municipality(pk=n, oktmo=f"9{n:07}", name=name, short_name=name, kind="okrug")
        for n, (_region, name) in enumerate(places, 1)
    )
    homes = {place: n for n, place in enumerate(places, 1)}
    ids = {body.code: n for n, body in enumerate(bodies, 1)}
    heads = {body.code: len(bodies) + n for n, body in enumerate((each for each in bodies if each.head), 1)}
    with transaction.atomic(), connection.cursor() as cursor:
        columns = ", ".join(ORGANIZATION)
        with cursor.copy(f"copy registry_organization ({columns}) from stdin") as copy:
            paths: dict[int, list[int]] = {}
            for body in bodies:
                copy.write_row(_organization(body, ids, homes, paths))
        with cursor.copy(f"copy registry_officialpage ({', '.join(PAGE)}) from stdin") as copy:
            for body in bodies:
                copy.write_row(_page(body, ids[body.code], ids[body.code]))
                if body.head:
                    copy.write_row(_page(body, heads[body.code], ids[body.code], body.head))
        for table in ("organization", "officialpage"):
            cursor.execute(
                f"select setval(pg_get_serial_sequence('registry_{table}', 'id'), max(id)) from registry_{table}"
            )
        cursor.execute("analyze")
    return {code: (pk, heads.get(code, 0)) for code, pk in ids.items()}


def _organization(
    body: Body, ids: dict[str, int], homes: dict[tuple[str, str], int], paths: dict[int, list[int]]
) -> tuple[Any, ...]:
    pk, parent = ids[body.code], ids.get(body.parent)
    paths[pk] = [*paths.get(parent or 0, []), pk]
    kind = "ministry" if body.type.startswith("ministry") else TYPES.get(body.type, body.type)
    home = homes[body.municipality] if body.municipality else None
    return (pk, parent, paths[pk], body.code[:80], body.name, body.short_name[:120], body.level, kind,
            [body.sphere], home, body.settlement[:100], "", "", "", "", "", "", "", True)  # fmt: skip


def _page(body: Body, pk: int, organization: int, head: tuple[str, str] | None = None) -> tuple[Any, ...]:
    name, position = head or ("", "")
    group = FIRST_GROUP + pk
    title = name or body.short_name
    return (pk, organization, "vk", "personal" if head else "organisation", name, position, "active", str(group),
            f"club{group}", title[:200], f"https://vk.com/club{group}", "", "none", "", False, "{}",
            body.followers // 3 if head else body.followers, True)  # fmt: skip
