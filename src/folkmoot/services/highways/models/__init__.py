"""What a roads authority keeps of movement: data sets, releases, who decided what; and, in `roads`, its networks.

Django finds them all here.
"""

from importlib import import_module
from importlib.util import find_spec

from folkmoot.services.highways.models.datasets import Dataset, Origin, State
from folkmoot.services.highways.models.deciding import Decision, Verb
from folkmoot.services.highways.models.policies import DisclosurePolicy
from folkmoot.services.highways.models.releases import LawfulBasis, Release, Status

# The roads build on the rows above, so they come last.
if find_spec("folkmoot.services.highways.roads") and find_spec("folkmoot.services.highways.roads.models"):
    import_module("folkmoot.services.highways.roads.models")

__all__ = [
    "Dataset", "Decision", "DisclosurePolicy", "LawfulBasis", "Origin", "Release", "State", "Status", "Verb",
]  # fmt: skip
