"""The safeguard against compiled code that is older than its source."""

from __future__ import annotations

import os
from pathlib import Path

from conftest import drop_stale_compilations


def test_compiled_code_older_than_any_source_file_goes_and_newer_code_stays(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    ages = {"loop.py": 100, "called.py": 300, "__pycache__/loop.1.nbc": 200, "__pycache__/called.1.nbi": 400}
    for name, moment in ages.items():
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (moment, moment))
    assert drop_stale_compilations(tmp_path) == [tmp_path / "__pycache__/loop.1.nbc"]
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == ["called.1.nbi", "called.py", "loop.py"]
