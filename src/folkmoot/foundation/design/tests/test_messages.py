"""The Welsh catalogue is whole: nothing missing, nothing guessed, placeholders kept, compiled as written."""

import gettext
import io
from pathlib import Path

import pytest

import folkmoot.foundation
from folkmoot.foundation.design import messages

FOLDER = Path(folkmoot.foundation.__path__[0])
PLACE = FOLDER / "locale" / "cy" / "LC_MESSAGES"
HINT = "run: python -m folkmoot.foundation.design.messages src/folkmoot/foundation, and translate what it lists"


def catalogue() -> dict[str, messages.Entry]:
    return messages.read(PLACE / "borrowed.po") | messages.read(PLACE / "django.po")


def test_every_message_of_the_foundation_is_in_welsh() -> None:
    known = catalogue()
    missing = [text for text in messages.wanted(FOLDER) if text not in known or not known[text].complete]
    assert missing == [], HINT


def test_no_message_is_left_that_nothing_uses() -> None:
    assert set(messages.read(PLACE / "django.po")) - {""} - set(messages.wanted(FOLDER)) == set(), HINT


def test_placeholders_are_the_same_in_both_languages() -> None:
    assert [text for text, entry in catalogue().items() if text and not entry.placeholders_match] == []


def test_the_compiled_catalogue_says_what_the_written_one_says() -> None:
    with (PLACE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for text, entry in catalogue().items():
        if text and not entry.plural:
            assert compiled.gettext(text) == entry.said[0], HINT


def test_welsh_plurals_take_their_four_forms() -> None:
    entries = {
        "": messages.Entry("", "", [messages._HEADER]),
        "%(n)s bed": messages.Entry("%(n)s bed", "%(n)s beds", ["un", "dau", "wyth", "llawer"]),
    }
    words = gettext.GNUTranslations(io.BytesIO(messages.compiled(entries)))
    assert [words.ngettext("%(n)s bed", "%(n)s beds", n) for n in (1, 2, 3, 8, 11, 20)] == [
        "un", "dau", "llawer", "wyth", "wyth", "llawer",
    ]  # fmt: skip


def test_a_message_without_translation_or_with_a_lost_placeholder_is_noticed(tmp_path: Path) -> None:
    po = tmp_path / "django.po"
    po.write_text(
        'msgid "a"\nmsgstr ""\n\n#, fuzzy\nmsgid "b"\nmsgstr "c"\n\nmsgid "%(n)s d"\nmsgstr "e"\n', encoding="utf-8"
    )
    found = messages.read(po)
    assert not found["a"].complete
    assert not found["b"].complete
    assert not found["%(n)s d"].placeholders_match


@pytest.mark.parametrize("suffix", ["py", "html"])
def test_words_are_found_in_code_and_templates(tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / "jinja2"
    folder.mkdir()
    source = 'x = _("Beds")\n' if suffix == "py" else '{{ _("Beds") }}'
    (folder / f"one.{suffix}").write_text(source, encoding="utf-8")
    assert list(messages.wanted(tmp_path)) == ["Beds"]
