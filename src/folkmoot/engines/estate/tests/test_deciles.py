"""Access by decile, by hand: two areas on a road, three clinics."""

import numpy as np
import pytest

from folkmoot.engines.estate import EstateSite, Programme, Settings, Source, Travel, by_decile


def _site(code: str) -> EstateSite:
    return EstateSite(
        code, code, "clinic", 100.0, 100.0, 0.0, 0.0, 0.0, (), Source("by hand", 2, "gia"), needs=(("physio", 50.0),)
    )


def _programme(travel: Travel | None) -> Programme:
    return Programme(tuple(map(_site, "ABC")), Settings(), clinical=frozenset({"physio"}), travel=travel)


def test_only_sites_that_stay_are_counted_and_the_rest_of_a_decile_is_not_hidden_in_its_mean() -> None:
    minutes = np.array([[2.0, 10.0, 30.0], [20.0, 8.0, 4.0], [6.0, 5.0, 9.0]])
    travel = Travel(("x", "y", "z"), np.array([100.0, 300.0, 100.0]), np.array([1, 10, 1]), ("A", "B", "C"), minutes)
    poor, rich = by_decile(_programme(travel), ["A", "C"])
    assert (poor.decile, poor.people, poor.mean_before, poor.mean_after) == (1, 200.0, 3.5, 7.5)
    assert (poor.worst_before, poor.worst_after, poor.worse) == (5.0, 10.0, 100.0)
    assert (rich.mean_before, rich.mean_after, rich.worse) == (4.0, 8.0, 300.0)


def test_without_travel_times_access_is_unknown_and_not_zero() -> None:
    assert by_decile(_programme(None), ["A"]) == ()


@pytest.mark.parametrize("closed", [(), ("B",)])
def test_nobody_travels_longer_to_a_site_that_stays(closed: tuple[str, ...]) -> None:
    travel = Travel(("x",), np.array([5.0]), np.array([3]), ("A", "B", "C"), np.array([[1.0, 2.0, 3.0]]))
    (row,) = by_decile(_programme(travel), closed)
    assert (row.mean_before, row.mean_after, row.worse) == (1.0, 1.0, 0.0)
