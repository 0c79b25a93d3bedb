"""The one door out: nobody but disclosure makes what may be released, and what goes out takes nothing else."""

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "folkmoot"
DISCLOSE = SOURCE / "engines" / "mobility" / "disclose"
MAY_SEAL = {DISCLOSE / name for name in ("releasing.py", "releasable.py", "privacy.py")}


def _names(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    used |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return used | {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}


def test_only_disclosure_seals_a_table() -> None:
    found = {path for path in SOURCE.rglob("*.py") if _names(path) & {"sealed", "_Seal"}}
    assert found == MAY_SEAL


def test_raw_counts_and_events_are_read_by_no_page_or_program() -> None:
    """Services may ask for a release and read one; the counts behind it they never name."""
    secret = {"RawCounts", "Judged", "Protected", "Expanded", "tallies", "threshold", "expand"}
    found = {
        str(path.relative_to(SOURCE)): sorted(_names(path) & secret)
        for path in (SOURCE / "services" / "highways").rglob("*.py")
        if "tests" not in path.parts and _names(path) & secret
    }
    assert found == {}


def test_the_lint_sees_what_it_should(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("from folkmoot.engines.mobility.disclose.releasable import sealed\n")
    assert "sealed" in _names(planted)
    planted.write_text("import folkmoot.engines.mobility.disclose.releasable as r\nr._Seal\n")
    assert "_Seal" in _names(planted)
