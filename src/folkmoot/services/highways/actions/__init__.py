"""What people do with movement data and releases. Each verb is one transaction, audited."""

from folkmoot.services.highways.actions.audited import NotPossible
from folkmoot.services.highways.actions.datasets import bring_in, check_again, delete_events
from folkmoot.services.highways.actions.policies import set_policy
from folkmoot.services.highways.actions.releases import approve, make_again, publish_again, refuse, request, withdraw

__all__ = [
    "NotPossible",
    "approve",
    "bring_in",
    "check_again",
    "delete_events",
    "make_again",
    "publish_again",
    "refuse",
    "request",
    "set_policy",
    "withdraw",
]
