"""From the town's events to a release: the truth shows through, and nothing else does."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from folkmoot.engines.mobility import where
from folkmoot.engines.mobility.disclose import Policy, audit
from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.od import Evidence, Settings, gather
from folkmoot.engines.mobility.stays import from_events
from folkmoot.store.movement import keeper, session
from folkmoot.town import movement

POLICY = Policy(k=10, secret=b"a secret of tests")


@pytest.fixture(scope="module")
def town() -> Any:
    return movement.build(seed=1, residents=8_000)


@pytest.fixture(scope="module")
def place(town: Any) -> tuple[Any, Any]:
    shapes = [shapely.from_wkb(each) for each in town["zones"]["wkb"].to_pylist()]
    return where.cells.of(town["cells"]), where.zones.of(
        dict(zip(town["zones"]["zone_id"].to_pylist(), shapes, strict=True))
    )


@pytest.fixture(scope="module")
def backend() -> Iterator[Any]:
    with session() as opened:
        yield opened


@pytest.fixture(scope="module")
def evidence(town: Any, place: Any, backend: Any, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    told: list[str] = []
    made = gather(
        backend.create_table("events", town["events"]), *place, population=town["population"],
        settings=Settings(totals=(("origin",), ())), keep=keeper(backend, tmp_path_factory.mktemp("kept")),
        progress=lambda step, done, total: told.append(step),
    )  # fmt: skip
    assert told[0] == "Checking events and finding stays"
    assert len(told) == 7
    return made


def test_released_trips_follow_the_true_ones(evidence: Evidence, town: Any) -> None:
    made = evidence.release(policy=POLICY, name="the day")
    ends = (town["truth_trips"][name].to_pylist() for name in ("origin_zone", "destination_zone"))
    truth = Counter(zip(*ends, strict=True))
    rows = [row for row in made.table.to_pylist() if row["origin"] and row["destination"]]
    rows = [row for row in rows if row["origin"] != row["destination"]]
    found = np.array([row["trips"] for row in rows])
    true = np.array([truth[row["origin"], row["destination"]] for row in rows])
    assert len(rows) > 20
    assert np.corrcoef(found, true)[0, 1] > 0.6


def test_nothing_of_a_release_is_given_away_and_its_manifest_says_how(evidence: Evidence) -> None:
    made = evidence.release(policy=POLICY, name="the day")
    assert audit(made.published).safe
    assert made.manifest["dates"] == ["2026-03-02"]
    assert made.manifest["policy"]["order"][0] == "distinct raw devices"
    assert any("who carries no phone" in said for said in made.manifest["statements"])
    assert made.manifest["audit"]["linear_programs"] > 0
    assert all(row["low"] <= row["trips"] <= row["high"] for row in made.table.to_pylist())


def test_no_exact_count_of_devices_goes_out(evidence: Evidence) -> None:
    made = evidence.release(policy=POLICY, name="the day")
    told = str([made.manifest["statements"], made.manifest["audit"], made.manifest["parameters"]])
    counts = [evidence.found[name] for name in ("devices", "trips", "accepted", "events")]
    assert not [count for count in counts if str(count) in told.replace(",", "") or f"{count:,}" in told]
    assert any("devices" in said for said in evidence.inside)


def test_the_same_events_give_the_same_release(evidence: Evidence) -> None:
    one, other = (evidence.release(policy=POLICY, name="the day") for _ in range(2))
    assert one.table.equals(other.table)
    assert one.manifest == other.manifest


def test_parts_together_are_the_whole(
    evidence: Evidence, place: Any, town: Any, backend: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(from_events, "PART", 50_000)
    told: list[str] = []
    made = gather(
        backend.table("events"), *place, population=town["population"], settings=Settings(totals=(("origin",), ())),
        keep=keeper(backend, tmp_path), progress=lambda step, done, total: told.append(step),
    )  # fmt: skip
    assert told[1] == "Checking events and finding stays, part 2 of 4"
    assert made.found == evidence.found
    one, other = (each.release(policy=POLICY, name="the day") for each in (made, evidence))
    assert one.table.equals(other.table)


def test_people_who_opted_out_are_in_no_count(town: Any, place: Any, backend: Any, tmp_path: Path) -> None:
    users = town["events"].select(["user_id"])
    some = backend.create_table("out_of_it", users.slice(0, 20_000))
    made = gather(
        backend.table("events"), *place, opt_out=some, keep=keeper(backend, tmp_path), settings=Settings(check=False)
    )
    kept = {*backend.read_parquet(str(tmp_path / "stays.parquet")).user_id.to_pyarrow().to_pylist()}
    assert kept.isdisjoint(users["user_id"].slice(0, 20_000).to_pylist())
    assert any("Nothing was expanded" in said for said in made.statements)


def test_events_of_no_known_cell_are_refused_in_a_sentence(town: Any, place: Any, backend: Any, tmp_path: Path) -> None:
    events = backend.create_table("strange", town["events"].slice(0, 50))
    with pytest.raises(MobilityError, match="Not one of 50 events"):
        gather(events.mutate(cell_id=events.cell_id + "?"), *place, keep=keeper(backend, tmp_path))
