"""One spelling for every event."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.foundation.audit.canonical import canonical, digest

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner),
    max_leaves=20,
)


@given(plain)
def test_what_is_written_reads_back_and_is_written_the_same_again(value: object) -> None:
    assert canonical(json.loads(canonical(value))) == canonical(value)


def test_keys_are_sorted_and_escapes_are_rfc_8785s() -> None:
    assert canonical({"b": "\u20ac$\u000f\nA'B\"\\", "a": [True, None, 56]}) == (
        '{"a":[true,null,56],"b":"€$\\u000f\\nA\'B\\"\\\\"}'
    )


@pytest.mark.parametrize("bad", [1.5, float("nan"), 2**53, "\ud800", {"é": 1}, {1: 2}, b"x", {"a": [object()]}])
def test_what_has_no_single_spelling_is_refused_with_a_sentence(bad: object) -> None:
    with pytest.raises(ValueError, match=r"^event"):
        canonical(bad)


def test_a_digest_without_its_salt_tells_nothing() -> None:
    assert digest("A1", "salt") == digest("A1", "salt") != digest("A1", "another")
