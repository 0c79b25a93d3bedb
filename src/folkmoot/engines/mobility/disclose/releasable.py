"""The one thing that may leave. Only `release` makes one, and only a folder whose digests fit is read back as one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from folkmoot.engines.mobility.disclose.published import Published
from folkmoot.engines.mobility.errors import MobilityError

if TYPE_CHECKING:
    from folkmoot.engines.mobility.disclose.auditing import Audit


@dataclass(frozen=True, eq=False, slots=True)
class _Seal:
    """Which two tables were released: it fits no others."""

    table: pa.Table
    suppressed: pa.Table


FILES = ("od.csv", "suppressed.csv")


@dataclass(frozen=True, eq=False)
class Releasable:
    """A released table: `table` (keys, value, low, high), `suppressed` (keys, reason, why) and the `manifest`."""

    published: Published = field(repr=False)
    table: pa.Table
    suppressed: pa.Table
    manifest: Mapping[str, Any] = field(repr=False)
    seal: object = field(repr=False, default=None)

    def __post_init__(self) -> None:
        seal = self.seal
        if not (isinstance(seal, _Seal) and seal.table is self.table and seal.suppressed is self.suppressed):
            raise TypeError("Only disclose.release makes what may leave; a table cannot be declared safe by hand.")

    def approved(self, *, by: str | None, at: str | None, checked: Audit) -> Releasable:
        """The same numbers with who approved them, when, and the audit of that moment in the manifest.

        Raises `MobilityError` when that audit found something given away.
        """
        if not checked.safe:
            raise MobilityError(
                f"“{self.published.name}” gives somebody away beside what is published, so nobody can approve it."
            )
        manifest = {**self.manifest, "approved_by": by, "approved_at": at, "audit": checked.record()}
        return replace(self, manifest=manifest)

    def write(self, folder: Path | str) -> None:
        """`od.csv`, `suppressed.csv` and, when both are there, `manifest.json` with their digests.

        Raises `MobilityError` when the folder holds another release: releases are added, not overwritten.
        """
        out = Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        if (out / "manifest.json").exists():
            raise MobilityError(f"“{out.name}” holds a release already. Name a new folder; what is published stays.")
        for name, table in zip(FILES, (self.table, self.suppressed), strict=True):
            pa.csv.write_csv(table, out / name)
        whole = {**self.manifest, "files": {name: _digest(out / name) for name in FILES}}
        (out / "manifest.json").write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read(folder: Path | str) -> Releasable:
    """A release from its folder. Raises `MobilityError` when a file is missing or is not the one the manifest names."""
    place = Path(folder)
    try:
        manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
        digests = manifest["files"]
    except FileNotFoundError:
        raise MobilityError(f"“{place.name}” is no release: it has no manifest.json.") from None
    except (json.JSONDecodeError, KeyError, UnicodeDecodeError):
        raise MobilityError(f"The manifest of “{place.name}” cannot be read. Fetch the release again.") from None
    for name in FILES:
        if not (place / name).exists():
            raise MobilityError(f"“{place.name}” lacks {name}, which its manifest names. Fetch the release again.")
        if _digest(place / name) != digests.get(name):
            raise MobilityError(
                f"{name} in “{place.name}” is not the file its manifest names: it was changed afterwards."
            )
    keys = tuple(manifest["keys"])
    table, suppressed = (_csv(place / name, keys) for name in FILES)
    return sealed(published_of(manifest, table, suppressed), table, suppressed, manifest)


def sealed(published: Published, table: pa.Table, suppressed: pa.Table, manifest: Mapping[str, Any]) -> Releasable:
    """For `release` and `read` alone; a contract test holds that nobody else calls it."""
    return Releasable(published, table, suppressed, manifest, _Seal(table, suppressed))


def published_of(manifest: Mapping[str, Any], table: pa.Table, suppressed: pa.Table) -> Published:
    """What a reader of these files knows."""
    policy = manifest["policy"]
    value = manifest["measure"]
    return Published(
        name=manifest["name"],
        keys=tuple(manifest["keys"]),
        totals=tuple(tuple(level) for level in manifest["totals"]),
        additive=manifest["additive"],
        measure=value,
        k=policy["k"],
        round_base=policy["round_base"],
        unit=manifest["unit"],
        whole=manifest["whole"],
        table=table.select([*manifest["keys"], value]).rename_columns([*manifest["keys"], "value"]),
        blanks=suppressed.select([*manifest["keys"], "reason"]),
        domain={name: tuple(values) for name, values in manifest["domain"].items()},
        dates=tuple(manifest["dates"]),
        fixed=dict(manifest["fixed"]),
        units={name: tuple(parts) for name, parts in manifest["units"].items()},
    )


def _csv(path: Path, keys: tuple[str, ...]) -> pa.Table:
    types: dict[str, pa.DataType] = {name: pa.string() for name in (*keys, "reason", "why")}
    options = pa.csv.ConvertOptions(column_types=types, null_values=[""], strings_can_be_null=True)
    return pa.csv.read_csv(path, convert_options=options)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
