"""A region brings its own boundaries: what fits is taken whole, what does not is named by its number."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from otklik.audit.models import AuditLine
from otklik.registry import boundaries
from otklik.registry.models import Municipality
from tests import cast

SQUARE = {"type": "Polygon", "coordinates": [[[77.0, 53.7], [77.5, 53.7], [77.5, 54.0], [77.0, 53.7]]]}
REAL = Path(__file__).parents[2].parent / "shared/data/reference/novosibirsk_municipal_simplified.geojson"


def feature(geometry: Any = SQUARE, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def file_of(folder: Path, *features: Any) -> Path:
    path = folder / "Границы области.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Баганский район", "Баганский муниципальный район"),
        ("город Бердск", "Бердск"),
        ("рабочий посёлок Кольцово", "Кольцово"),
        ("Новосибирский муниципальный округ", "Новосибирский район"),
    ],
)
def test_names_of_one_place_meet(one: str, other: str) -> None:
    assert boundaries.key_of(one) == boundaries.key_of(other)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(st.lists(json_values, max_size=5))
def test_any_features_are_taken_or_named(features: list[Any]) -> None:
    found, troubles = boundaries.read({"type": "FeatureCollection", "features": features})
    assert sorted([each.number for each in found] + [each.number for each in troubles]) == list(
        range(1, len(features) + 1)
    )


@pytest.mark.django_db
def test_a_boundary_replaces_the_schematic_cell_and_leaves_a_line(tmp_path: Path) -> None:
    place = cast.municipality(name="Баганский район", short_name="Баганский")
    out, err = StringIO(), StringIO()
    path = file_of(
        tmp_path,
        feature(district="Баганский муниципальный район"),
        feature(name="Атлантида"),
        feature(None, name="Ни о чём"),
    )
    call_command("import_boundaries", str(path), stdout=out, stderr=err)
    place.refresh_from_db()
    assert place.shape == SQUARE
    assert not place.shape_is_schematic
    assert AuditLine.objects.filter(verb="set_shape", subject_id=place.pk).count() == 1
    assert "объект 2 «Атлантида»: такого муниципалитета нет" in err.getvalue()
    assert "объект 3 «Ни о чём»: нет границы" in err.getvalue()
    assert "загружено: 1 из" in out.getvalue()


@pytest.mark.django_db
def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    place = cast.municipality(name="Баганский район")
    call_command(
        "import_boundaries", str(file_of(tmp_path, feature(name=place.name))), "--dry-run", stdout=StringIO()
    )
    place.refresh_from_db()
    assert place.shape is None


@pytest.mark.django_db
@pytest.mark.parametrize("content", ["", "{", "[]", '{"type": "Feature"}', "[" * 100_000])
def test_what_is_no_geojson_is_said(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.geojson"
    path.write_text(content)
    with pytest.raises(CommandError, match=r"GeoJSON|JSON"):
        call_command("import_boundaries", str(path))
    with pytest.raises(CommandError, match="не открывается"):
        call_command("import_boundaries", str(tmp_path / "нет такого"))


@pytest.mark.django_db
def test_real_boundaries_of_novosibirsk_oblast_fit_the_demonstration() -> None:
    if not REAL.exists():
        pytest.skip("../shared/data/reference is not here")
    from demo.data.region import municipalities

    for each in municipalities():
        Municipality.objects.create(
            oktmo=each.oktmo,
            name=each.name,
            short_name=each.short_name,
            kind=each.kind,
            population=each.population,
        )
    out, err = StringIO(), StringIO()
    call_command("import_boundaries", str(REAL), stdout=out, stderr=err)
    drawn = Municipality.objects.filter(shape_is_schematic=False).count()
    assert drawn == len(json.loads(REAL.read_text())["features"]), err.getvalue()
