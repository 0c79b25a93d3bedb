"""Who may do what on the wards, in one organisation. Patients are for those who care for them; figures are for analysts."""

from typing import Any

from folkmoot.foundation.identity.roles import Role

SEES_PATIENTS = (Role.FLOW_MANAGER, Role.CLINICIAN, Role.WARD_CLERK)
ANALYSES = (Role.FLOW_MANAGER, Role.ANALYST)


def may_see_patients(user: Any, organisation: Any = None) -> bool:
    """Boards and lists: who look after patients or steer their flow."""
    return bool(user.holds(*SEES_PATIENTS, organisation=organisation))


def may_act(user: Any, organisation: Any = None) -> bool:
    """Taking and finishing tasks, planning discharges, saying why something waits."""
    return may_see_patients(user, organisation)


def may_analyse(user: Any, organisation: Any = None) -> bool:
    """Uploading logs, reading analyses, asking what-ifs: figures about everybody, not about anybody."""
    return bool(user.holds(*ANALYSES, organisation=organisation))


def may_choose_order(user: Any, organisation: Any = None) -> bool:
    """Changing the order by which all lists are made."""
    return bool(user.holds(Role.FLOW_MANAGER, organisation=organisation))


def may_enter(user: Any, organisation: Any = None) -> bool:
    """The front page of the wards: counts only."""
    return may_see_patients(user, organisation) or may_analyse(user, organisation)
