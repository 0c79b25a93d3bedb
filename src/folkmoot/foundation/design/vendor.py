"""The vendors' style sheets without their fonts, which may not be used off their own domains; one set lies elsewhere.

A browser may ask for a declared font before our rules replace it (Chromium 156 does, for a sheet imported into a
layer), so the declarations themselves have to go. The rest of each sheet is served as it was published.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

PREFIX = "vendor"
SHEETS = {"govuk.css": "govuk/govuk-frontend.min.css", "nhsuk.css": "nhsuk/nhsuk-frontend.min.css"}


def without_fonts(sheet: str) -> str:
    """The sheet without its @font-face rules and the map of a source that is not served."""
    return re.sub(r"/\*# sourceMappingURL=.*?\*/", "", re.sub(r"@font-face\s*\{[^}]*\}", "", sheet))


class VendorFinder(finders.BaseFinder):
    """Finds vendor/govuk.css and vendor/nhsuk.css, made from the npm packages when first asked for."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=str(settings.FOLKMOOT["var"] / PREFIX))
        self.storage.prefix = PREFIX  # type: ignore[attr-defined]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> str | list[str]:
        folder, _, name = path.partition("/")
        made = self._made(name) if folder == PREFIX and name in SHEETS else None
        if made is None:
            return []
        return [str(made)] if find_all else str(made)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, FileSystemStorage]]:
        for name in SHEETS:
            if self._made(name):
                yield name, self.storage

    def _made(self, name: str) -> Path | None:
        published = _published(SHEETS[name])
        if published is None:
            return None
        made = Path(self.storage.location) / name
        if not made.exists() or made.stat().st_mtime < published.stat().st_mtime:
            made.parent.mkdir(parents=True, exist_ok=True)
            fresh = made.with_suffix(".new")
            fresh.write_text(without_fonts(published.read_text(encoding="utf-8")), encoding="utf-8")
            fresh.replace(made)
        return made


def _published(path: str) -> Path | None:
    found = finders.FileSystemFinder().find(path)
    return Path(str(found)) if found else None
