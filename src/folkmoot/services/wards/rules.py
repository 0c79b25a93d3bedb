"""Who may do what on the wards."""

from typing import Any

from folkmoot.foundation.identity.roles import Role

SEES_PATIENTS = (Role.FLOW_MANAGER, Role.CLINICIAN, Role.WARD_CLERK)
ANALYSES = (Role.FLOW_MANAGER, Role.ANALYST)


def may_see_patients(user: Any) -> bool:
    """Boards and lists: who look after patients or steer their flow."""
    return bool(user.holds(*SEES_PATIENTS))


def may_analyse(user: Any) -> bool:
    """Uploading logs, reading analyses, asking what-ifs: figures about everybody, not about anybody."""
    return bool(user.holds(*ANALYSES))


def may_choose_order(user: Any) -> bool:
    """Changing the order by which all lists are made."""
    return bool(user.holds(Role.FLOW_MANAGER))


def may_enter(user: Any) -> bool:
    """The front page of the wards."""
    return may_see_patients(user) or may_analyse(user)
