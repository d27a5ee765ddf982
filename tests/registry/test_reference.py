"""The shipped lists are whole, fit each other and the demonstration, and never overwrite a region's own."""

import pytest
from django.core.management import call_command

from demo.data.pages import bodies
from otklik.registry.enums import CheckCode, PageTier
from otklik.registry.models import CheckNorm, OrganizationType, Sphere, TierNorm
from otklik.registry.operations.reference import LISTS, load_reference, shipped

COMMON_TYPES = {
    "school", "kindergarten", "clinic", "hospital", "polyclinic", "library", "culture_house", "museum", "theatre",
    "sport", "social", "college", "court", "mfc", "ministry", "administration", "department", "village_administration",
    "council",
}  # fmt: skip


def test_types_cover_what_regions_and_the_demonstration_have() -> None:
    codes = {row["code"] for row in shipped("types")}
    spheres = {row["code"] for row in shipped("spheres")}
    assert codes >= COMMON_TYPES | {body.type for body in bodies()}
    assert spheres >= {body.sphere for body in bodies()} | {row["sphere"] for row in shipped("types")}


@pytest.mark.parametrize("name", [name for name, _model, _key in LISTS])
def test_a_list_names_each_thing_once_and_fits_its_fields(name: str) -> None:
    model, key = next((model, key) for each, model, key in LISTS if each == name)
    rows = shipped(name)
    assert len({row[key] for row in rows}) == len(rows)
    for row in rows:
        for field in model._meta.concrete_fields:
            if field.max_length and field.name in row:
                assert len(row[field.name]) <= field.max_length, row


def test_every_line_of_a_passport_has_a_norm_a_person_can_act_on() -> None:
    rows = {row["code"]: row for row in shipped("norms")}
    assert set(rows) == set(CheckCode.values)
    for row in rows.values():
        assert row["title"]
        assert row["advice"]
        assert row["act"]
        assert row["term_days"] > 0
        assert not row["url"] or row["url"].startswith("http")
        # What no network shows is attested; what it shows needs no term of attestation to be seen again.
        assert row["is_automatic"] or row["code"] in {
            "badge",
            "component",
            "widgets",
            "site_link",
            "two_factor",
        }


def test_tiers_are_the_three_and_the_active_one_keeps_the_common_norm() -> None:
    rows = {row["tier"]: row for row in shipped("tiers")}
    assert set(rows) == set(PageTier.values)
    assert (rows["active"]["posts_a_week"], rows["active"]["silence_days"]) == (3, 7)


@pytest.mark.django_db
def test_a_fresh_database_has_the_lists() -> None:
    for name, model, _key in LISTS:
        assert model._default_manager.count() == len(shipped(name))
    assert CheckNorm.objects.get(code="two_factor").attested_days == 90
    assert not CheckNorm.objects.get(code="badge").is_automatic
    assert "детсад" in OrganizationType.objects.get(code="kindergarten").words


@pytest.mark.django_db
def test_what_a_region_changed_stays_and_what_lacks_comes() -> None:
    CheckNorm.objects.filter(code="avatar").update(term_days=77, act="приказ № 1", is_active=False)
    TierNorm.objects.filter(tier="card").update(posts_a_week=2)
    OrganizationType.objects.filter(code="school").update(name="Общая школа", words="")
    Sphere.objects.filter(code="tourism").delete()
    Sphere.objects.create(code="space", name="Космос")
    assert load_reference() == 1
    call_command("migrate", verbosity=0)
    norm = CheckNorm.objects.get(code="avatar")
    assert (norm.term_days, norm.act, norm.is_active) == (77, "приказ № 1", False)
    assert TierNorm.objects.get(tier="card").posts_a_week == 2
    assert OrganizationType.objects.get(code="school").name == "Общая школа"
    assert Sphere.objects.filter(code__in=["tourism", "space"]).count() == 2
    assert load_reference() == 0
