"""The least an organisation asks of its releases."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from folkmoot.services.highways import queries
from folkmoot.services.highways.actions.audited import record
from folkmoot.services.highways.models import DisclosurePolicy


@transaction.atomic
def set_policy(*, organisation: Any, minimum_k: int, round_base: int, by: Any) -> DisclosurePolicy:
    """Set how many devices a cell needs at least, and how numbers are rounded, for releases asked from now on."""
    policy = queries.policy(organisation)
    before = {"minimum_k": policy.minimum_k, "round_base": policy.round_base}
    policy.minimum_k, policy.round_base, policy.by = minimum_k, round_base, by
    policy.save()
    record("set_policy", policy, by, {"minimum_k": minimum_k, "round_base": round_base}, before)
    return policy
