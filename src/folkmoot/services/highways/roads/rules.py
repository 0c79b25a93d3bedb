"""Who may do what with studies and schemes of one organisation; what is approved is for everybody."""

from folkmoot.services.highways.rules import may_decide, may_plan, may_see

__all__ = ["may_decide", "may_plan", "may_see"]
