"""Identifiers are accepted exactly when their register's rule allows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.vocabulary.identifiers import IdentifierError, Lsoa21, NhsNumber, OdsCode, Uprn, nhs_check_digit

stems = st.integers(0, 999_999_999).map(lambda n: f"{n:09d}")


def test_the_data_dictionarys_own_example_is_valid():
    assert NhsNumber.parse("943 476 5919").digits == "9434765919"


@given(stems)
def test_a_number_with_its_check_digit_is_read_back_as_written(stem):
    check = nhs_check_digit(stem)
    if check is None:
        for digit in range(10):
            with pytest.raises(IdentifierError, match="no number begins"):
                NhsNumber.parse(f"{stem}{digit}")
    else:
        number = NhsNumber.parse(f"{stem}{check}")
        assert NhsNumber.parse(str(number)) == number


@given(stems, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(stem, place, shift):
    check = nhs_check_digit(stem)
    if check is None:
        return
    digits = f"{stem}{check}"
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    with pytest.raises(IdentifierError):
        NhsNumber.parse(wrong)


@given(stems, st.integers(0, 8))
def test_two_neighbouring_digits_swapped_are_always_noticed(stem, place):
    check = nhs_check_digit(stem)
    if check is None:
        return
    digits = f"{stem}{check}"
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    if swapped != digits:
        with pytest.raises(IdentifierError):
            NhsNumber.parse(swapped)


def test_a_number_that_lost_its_leading_zero_is_refused_with_advice():
    with pytest.raises(IdentifierError, match="leading zero"):
        NhsNumber.parse("943476591")


def test_digits_of_other_scripts_are_not_digits_here():
    with pytest.raises(IdentifierError):
        NhsNumber.parse("٩٤٣٤٧٦٥٩١٩")


def test_the_999_range_is_for_tests():
    assert NhsNumber.parse("999 000 0018").is_for_tests
    assert not NhsNumber.parse("943 476 5919").is_for_tests


@given(st.integers(1, 10**12 - 1))
def test_a_padded_uprn_is_the_same_uprn(number):
    assert Uprn.parse(f"{number:012d}") == Uprn.parse(str(number))


@pytest.mark.parametrize("text", ["", "0", "000", "12a", "1234567890123", "0000000000001", "-5"])
def test_what_is_not_a_uprn_is_refused(text):
    with pytest.raises(IdentifierError, match="is not a UPRN"):
        Uprn.parse(text)


def test_an_lsoa_code_knows_its_country():
    assert Lsoa21.parse("e01000001").country == "England"
    assert Lsoa21.parse("W01000003").country == "Wales"


@pytest.mark.parametrize("text", ["E02000001", "S01006506", "E0100001", "E01000001X", ""])
def test_another_geography_is_not_an_lsoa(text):
    with pytest.raises(IdentifierError, match="is not an LSOA code"):
        Lsoa21.parse(text)


def test_an_ods_code_is_read_in_either_case():
    assert str(OdsCode.parse(" rj1 ")) == "RJ1"


@pytest.mark.parametrize("text", ["R1", "RJ-1", "ABCDEFGHIJK", ""])
def test_what_is_not_an_ods_code_is_refused(text):
    with pytest.raises(IdentifierError, match="is not an ODS code"):
        OdsCode.parse(text)
