"""The accessibility harness: is this page, as it stands now, usable by keyboard, by ear, large, dark, narrow and still?

    from tests.a11y import audit_page
    assert audit_page(page) == []

axe-core sees part of what goes wrong (docs/decisions/0022). Beside it: a keyboard walk, the browser's own accessibility
tree, layout at 320 pixels and large text, words and forms, and what changes without being said. Each check has planted
faults that it must catch: test_the_harness_catches_planted_faults.py.
"""

from tests.a11y.audit import audit_page
from tests.a11y.finding import Finding

__all__ = ["Finding", "audit_page"]
