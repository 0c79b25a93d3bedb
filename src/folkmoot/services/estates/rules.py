"""Who may do what with estates and programmes of one organisation: planners propose, approvers decide, readers read."""

from typing import Any

from folkmoot.foundation.identity.roles import Role

PLANS = (Role.PLANNER, Role.ANALYST)
SEES = (*PLANS, Role.APPROVER)


def may_see(user: Any, organisation: Any = None) -> bool:
    """Estates and every programme, whatever its status."""
    return bool(user.holds(*SEES, organisation=organisation))


def may_plan(user: Any, organisation: Any = None) -> bool:
    """Bringing in estates, stating what is known of them, and having programmes worked out."""
    return bool(user.holds(*PLANS, organisation=organisation))


def may_propose(user: Any, organisation: Any = None) -> bool:
    """Putting a programme forward, and taking it back."""
    return bool(user.holds(Role.PLANNER, organisation=organisation))


def may_decide(user: Any, organisation: Any = None) -> bool:
    """Approving and declining."""
    return bool(user.holds(Role.APPROVER, organisation=organisation))


def may_read(user: Any, organisation: Any = None) -> bool:
    """What has been approved."""
    return may_see(user, organisation) or bool(user.holds(Role.PUBLIC_READER, organisation=organisation))
