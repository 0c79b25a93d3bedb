"""Fields give their component what it needs, and say in sentences what is wrong."""

from datetime import date

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines
from lxml import html

from folkmoot.foundation.design import fields
from folkmoot.foundation.design.showing import EveryField

GOOD = {
    "name": "March",
    "beds": "24",
    "start_day": "27",
    "start_month": "3",
    "start_year": "2026",
    "order": "index",
    "ward": "stroke",
    "sure": "on",
}


def drawn(form: forms.Form, name: str, brand: str = "govuk") -> html.HtmlElement:
    template = engines["jinja2"].from_string("{{ field(form[name]) }}")
    return html.fromstring(template.render({"form": form, "name": name, "brand": brand}))


def test_a_filled_form_is_valid_and_gives_python_values() -> None:
    form = EveryField(GOOD)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["start"] == date(2026, 3, 27)
    assert form.cleaned_data["beds"] == 24


@pytest.mark.parametrize("brand", ["govuk", "nhs"])
@pytest.mark.parametrize("name", list(EveryField.base_fields))
def test_every_field_has_a_name_for_each_control_in_both_brands(name: str, brand: str) -> None:
    group = drawn(EveryField(), name, brand)
    controls = group.xpath(".//input | .//select | .//textarea")
    assert controls
    for control in controls:
        assert group.xpath(f".//label[@for='{control.get('id')}']"), control.get("id")


@pytest.mark.parametrize("brand", ["govuk", "nhs"])
def test_an_error_and_a_hint_are_tied_to_their_field(brand: str) -> None:
    form = EveryField(GOOD | {"name": ""})
    box = drawn(form, "name", brand).xpath(".//input")[0]
    assert box.get("aria-describedby").split() == ["id_name-hint", "id_name-error"]


def test_what_a_person_typed_comes_back_as_typed() -> None:
    form = EveryField(GOOD | {"beds": "lots", "start_day": "31", "start_month": "2"})
    assert drawn(form, "beds").xpath(".//input/@value") == ["lots"]
    assert drawn(form, "start").xpath(".//input/@value") == ["31", "2", "2026"]


@pytest.mark.parametrize(
    ("change", "name", "says"),
    [
        ({"beds": "lots"}, "beds", "Enter a whole number, for example 12."),
        ({"start_day": "31", "start_month": "2"}, "start", "Enter a real date, for example 27 3 2026."),
        ({"start_day": ""}, "start", "The date must have a day, a month and a year."),
        ({"start_day": "x"}, "start", "Enter a real date, for example 27 3 2026."),
        ({"start_day": "", "start_month": "", "start_year": ""}, "start", "Enter a date, for example 27 3 2026."),
        ({"name": ""}, "name", "Fill this in: we need an answer here."),
    ],
)
def test_errors_are_sentences(change: dict[str, str], name: str, says: str) -> None:
    assert EveryField(GOOD | change).errors[name][0] == says


def test_a_file_larger_than_allowed_is_refused_with_both_sizes() -> None:
    form = EveryField(GOOD, {"log": SimpleUploadedFile("log.csv", b"x" * 1_200_000)})
    assert form.errors["log"] == ["This file is 2 MB; at most 1 MB can be sent."]


def test_an_optional_field_says_so_and_a_required_one_does_not() -> None:
    assert "(optional)" in drawn(EveryField(), "email").text_content()
    assert "(optional)" not in drawn(EveryField(), "name").text_content()


def test_the_error_summary_links_each_error_to_an_id_that_is_there() -> None:
    form = EveryField({})
    template = engines["jinja2"].from_string(
        "<div>{{ error_summary(form) }}{% for b in form %}{{ field(b) }}{% endfor %}</div>"
    )
    page = html.fromstring(template.render({"form": form}))
    links = page.xpath("//div[contains(@class, 'error-summary')]//a/@href")
    assert len(links) == len(form.errors)
    for link in links:
        assert page.xpath(f"//*[@id='{link[1:]}']"), link


def test_a_password_is_never_written_back_and_may_be_pasted() -> None:
    class Secret(forms.Form):
        secret = fields.PasswordField(label="Password")

    box = drawn(Secret({"secret": "hunter2 hunter2"}), "secret").xpath(".//input")[0]
    assert not box.get("value")
    assert box.get("autocomplete") == "current-password"


def test_words_from_people_are_escaped() -> None:
    form = EveryField(GOOD | {"name": "<script>alert(1)</script>", "beds": '"><b>'})
    assert "<script>" not in html.tostring(drawn(form, "name")).decode().replace("&lt;script", "")
    assert drawn(form, "beds").xpath(".//b") == []
