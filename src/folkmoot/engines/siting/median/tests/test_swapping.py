"""Swapping sites and ordering them, against trying everything."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from folkmoot.engines.siting.median.dual import _kth
from folkmoot.engines.siting.median.interchange import greedy, interchange, shake, value
from folkmoot.engines.siting.median.ordered import ordered, restricted, within


def costs(seed: int, far: float = 1000.0) -> np.ndarray:
    """Sites × clients, with ties, a site twice, and some that may not be used."""
    rng = np.random.default_rng(seed)
    cost = np.floor(rng.random((12, 15)) * 30)
    cost[3] = cost[5]
    if seed % 2:
        cost[rng.random(cost.shape) < 0.3] = far
    return cost


@pytest.mark.parametrize("p", [1, 2, 5, 11])
def test_no_swap_helps_afterwards_and_what_is_forced_stays(p):
    for seed in range(30):
        cost = costs(seed)
        lists = ordered(cost, 1000.0)
        forced = np.zeros(12, dtype=bool)
        forced[seed % 12] = p > 1
        chosen = greedy(cost, forced, p, 1000.0)
        shake(chosen, forced, np.random.default_rng(seed).random((4, 2)))
        interchange(lists.start, lists.site, lists.price, cost, chosen, forced, 1000.0)
        assert len(set(chosen.tolist())) == p
        assert set(np.flatnonzero(forced)) <= set(chosen.tolist())
        paid = cost[chosen].min(axis=0).sum()
        for k, j in product(range(p), range(12)):
            if not forced[chosen[k]] and j not in chosen:
                other = chosen.copy()
                other[k] = j
                assert cost[other].min(axis=0).sum() >= paid


def test_a_plan_that_leaves_a_client_out_is_worth_nothing():
    cost = np.array([[1.0, 9.0], [2.0, 3.0]])
    assert value(cost, np.array([0]), 9.0) == np.inf
    assert value(cost, np.array([0, 1]), 9.0) == 4.0


def test_costs_too_large_to_pack_are_ordered_all_the_same():
    cost = costs(1)
    small, large = ordered(cost, 1000.0), ordered(cost * 2.0**52, 1000.0 * 2.0**52)
    np.testing.assert_array_equal(small.site, large.site)
    np.testing.assert_array_equal(small.price * 2.0**52, large.price)
    for i, column in enumerate(cost.T):
        there = small.site[small.start[i] : small.start[i + 1]]
        assert sorted(there.tolist()) == np.flatnonzero(column < 1000).tolist()
        assert (np.diff(column[there]) >= 0).all()


def test_lists_of_the_sites_kept_have_their_new_numbers_and_end_where_one_must_be_open():
    cost = costs(2)
    keep = np.arange(12) % 3 > 0
    lists = within(ordered(cost, 1000.0), keep, 6, 500.0)
    left = cost[keep]
    np.testing.assert_array_equal(lists.low, left.min(axis=0))
    np.testing.assert_array_equal(lists.cap, np.sort(left, axis=0)[left.shape[0] - 6])
    np.testing.assert_array_equal(lists.price, left[lists.site, np.repeat(np.arange(15), np.diff(lists.start))])


def test_no_list_goes_beyond_an_open_site():
    cost = costs(4)
    fixing = np.zeros(12, dtype=np.int8)
    fixing[2], fixing[7] = 1, -1
    lists = restricted(ordered(cost, 1000.0), fixing)
    np.testing.assert_array_equal(lists.cap, cost[2])
    assert not np.isin(lists.site, [2, 7]).any()
    assert (lists.price < np.repeat(lists.cap, np.diff(lists.start))).all()


def test_the_kth_smallest_is_found_among_ties():
    rng = np.random.default_rng(0)
    for _ in range(200):
        values = np.floor(rng.random(int(rng.integers(1, 40))) * 8) - 4
        k = int(rng.integers(len(values)))
        assert _kth(values.copy(), k) == np.sort(values)[k]
