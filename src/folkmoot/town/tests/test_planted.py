"""The planted constraint is the constraint, by theory that knows nothing of how it was planted."""

import functools

import numpy as np
import pytest
import simpy

from folkmoot import town
from folkmoot.town.planted import BUSIEST, KINDS, SHIFTING, SHORT
from folkmoot.town.tests.queueing import closing_backlog, erlang_c, pooled_queue, weekly_staff

SEEDS = range(1, 101)
planted = functools.cache(town.planted)
shifting = functools.cache(town.shifting)


def columns(table, *names):
    return [np.array(table[name].to_pylist()) for name in names]


def expectations(tables, *, elevate=1.0, patients=None):
    """Of each resource: utilisation in open hours and mean number waiting, were its tasks `elevate` times quicker."""
    shifts = tables["shifts"].to_pylist()
    owner, resource, work = columns(tables["tasks"], "patient_id", "resource_id", "work_hours")
    ids = np.array(tables["patients"]["patient_id"].to_pylist())
    admitted = np.array(tables["patients"]["admitted_at"].cast("int64").to_pylist()) / 3.6e9
    chosen = np.ones(len(ids), dtype=bool) if patients is None else patients(admitted)
    # The hospital's first hour is midnight of Monday 5 January 2026.
    span = admitted[chosen].max() - (490_896.0 if patients is None else admitted[chosen].min())
    among = np.isin(owner, ids[chosen])
    result = {}
    for resource_id in tables["resources"]["resource_id"].to_pylist():
        tasks = work[(resource == resource_id) & among] / elevate
        staff = weekly_staff(shifts, resource_id)
        inflow = tasks.sum() / span
        rho = inflow / staff.mean()
        cv = tasks.std() / tasks.mean()
        waiting = np.inf
        if rho < 1:
            waiting = pooled_queue(int(staff.max()), rho, cv) + closing_backlog(staff, inflow) / tasks.mean()
        result[resource_id] = (rho, waiting)
    return result


def test_erlang_c_agrees_with_the_tables():
    # Three servers at .9: mean wait 2.72 service times (Erlang C, as in the flow engine's notes).
    assert erlang_c(3, 2.7) / (3 * 0.1) == pytest.approx(2.72, abs=0.01)


@pytest.mark.parametrize("seed", SEEDS)
def test_more_wait_at_the_planted_constraint_than_anywhere_else(seed):
    tables, truth = planted(seed)
    waiting = {name: queue for name, (_, queue) in expectations(tables).items()}
    most = max(queue for name, queue in waiting.items() if name != truth.constraint)
    assert waiting[truth.constraint] > 2 * most


@pytest.mark.parametrize("seed", SEEDS)
def test_capacity_is_worth_most_at_the_planted_constraint(seed):
    tables, truth = planted(seed)
    now, then = expectations(tables), expectations(tables, elevate=1.05)
    saved = {name: now[name][1] - then[name][1] for name in now}
    most = max(worth for name, worth in saved.items() if name != truth.constraint)
    assert saved[truth.constraint] > 1.25 * most


@pytest.mark.parametrize("seed", SEEDS)
def test_the_busiest_is_the_one_named(seed):
    tables, truth = planted(seed)
    rho = {name: value for name, (value, _) in expectations(tables).items()}
    assert max(rho, key=rho.get) == truth.busiest
    assert (truth.busiest == truth.constraint) is (truth.kind != BUSIEST)


def test_a_hundred_seeds_hold_every_kind_at_many_places():
    truths = [planted(seed)[1] for seed in SEEDS]
    for kind in KINDS:
        here = [truth.constraint for truth in truths if truth.kind == kind]
        assert len(here) >= 10
        assert len(set(here)) >= 4


def test_a_short_touch_has_the_shortest_tasks_and_touches_everybody():
    for seed in SEEDS:
        tables, truth = planted(seed)
        if truth.kind != SHORT:
            continue
        resource, work, owner = columns(tables["tasks"], "resource_id", "work_hours", "patient_id")
        mean = {name: work[resource == name].mean() for name in tables["resources"]["resource_id"].to_pylist()}
        assert min(mean, key=mean.get) == truth.constraint
        assert len(set(owner[resource == truth.constraint])) == len(tables["patients"])


def test_the_same_seed_plants_the_same_bytes():
    one, other = town.planted(5)[0], town.planted(5)[0]
    assert all(one[name].equals(other[name]) for name in one)


@pytest.mark.parametrize("seed", range(1, 21))
def test_the_constraint_moves_on_the_day_named(seed):
    tables, truth = shifting(seed)
    moves = 490_896.0 + truth.shift_at * 24
    before = expectations(tables, patients=lambda admitted: admitted < moves)
    after = expectations(tables, patients=lambda admitted: admitted >= moves)
    assert truth.kind == SHIFTING
    assert max(before, key=lambda name: before[name][1]) == truth.constraint
    # Afterwards more work comes to the new constraint than it can do, and to nobody else.
    assert [name for name, (rho, _) in after.items() if rho >= 1] == [truth.then]
    assert after[truth.constraint][0] < 0.6


def waiting_hours_by_simpy(tables):
    """Hours waited at each resource, first come first served, by SimPy; a task started before closing is finished."""
    env = simpy.Environment()
    shifts = tables["shifts"].to_pylist()
    staff = {name: weekly_staff(shifts, name) for name in tables["resources"]["resource_id"].to_pylist()}
    teams = {name: simpy.Resource(env, int(people.max())) for name, people in staff.items()}
    waited = dict.fromkeys(staff, 0.0)
    befores = {}
    for edge in tables["edges"].to_pylist():
        befores.setdefault(edge["after"], []).append(edge["before"])
    done = {task: env.event() for task in tables["tasks"]["task_id"].to_pylist()}
    admitted = dict(zip(*(tables["patients"][name].to_pylist() for name in ("patient_id", "admitted_at"))))
    origin = min(admitted.values()).replace(hour=0, minute=0, second=0, microsecond=0)

    def until_open(name):
        now = int(env.now * 4)
        week = staff[name]
        ahead = np.take(week, np.arange(now, now + len(week)), mode="wrap")
        quarters = int(np.argmax(ahead > 0))
        return 0.0 if quarters == 0 else (now + quarters) / 4 - env.now

    def follow(task):
        yield env.timeout((admitted[task["patient_id"]] - origin).total_seconds() / 3600)
        for before in befores.get(task["task_id"], []):
            yield done[before]
        name = task["resource_id"]
        if name is None:
            yield env.timeout(task["work_hours"])
        else:
            ready = env.now
            with teams[name].request() as turn:
                yield turn
                left = task["work_hours"]
                yield env.timeout(until_open(name))
                waited[name] += env.now - ready
                while left > 1e-9:
                    step = min(left, 0.25 - env.now % 0.25)
                    yield env.timeout(step)
                    left -= step
                    yield env.timeout(until_open(name))
        done[task["task_id"]].succeed()

    for task in tables["tasks"].to_pylist():
        env.process(follow(task))
    env.run()
    return waited


def seed_of(kind):
    return next(seed for seed in SEEDS if planted(seed)[1].kind == kind and planted(seed)[1].busiest != "nursing")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != BUSIEST])
def test_a_simulation_by_simpy_waits_longest_where_theory_says(kind):
    tables, truth = planted(seed_of(kind))
    waited = waiting_hours_by_simpy(tables)
    most = max(hours for name, hours in waited.items() if name != truth.constraint)
    assert waited[truth.constraint] > 3 * most
