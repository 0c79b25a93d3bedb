"""What people are asked for on the pages of highways."""

from folkmoot.services.highways.forms.datasets import BringIn, Deletion
from folkmoot.services.highways.forms.releases import Ask, Policy, Verdict, Withdrawal

__all__ = ["Ask", "BringIn", "Deletion", "Policy", "Verdict", "Withdrawal"]
