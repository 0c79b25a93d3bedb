"""A form counts once, however often it is sent."""

from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory
from lxml import html

from folkmoot.foundation.design.models import SentForm
from folkmoot.foundation.design.once import hidden_token, once_only

pytestmark = pytest.mark.django_db


def sent(token: str, **data: str) -> HttpRequest:
    return RequestFactory().post("/somewhere/", {"form_token": token, **data})


@pytest.fixture
def bed() -> tuple[list[str], object]:
    freed: list[str] = []

    @once_only
    def free(request: HttpRequest) -> HttpResponse:
        if request.POST.get("wrong"):
            return HttpResponse(status=422)
        freed.append(request.POST.get("bed", ""))
        return redirect(f"/beds/{len(freed)}/")

    return freed, free


def test_a_form_sent_twice_does_its_work_once_and_leads_to_the_same_place(bed) -> None:
    freed, free = bed
    token = str(uuid4())
    first, second = free(sent(token, bed="A4")), free(sent(token, bed="A4"))
    assert freed == ["A4"]
    assert first["Location"] == second["Location"] == "/beds/1/"


def test_two_showings_of_a_form_are_two_forms(bed) -> None:
    freed, free = bed
    for _ in range(2):
        token = html.fromstring(str(hidden_token())).get("value")
        free(sent(token, bed="A4"))
    assert freed == ["A4", "A4"]


def test_a_form_with_errors_may_be_corrected_and_sent_again(bed) -> None:
    freed, free = bed
    token = str(uuid4())
    assert free(sent(token, wrong="yes")).status_code == 422
    free(sent(token, bed="B2"))
    assert freed == ["B2"]


def test_a_view_that_fails_leaves_the_token_unused() -> None:
    @once_only
    def fail(request: HttpRequest) -> HttpResponse:
        raise ValueError("the lift is stuck")

    token = str(uuid4())
    with pytest.raises(ValueError, match="lift"):
        fail(sent(token))
    assert not SentForm.objects.filter(pk=token).exists()


def test_a_broken_constraint_in_the_work_itself_is_not_taken_for_a_repeat() -> None:
    @once_only
    def clash(request: HttpRequest) -> HttpResponse:
        raise IntegrityError("two patients in one bed")

    with pytest.raises(IntegrityError, match="two patients"):
        clash(sent(str(uuid4())))


@pytest.mark.parametrize("token", ["", "not-a-token"])
def test_a_form_without_its_token_is_refused_in_words(bed, token: str) -> None:
    freed, free = bed
    answer = free(sent(token))
    assert answer.status_code == 400
    assert "token" in answer.content.decode()
    assert freed == []


def test_looking_at_a_page_needs_no_token(bed) -> None:
    @once_only
    def show(request: HttpRequest) -> HttpResponse:
        return HttpResponse("here")

    assert show(RequestFactory().get("/")).content == b"here"
