"""A place in a person's words: what the incident keeps of it, and the street that the gazetteer learns."""

import pytest

from otklik.casework.operations.places import Place, place_by
from otklik.registry.models import Settlement, Street
from tests import cast

pytestmark = pytest.mark.django_db


def test_a_street_that_a_person_names_is_learnt() -> None:
    town = Settlement.objects.create(municipality=cast.municipality(), name="Посёлок", kind="п.")
    place = Place(settlement=town, street_name="улица Ягодная", house=" 7 ")
    fields = place_by(place, by=cast.dispatcher().actor, now=cast.NOW)
    street = Street.objects.get(settlement=town)
    assert (street.name, street.is_learnt) == ("Ягодная", True)
    assert fields["street"] == street
    assert (fields["municipality"], fields["house"], fields["place_status"]) == (
        town.municipality,
        "7",
        "found",
    )


def test_a_place_of_no_words_is_unknown() -> None:
    fields = place_by(Place(house="  "), by=cast.dispatcher().actor, now=cast.NOW)
    assert fields["place_status"] == "unknown"
    assert not Street.objects.exists()
