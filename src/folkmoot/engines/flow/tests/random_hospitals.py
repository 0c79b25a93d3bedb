"""Small random hospitals for properties: task networks, priorities, calendars, beds, people who leave early."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from folkmoot.engines.flow.model import Scenario
from folkmoot.engines.flow.tests.scenarios import MONDAY, at, hospital, task

HOURS = st.one_of(st.integers(0, 12).map(lambda quarter: quarter / 4), st.floats(0.0, 30.0).map(lambda x: round(x, 3)))
SHIFTS = {
    "always": lambda people: people,
    "office": lambda people: [(day, 540, 1020, people) for day in range(5)],
    "shrinking": lambda people: (
        [(d, 480, 720, people + 2) for d in range(7)] + [(d, 720, 1200, people) for d in range(7)]
    ),
}


@st.composite
def hospitals(draw: st.DrawFn, *, beds: bool = True, leavers: bool = True, most: int = 7) -> Scenario:
    """Up to `most` patients of up to five tasks, each after some of those before it."""
    teams = {
        f"team{i}": SHIFTS[draw(st.sampled_from(sorted(SHIFTS)))](draw(st.integers(1, 3)))
        for i in range(draw(st.integers(1, 3)))
    }
    wards = {f"ward{i}": draw(st.integers(1, 3)) for i in range(draw(st.integers(0, 2)))} if beds else {}
    patients, tasks = {}, []
    for number in range(draw(st.integers(1, most))):
        name = f"p{number}"
        admitted = draw(HOURS)
        columns: dict[str, object] = {"clinical_priority": draw(st.integers(0, 2))}
        if leavers and draw(st.booleans()) and draw(st.booleans()):
            columns["leaves_at"] = MONDAY + timedelta(hours=admitted + draw(HOURS))
        patients[name] = at(admitted, **columns)
        codes: list[str] = []
        for k in range(draw(st.integers(0, 5))):
            after = draw(st.lists(st.sampled_from(codes), unique=True, max_size=3)) if codes else []
            team = draw(st.sampled_from([None, *teams]))
            ward = draw(st.sampled_from([None, *wards]))
            work, guess = draw(HOURS), draw(HOURS)
            tasks.append(task(name, f"t{k}", team, work, *after, estimate_hours=guess, ward_id=ward))
            codes.append(f"t{k}")
    return hospital(patients, tasks, teams, wards=wards)
