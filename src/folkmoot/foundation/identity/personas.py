"""The demo's people: one for each role, in two hospitals, a council and a roads authority. Never made outside the demo."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from folkmoot.foundation.identity.models import Membership, Organisation, User
from folkmoot.foundation.identity.roles import Role

PASSWORD = "folkmoot-demo-only"  # noqa: S105 – printed by `folkmoot serve --demo`; production refuses to make these people


@dataclass(frozen=True)
class Persona:
    """Someone to be in the demo."""

    email: str
    name: str
    role: Role
    organisation: str


ORGANISATIONS = {
    "RM1": ("Mootham Hospital", "Ysbyty Mootham"),
    "RM2": ("Overmoor Hospital", "Ysbyty Overmoor"),
    "E09": ("Mootham Council", "Cyngor Mootham"),
    "HA1": ("Mootham Highways", "Priffyrdd Mootham"),
}
PERSONAS = (
    Persona("flora@demo.example", "Flora Manager", Role.FLOW_MANAGER, "RM1"),
    Persona("ann@demo.example", "Ann Alyst", Role.ANALYST, "RM1"),
    Persona("clive@demo.example", "Clive Nician", Role.CLINICIAN, "RM1"),
    Persona("wendy@demo.example", "Wendy Clerk", Role.WARD_CLERK, "RM1"),
    Persona("audrey@demo.example", "Audrey Tor", Role.AUDITOR, "RM1"),
    Persona("adam@demo.example", "Adam Strator", Role.ADMINISTRATOR, "RM1"),
    Persona("oswin@demo.example", "Oswin Manager", Role.FLOW_MANAGER, "RM2"),
    Persona("esme@demo.example", "Esme States", Role.PLANNER, "RM1"),
    Persona("earl@demo.example", "Earl Approver", Role.APPROVER, "RM1"),
    Persona("rhian@demo.example", "Rhian Reader", Role.PUBLIC_READER, "RM1"),
    Persona("pip@demo.example", "Pip Lanner", Role.PLANNER, "E09"),
    Persona("april@demo.example", "April Rover", Role.APPROVER, "E09"),
    Persona("cai@demo.example", "Cai Analyst", Role.ANALYST, "E09"),
    Persona("petra@demo.example", "Petra Public", Role.PUBLIC_READER, "E09"),
    Persona("hana@demo.example", "Hana Lyst", Role.ANALYST, "HA1"),
    Persona("hugh@demo.example", "Hugh Wayman", Role.PLANNER, "HA1"),
    Persona("harriet@demo.example", "Harriet Approver", Role.APPROVER, "HA1"),
    Persona("hari@demo.example", "Hari Reader", Role.PUBLIC_READER, "HA1"),
)


@transaction.atomic
def make() -> list[User]:
    """Make the demo's organisations and people, once; run again it changes nothing."""
    if settings.FOLKMOOT["production"]:
        raise RuntimeError("The demo's people have a password everybody knows, so they are never made in production.")
    places = {
        code: Organisation.objects.get_or_create(code=code, defaults={"name": name, "name_cy": welsh})[0]
        for code, (name, welsh) in ORGANISATIONS.items()
    }
    return [_person(persona, places[persona.organisation]) for persona in PERSONAS]


def _person(persona: Persona, place: Organisation) -> User:
    user = User.objects.filter(email=persona.email).first() or User.objects.create_user(
        persona.email, name=persona.name, password=PASSWORD
    )
    EmailAddress.objects.get_or_create(user=user, email=persona.email, defaults={"verified": True, "primary": True})
    Membership.objects.get_or_create(user=user, organisation=place, role=persona.role)
    return user
