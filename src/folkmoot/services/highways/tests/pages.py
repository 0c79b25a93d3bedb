"""The pages of highways in their states, for the accessibility run."""

from importlib import import_module
from importlib.util import find_spec

from tests.a11y.pages import Entry

PAGES: tuple[Entry, ...] = (
    Entry("highways:home", role="analyst"),
    Entry("highways:published"),
)
NOT_PAGES: dict[str, str] = {}
_ROADS = "folkmoot.services.highways.roads"
if find_spec(_ROADS) and find_spec(f"{_ROADS}.tests") and find_spec(f"{_ROADS}.tests.pages"):
    PAGES += import_module(f"{_ROADS}.tests.pages").PAGES
    NOT_PAGES |= import_module(f"{_ROADS}.tests.pages").NOT_PAGES
