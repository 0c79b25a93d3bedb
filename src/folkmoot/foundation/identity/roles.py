"""The roles a person may hold in an organisation."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """One person may hold several, in several organisations."""

    ADMINISTRATOR = "administrator", _("Administrator")
    ANALYST = "analyst", _("Analyst")
    AUDITOR = "auditor", _("Auditor")
    CLINICIAN = "clinician", _("Clinician")
    FLOW_MANAGER = "flow_manager", _("Flow manager")
    WARD_CLERK = "ward_clerk", _("Ward clerk")
    PLANNER = "planner", _("Planner")
    APPROVER = "approver", _("Approver")
    PUBLIC_READER = "public_reader", _("Public reader")


# Everyone who can see records of people must log in with a second factor.
STAFF = frozenset(Role) - {Role.PUBLIC_READER}
