"""Positions are on the earth and quantities are possible."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.vocabulary.places import EARTH_RADIUS_METRES, Place
from folkmoot.vocabulary.units import Distance, Duration, Speed

places = st.builds(Place, lon=st.floats(-180, 180), lat=st.floats(-90, 90))


@given(places, places)
def test_distance_is_symmetric_and_at_most_half_the_earth(one, other):
    there, back = one.metres_to(other), other.metres_to(one)
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= math.pi * EARTH_RADIUS_METRES * (1 + 1e-12)


def test_a_degree_of_latitude_is_about_111_km():
    assert Place(0, 53).metres_to(Place(0, 54)) == pytest.approx(111_195, abs=1)


@pytest.mark.parametrize(("lon", "lat"), [(181, 0), (0, 91), (math.nan, 0), (0, math.inf)])
def test_a_position_off_the_earth_is_refused(lon, lat):
    with pytest.raises(ValueError, match="is not between"):
        Place(lon, lat)


def test_swapped_coordinates_are_suspected():
    with pytest.raises(ValueError, match="swapped"):
        Place(lon=53.0, lat=-100.5)


@given(st.floats(0, 1e9))
def test_miles_and_back_are_the_same_distance(metres):
    assert Distance.from_miles(Distance(metres).miles).metres == pytest.approx(metres)


def test_thirty_miles_an_hour_is_thirteen_metres_a_second():
    assert Speed.from_miles_per_hour(30).metres_per_second == pytest.approx(13.4112)
    assert str(Speed.from_miles_per_hour(30)) == "30 mph"


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "0 min"), (59.4, "59 min"), (59.6, "1 h 0 min"), (135, "2 h 15 min"), (1500, "1 d 1 h")]
)
def test_a_duration_is_read_in_two_units(minutes, text):
    assert str(Duration(minutes)) == text


@pytest.mark.parametrize("noun", [Duration, Distance, Speed])
@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf])
def test_an_impossible_quantity_is_refused(noun, value):
    with pytest.raises(ValueError, match="is impossible"):
        noun(value)
