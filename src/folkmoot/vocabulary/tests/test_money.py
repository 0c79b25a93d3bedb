"""Not a penny is lost."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.vocabulary.money import Money

amounts = st.integers(-(10**15), 10**15).map(Money)
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any)


@given(amounts, weights)
def test_an_allocation_adds_up_to_the_amount(amount, shares):
    assert Money.total(amount.allocate(shares)) == amount


@given(amounts, weights)
def test_every_share_is_within_a_penny_of_the_exact_one(amount, shares):
    for part, weight in zip(amount.allocate(shares), shares):
        assert abs(part.pence - Fraction(amount.pence * weight, sum(shares))) < 1


@given(amounts)
def test_an_amount_is_read_back_as_printed(amount):
    assert Money.parse(str(amount)) == amount


@given(amounts, amounts)
def test_subtraction_undoes_addition(one, other):
    assert one + other - other == one


def test_a_penny_shared_by_three_goes_to_the_first():
    assert Money(1).split(3) == (Money(1), Money(0), Money(0))


def test_a_rate_rounds_halves_to_the_even_penny():
    assert Money(25).at_rate(Decimal("0.1")) == Money(2)
    assert Money(35).at_rate(Fraction(1, 10)) == Money(4)


def test_pounds_are_exact():
    assert Money(123456).pounds == Decimal("1234.56")


@pytest.mark.parametrize("text", ["12.5", "£1,23", "12,34.00", "abc", "", "1.234", "£"])
def test_a_doubtful_amount_is_refused(text):
    with pytest.raises(ValueError, match="is not an amount of money"):
        Money.parse(text)


def test_pence_are_whole():
    with pytest.raises(TypeError, match="whole pence"):
        Money(pence=1.5)


def test_money_is_not_added_to_a_bare_number():
    with pytest.raises(TypeError):
        Money(1) + 1


@pytest.mark.parametrize("shares", [[], [0, 0], [2, -1]])
def test_impossible_weights_are_refused(shares):
    with pytest.raises(ValueError, match="cannot be divided"):
        Money(100).allocate(shares)
