"""The URL map: every named route, as whom, in which state. A route with neither an entry nor a reason fails the build.

A service lists its pages in `folkmoot/services/NAME/tests/pages.py` as `PAGES`, a tuple of
`Entry("wards:board", role="flow_manager", prepare=a_hospital_with_patients)`, where `prepare(person)` makes the data and
returns the arguments of the address.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page

from folkmoot.config.rooms import rooms
from folkmoot.foundation.design.examples import examples


@dataclass(frozen=True)
class Entry:
    """A page to be looked at. `arrive` leads it into the state meant, for example by sending a form."""

    route: str
    state: str = "plain"
    role: str = ""
    query: str = ""
    arguments: tuple[Any, ...] = ()
    prepare: Callable[[Any], tuple[Any, ...]] | None = None
    arrive: Callable[[Page], None] | None = None
    full: bool = True
    status: int = 200
    languages: tuple[str, ...] = ("en-gb", "cy")

    def __str__(self) -> str:
        return f"{self.route} {self.state}".replace(" ", "-")


def _send_empty(page: Page) -> None:
    page.locator("main form button[type=submit], main form button:not([type])").first.click()


def _wrong_password(page: Page) -> None:
    page.fill("[name=login]", "nobody@example.org")
    page.fill("[name=password]", "not the password")
    _send_empty(page)


def _confirmed(page: Page) -> None:
    from folkmoot.foundation.identity.models import User
    from folkmoot.foundation.identity.personas import PASSWORD

    assert User.objects.exists()
    if "reauthenticate" in page.url and page.locator("[name=password]").count():
        page.fill("[name=password]", PASSWORD)
        _send_empty(page)


def a_job(person: Any, **state: Any) -> tuple[Any, ...]:
    """A job of this person's hospital, in some state."""
    from folkmoot.foundation.jobs.models import Job

    organisation = person.memberships.first().organisation
    return (Job.objects.for_organisation(organisation).create(by=person, **{"kind": "test.kind"} | state).pk,)


def a_search(person: Any) -> tuple[Any, ...]:
    """A search under way, with a trail to draw and a way to stop it."""
    from folkmoot.foundation.jobs import kinds

    if "a11y.search" not in kinds._kinds:
        kinds.kind("a11y.search", title="Searching", lines=("Best plan found", "No plan can beat"))(lambda *_: None)
    trail = [[0.0, 120.0, 60.0], [1.0, 110.0, 90.0], [2.5, 104.0, 101.0]]
    return a_job(person, kind="a11y.search", state="running", done=25, total=100, message="Proving", trail=trail)


def a_failed_job(person: Any) -> tuple[Any, ...]:
    return a_job(
        person, state="failed", error="Row 12 has no time: correct it and send it again.", finished_at=timezone.now()
    )


PAGES = (
    Entry("home"),
    Entry("home", "logged in", role="flow_manager", full=False),
    Entry("accessibility"),
    Entry("privacy", full=False),
    Entry("gallery", full=False),
    Entry("gallery_charts"),
    Entry("gallery_charts", "nhs", query="?brand=nhs", full=False),
    Entry("gallery_form"),
    Entry("gallery_form", "errors", arrive=_send_empty),
    Entry("gallery_form", "nhs", query="?brand=nhs"),
    Entry("gallery_form", "nhs errors", query="?brand=nhs", arrive=_send_empty, full=False),
    Entry("gallery_map"),
    Entry("gallery_progress", query="?done=50"),
    *(
        # The words are the same in both brands, so Welsh is looked at once.
        Entry(
            "gallery_component",
            f"{name} {brand}",
            arguments=(name,),
            query=f"?brand={brand}",
            full=False,
            languages=spoken,
        )
        for name in examples()
        for brand, spoken in (("govuk", ("en-gb", "cy")), ("nhs", ("en-gb",)))
    ),
    Entry("job", "waiting", role="analyst", prepare=a_job),
    Entry("job", "searching", role="analyst", prepare=a_search),
    Entry("job", "failed", role="analyst", prepare=a_failed_job, full=False),
    Entry("account_login"),
    Entry("account_login", "errors", arrive=_wrong_password),
    Entry("account_reset_password", full=False),
    Entry("account_reset_password_done", full=False),
    Entry("account_signup", "closed", full=False),
    Entry("account_inactive", full=False),
    Entry("mfa_index", role="flow_manager", arrive=_confirmed),
    Entry("mfa_activate_totp", role="public_reader", arrive=_confirmed),
    Entry("account_change_password", role="flow_manager", arrive=_confirmed, full=False),
    Entry("account_email", role="flow_manager", arrive=_confirmed, full=False),
)

NOT_PAGES = {
    "language": "POST only; the journey of the two languages walks it",
    "appearance": "POST only; the journey of light and dark walks it",
    "account_logout": "POST only: our header holds the button",
    "health_live": "JSON",
    "health_ready": "JSON",
    "metrics": "plain text for Prometheus",
    "job_progress": "a fragment of the job page",
    "job_stop": "a button's answer: it leads back to the job page",
    "mfa_download_recovery_codes": "a file",
    "openid_connect_login": "leads to the identity provider",
    "openid_connect_callback": "comes from the identity provider",
}
# Pages of allauth that need a letter, a key or a provider to arrive at. Their elements are ours and looked at above.
NEED_A_JOURNEY = {
    "account_reauthenticate", "account_email_verification_sent", "account_set_password", "account_confirm_login_code",
    "account_confirm_email", "account_reset_password_from_key", "account_reset_password_from_key_done",
    "mfa_authenticate", "mfa_reauthenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn", "mfa_edit_webauthn", "socialaccount_login_cancelled", "socialaccount_login_error",
    "socialaccount_signup", "socialaccount_connections",
}  # fmt: skip


def every_entry() -> tuple[Entry, ...]:
    """The foundation's pages and those of every service present."""
    listed = [f"folkmoot.services.{room}.tests.pages" for room in rooms()]
    theirs = [entry for name in listed if find_spec(name) for entry in import_module(name).PAGES]
    return (*PAGES, *theirs)


def not_pages() -> dict[str, str]:
    """Routes that are no pages, each with its reason: the foundation's and every service's."""
    listed = [f"folkmoot.services.{room}.tests.pages" for room in rooms()]
    found = dict(NOT_PAGES)
    for name in listed:
        if find_spec(name):
            found |= getattr(import_module(name), "NOT_PAGES", {})
    return found
