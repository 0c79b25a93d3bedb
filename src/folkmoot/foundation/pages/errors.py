"""What a person sees when something is wrong: a sentence, and what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def _page(request: HttpRequest, status: int, title: str, advice: str) -> HttpResponse:
    said = {"title": title, "advice": advice, "request_id": getattr(request, "id", "")}
    return render(request, "pages/error.html", said, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400, _("This request cannot be read"), _("Go back, check what you entered and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    advice = str(exception) or _("Ask your organisation's administrator if you need this page for your work.")
    return _page(request, 403, _("You may not do this"), advice)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404, _("Page not found"), _("Check the address, or start again from the front page."))


def broken(request: HttpRequest) -> HttpResponse:
    advice = _("It is our fault, not yours, and nothing you sent was half saved. Try again later.")
    return _page(request, 500, _("Something went wrong"), advice)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    advice = _("The page was open for too long, or cookies are off. Go back, reload the page and send it again.")
    return _page(request, 403, _("This form has expired"), advice)
