"""Which column is what: said by the user, read from a TOML file, or inferred from the names and then stated."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Mapping_
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path

from folkmoot.engines.flow.logs.log import LogError
from folkmoot.engines.flow.logs.times import kind_of

KNOWN: dict[str, tuple[str, ...]] = {
    "case": (
        "case id", "case_id", "caseid", "case:concept:name", "case concept:name", "case", "spell_id", "spell id", "spell",
        "encounter_id", "encounter", "patient_id", "patient id", "patient", "nhs_number", "nhs number", "trace",
    ),
    "activity": (
        "activity", "concept:name", "activity_name", "activity name", "handling", "event", "event_type", "task", "step",
    ),
    "timestamp": (
        "complete timestamp", "complete_timestamp", "completed_at", "time:timestamp", "timestamp", "end_timestamp",
        "end timestamp", "end_time", "end time", "end",
        "complete", "completed", "completion_time", "event_time", "event_datetime", "time", "datetime", "date",
    ),
    "start": ("start timestamp", "start_timestamp", "started_at", "start_time", "start time", "start"),
    "resource": (
        "org:group", "group", "department", "team", "ward", "resource", "org:resource", "employee", "resource_id",
        "specialty", "producer", "section",
    ),
    "lifecycle": ("lifecycle:transition", "lifecycle", "registration_type", "transition"),
    "instance": ("concept:instance", "handling_id", "activity_instance_id", "activity_instance", "instance"),
}  # fmt: skip
REQUIRED = ("case", "activity", "timestamp")


@dataclass(frozen=True, slots=True)
class Mapping:
    """Names of columns, and how to read them. None: infer, or do without.

    `admission` and `discharge` are patterns of activities, such as "Release*". `dayfirst` decides 03/04/2026;
    `time_format` is in the manner of strptime. `keep` names further columns to keep as text, separated by commas.
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
    time_format: str | None = None
    keep: str | None = None

    @property
    def kept(self) -> tuple[str, ...]:
        """The columns named in `keep`."""
        return tuple(name.strip() for name in (self.keep or "").split(",") if name.strip())

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


def infer_mapping(
    columns: Sequence[str], given: Mapping | None = None, sample: Mapping_[str, Sequence[str]] | None = None
) -> tuple[Mapping, list[str]]:
    """The mapping for a table with `columns`, and a sentence for everything inferred.

    Names decide; a time that no name gives away is the one column of the `sample` (texts by column) that holds times.
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
        if found is None and role == "timestamp":
            found = _by_contents(sample or {}, taken, statements)
        if found is None:
            if role in REQUIRED:
                raise LogError(
                    f"No column looks like the {role}. The columns are: {', '.join(columns)}. Say which with --{role}."
                )
            continue
        taken.add(found)
        mapping = Mapping(**{**asdict(mapping), role: found})
        statements.append(f"“{found}” was taken for the {role}.")
    for name in mapping.kept:
        _existing(name, columns, "attributes to keep")
    return mapping, statements


def _by_contents(sample: Mapping_[str, Sequence[str]], taken: set[str], statements: list[str]) -> str | None:
    """The column whose texts are all times written with punctuation, if there is exactly one."""
    times = [
        name
        for name, texts in sample.items()
        if name not in taken
        and (filled := [t.strip() for t in texts if t.strip()])
        and all(kind_of(t) in ("year first", "year last", "month named") for t in filled)
    ]
    if len(times) != 1:
        return None
    statements.append(f"“{times[0]}” is the only column that holds times.")
    return times[0]


def _existing(name: str, columns: Sequence[str], role: str) -> str:
    if name in columns:
        return name
    close = get_close_matches(name, columns, n=1)
    hint = f" Did you mean “{close[0]}”?" if close else ""
    raise LogError(f"There is no column “{name}” for the {role}.{hint} The columns are: {', '.join(columns)}.")
