"""Letting people in and out of organisations."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.foundation import audit
from folkmoot.foundation.identity.models import Membership, Organisation, User
from folkmoot.foundation.identity.roles import Role


class NotAdmitted(Exception):
    """Why somebody was not let in, as a sentence."""


@transaction.atomic
def add_organisation(*, code: str, name: str, name_cy: str = "", by: Any) -> Organisation:
    """An organisation of this place; given again, its names are brought up to date."""
    made, _new = Organisation.objects.update_or_create(code=code, defaults={"name": name, "name_cy": name_cy})
    audit.record(
        action="identity.add_organisation", target=made, by=by, organisation=made, after={"code": audit.Open(code)}
    )
    return made


@transaction.atomic
def admit(*, email: str, name: str, role: str, organisation: str, password: str | None, by: Any) -> Membership:
    """Give a person a role in an organisation; a person not known yet is made, with this password."""
    place = Organisation.objects.filter(code=organisation).first()
    if place is None:
        raise NotAdmitted(_("There is no organisation with the code %s: add it first.") % organisation)
    if role not in Role.values:
        raise NotAdmitted(
            _("There is no role called %(role)s; there are: %(all)s.") % {"role": role, "all": ", ".join(Role.values)}
        )
    user = User.objects.filter(email=email.lower()).first() or _new(email, name, password)
    held, _made = Membership.objects.get_or_create(user=user, organisation=place, role=role)
    audit.record(action="identity.admit", target=user, by=by, organisation=place, after={"role": audit.Open(role)})
    return held


@transaction.atomic
def dismiss(*, membership: Membership, by: Any) -> None:
    """Take a role from a person."""
    audit.record(
        action="identity.dismiss", target=membership.user, by=by, organisation=membership.organisation,
        before={"role": audit.Open(membership.role)},
    )  # fmt: skip
    membership.delete()


def _new(email: str, name: str, password: str | None) -> User:
    try:
        validate_password(password or "", User(email=email, name=name))
    except ValidationError as refusal:
        raise NotAdmitted(" ".join(refusal.messages)) from None
    user = User.objects.create_user(email, name=name, password=password)
    # Whoever admits a person vouches for the address; there is no self-registration.
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
