"""Who may do what with movement data and releases of one organisation.

Analysts hold device-level data and ask for releases; an approver, never the same person, decides what leaves; planners
read what waits and what was decided, without the data; what is published is for everybody.
"""

from typing import Any

from folkmoot.foundation.identity.roles import Role

SEES = (Role.ANALYST, Role.APPROVER, Role.PLANNER)


def may_hold(user: Any, organisation: Any = None) -> bool:
    """Bringing in movement data, reading what is wrong with them, asking for releases, deleting them."""
    return bool(user.holds(Role.ANALYST, organisation=organisation))


def may_see(user: Any, organisation: Any = None) -> bool:
    """Every release of the organisation, whatever its state, with its disclosure report."""
    return bool(user.holds(*SEES, organisation=organisation))


def may_decide(user: Any, organisation: Any = None) -> bool:
    """Approving, refusing and withdrawing a release, and setting the smallest number of devices."""
    return bool(user.holds(Role.APPROVER, organisation=organisation))


def may_plan(user: Any, organisation: Any = None) -> bool:
    """Networks, assignments and schemes of the roads."""
    return bool(user.holds(Role.PLANNER, Role.ANALYST, organisation=organisation))


def may_read(user: Any, organisation: Any = None) -> bool:
    """The room's door; what is published needs none."""
    return may_see(user, organisation) or bool(user.holds(Role.PUBLIC_READER, organisation=organisation))
