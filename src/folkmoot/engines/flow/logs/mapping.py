"""Which column is what: said by the user, read from a TOML file, or inferred from the names and then stated."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path

from folkmoot.engines.flow.logs.log import LogError

KNOWN: dict[str, tuple[str, ...]] = {
    "case": (
        "case id", "case_id", "caseid", "case:concept:name", "case concept:name", "case", "patient_id", "patient id",
        "patient", "encounter", "spell", "trace",
    ),
    "activity": ("activity", "concept:name", "activity_name", "handling", "event", "task", "step"),
    "timestamp": (
        "complete timestamp", "complete_timestamp", "completed_at", "time:timestamp", "timestamp", "end_timestamp",
        "end_time", "end", "time", "datetime", "date",
    ),
    "start": ("start timestamp", "start_timestamp", "started_at", "start_time", "start"),
    "resource": (
        "org:group", "group", "department", "team", "ward", "resource", "org:resource", "employee", "resource_id",
        "producer", "section",
    ),
    "lifecycle": ("lifecycle:transition", "lifecycle", "registration_type", "transition"),
    "instance": ("concept:instance", "handling_id", "activity_instance_id", "activity_instance", "instance"),
}  # fmt: skip
REQUIRED = ("case", "activity", "timestamp")


@dataclass(frozen=True, slots=True)
class Mapping:
    """Names of columns, and how to read them. None: infer, or do without.

    `admission` and `discharge` are patterns of activities, such as "Release*". `dayfirst` decides 03/04/2026.
    """

    case: str | None = None
    activity: str | None = None
    timestamp: str | None = None
    start: str | None = None
    resource: str | None = None
    lifecycle: str | None = None
    instance: str | None = None
    sep: str | None = None
    dayfirst: bool | None = None
    admission: str | None = None
    discharge: str | None = None
    object_type: str | None = None

    @classmethod
    def from_toml(cls, path: Path) -> Mapping:
        """A mapping from a TOML file whose keys are the names above."""
        try:
            found = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise LogError(f"There is no mapping “{path}”.") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise LogError(f"The mapping “{path}” is not TOML: {error}.") from error
        names = {f.name for f in fields(cls)}
        for key, value in found.items():
            if key not in names:
                raise LogError(f"The mapping “{path}” has “{key}”; it may have {', '.join(sorted(names))}.")
            if not isinstance(value, bool if key == "dayfirst" else str):
                raise LogError(f"In the mapping “{path}”, “{key}” must be text{' or true' * (key == 'dayfirst')}.")
        return cls(**found)

    def with_given(self, given: Mapping) -> Mapping:
        """This mapping with everything that `given` says instead."""
        said = {f.name: getattr(given, f.name) for f in fields(given) if getattr(given, f.name) is not None}
        return replace(self, **said)


def infer_mapping(columns: Sequence[str], given: Mapping | None = None) -> tuple[Mapping, list[str]]:
    """The mapping for a table with `columns`, and a sentence for everything inferred.

    Raises `LogError` naming the columns there are when a needed one is neither given nor found.
    """
    mapping = given or Mapping()
    statements: list[str] = []
    lower = {name.strip().lower(): name for name in reversed(columns)}
    taken: set[str] = set()
    for role, names in KNOWN.items():
        said = getattr(mapping, role)
        if said is not None:
            taken.add(_existing(said, columns, role))
            continue
        found = next((lower[n] for n in names if n in lower and lower[n] not in taken), None)
        if found is None:
            if role in REQUIRED:
                raise LogError(
                    f"No column looks like the {role}. The columns are: {', '.join(columns)}. Say which with --{role}."
                )
            continue
        taken.add(found)
        mapping = mapping.with_given(_only(role, found))
        statements.append(f"“{found}” was taken for the {role}.")
    return mapping, statements


def _only(role: str, column: str) -> Mapping:
    mapping = Mapping()
    object.__setattr__(mapping, role, column)
    return mapping


def _existing(name: str, columns: Sequence[str], role: str) -> str:
    if name in columns:
        return name
    close = get_close_matches(name, columns, n=1)
    hint = f" Did you mean “{close[0]}”?" if close else ""
    raise LogError(f"There is no column “{name}” for the {role}.{hint} The columns are: {', '.join(columns)}.")
