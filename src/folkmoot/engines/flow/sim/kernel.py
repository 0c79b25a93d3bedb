"""The event loop. Plain numbers and arrays in, three times a task and one a patient out.

State of a task: PENDING (predecessors unfinished) → BED (waiting for the bed it must be done in) → GATED (waiting for
the next round) → READY (in its resource's queue) → RUNNING → FINISHED; PAUSED over closing time; CANCELLED when the
patient leaves. At every instant all events are taken first and only then are free staff given work, so that people who
become available together see all who wait.

A team whose number on duty falls below the work in hand pauses the work it started last; when people come back, paused
work goes on before anything new is begun.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from folkmoot.engines._compiled import jit
from folkmoot.engines.flow.sim.heap import drop_first, push, replace_first
from folkmoot.engines.flow.sim.line import join, part, take_first
from folkmoot.engines.flow.sim.ranked import leave, rise
from folkmoot.engines.flow.sim.score import (
    ADMISSION,
    CRITICAL_RATIO,
    EDD,
    FCFS,
    GIVEN,
    INDEX,
    INDEX_AGEING,
    SEPT,
    SRPT,
    score,
)

PENDING, READY, RUNNING, FINISHED, CANCELLED, PAUSED, BED, GATED = range(8)
FOREVER = 1e300


@jit
def other_branches_end(j, first, last, now, state, tail, work, estimate, left, segment, after):
    """When the patient's branches other than task j's are expected to finish (hours; −FOREVER if there is none)."""
    latest = -FOREVER
    mine = after[j]
    for i in range(first, last):
        s = state[i]
        if i == j or s == FINISHED or s == CANCELLED or (mine >> (i - first)) & 1:
            continue
        if s == RUNNING:
            done = work[i] - left[i] + now - segment[i]
            rest = estimate[i] - done
            if rest < 0.0:
                rest = 0.0
            end = now + rest + tail[i] - estimate[i]
        else:
            end = now + tail[i]
        if end > latest:
            latest = end
    return latest


@jit
def refresh_slack(p, task_ptr, now, state, tail, work, estimate, left, segment, after, other_end):
    """Re-estimate the other branches of every waiting task of patient p."""
    first = task_ptr[p]
    last = task_ptr[p + 1]
    if last - first > 62:
        return
    for j in range(first, last):
        if state[j] == READY:
            other_end[j] = other_branches_end(j, first, last, now, state, tail, work, estimate, left, segment, after)


@jit
def best_of(
    tasks, begin, size, rule, now, patient, priority, ready, admitted, buffer, estimate, tail, here, other_end, given,
    slack_scale, grace, patience, power,
):  # fmt: skip
    """Position (from `begin`) of the task to take next: clinical priority, then score, then ready time, then number."""
    best = 0
    best_task = tasks[begin]
    p = patient[best_task]
    best_priority = priority[p]
    best_score = score(
        rule, now, ready[best_task], admitted[p], buffer[p], estimate[best_task], tail[best_task], here[best_task],
        other_end[best_task], given[best_task], slack_scale, grace, patience, power,
    )  # fmt: skip
    for k in range(1, size):
        j = tasks[begin + k]
        p = patient[j]
        rank = priority[p]
        if rank > best_priority:
            continue
        value = score(
            rule, now, ready[j], admitted[p], buffer[p], estimate[j], tail[j], here[j], other_end[j], given[j],
            slack_scale, grace, patience, power,
        )  # fmt: skip
        if rank == best_priority:
            if value > best_score:
                continue
            if value == best_score:
                if ready[j] > ready[best_task]:
                    continue
                if ready[j] == ready[best_task] and j > best_task:
                    continue
        best = k
        best_task = j
        best_priority = rank
        best_score = value
    return best


@jit
def drop_stale(times, codes, size, n_tasks, n_resources, state, finish, open_tasks):
    """Make room in a full heap: drop ends of work that was paused or cancelled since. Returns the new size."""
    kept = 0
    for k in range(size):
        code = codes[k]
        if code < n_tasks:
            live = state[code] == RUNNING and finish[code] == times[k]
        elif code < 2 * n_tasks:
            live = state[code - n_tasks] == GATED
        else:
            live = code < 2 * n_tasks + n_resources or open_tasks[code - 2 * n_tasks - n_resources] > 0
        if live:
            kept = push(times, codes, kept, times[k], code)
    if kept == len(times):
        raise MemoryError("The event list is full.")
    return kept


@jit
def take_out(line, begin, size, which, place, j):
    """Take task j out of an unordered line that is `size[which]` long and begins at `begin`."""
    size[which] -= 1
    last = line[begin + size[which]]
    line[begin + place[j]] = last
    place[last] = place[j]


@jit
def pause_the_last(r, now, staff, busy, resting, team, paused, team_ptr, place, state, segment, left):
    """Fewer people are on duty than are at work: those who began last put their work down."""
    while busy[r] > staff[r]:
        j = team[team_ptr[r]]
        for m in range(1, busy[r]):
            i = team[team_ptr[r] + m]
            if segment[i] > segment[j] or (segment[i] == segment[j] and i > j):
                j = i
        take_out(team, team_ptr[r], busy, r, place, j)
        state[j] = PAUSED
        left[j] -= now - segment[j]
        if left[j] < 0.0:
            left[j] = 0.0
        paused[team_ptr[r] + resting[r]] = j
        place[j] = resting[r]
        resting[r] += 1


@jit
def cancel_the_rest(
    p, keeps_order, lines, most_urgent, head, foot, behind, task_ptr, state, resource, ward, patient, priority, ready,
    other_end, place, queue, queue_ptr, queued, team, team_ptr, busy, paused, resting, bed_queue, bed_ptr,
    waiting_beds, dirty, dirty_list, n_dirty,
):  # fmt: skip
    """Cancel what is not finished of patient p, and free whoever is at work on it. Returns the new `n_dirty`."""
    for j in range(task_ptr[p], task_ptr[p + 1]):
        s = state[j]
        if s == FINISHED:
            continue
        r = resource[j]
        if s == READY and lines > 0:
            queued[r] -= 1
            part(j, r * lines + priority[p] - most_urgent, head, foot, behind, len(state))
        elif s == READY and keeps_order:
            queued[r] -= 1
            leave(queue, queue_ptr[r], queued[r], place, place[j], patient, priority, other_end, ready)
        elif s == READY:
            take_out(queue, queue_ptr[r], queued, r, place, j)
        elif s == RUNNING and r >= 0:
            take_out(team, team_ptr[r], busy, r, place, j)
            if not dirty[r]:
                dirty[r] = True
                dirty_list[n_dirty] = r
                n_dirty += 1
        elif s == PAUSED:
            take_out(paused, team_ptr[r], resting, r, place, j)
        elif s == BED:
            take_out(bed_queue, bed_ptr[ward[j]], waiting_beds, ward[j], place, j)
        state[j] = CANCELLED
    return n_dirty


@jit
def next_for_bed(v, bed_queue, bed_ptr, waiting_beds, patient, priority, ready):
    """Who of those waiting for ward v gets the bed: clinical priority, then the longest wait, then number."""
    best = bed_queue[bed_ptr[v]]
    for m in range(1, waiting_beds[v]):
        i = bed_queue[bed_ptr[v] + m]
        a = priority[patient[i]]
        b = priority[patient[best]]
        if a < b or (a == b and (ready[i] < ready[best] or (ready[i] == ready[best] and i < best))):
            best = i
    return best


@jit
def first_open_gate(gate_end, low, high, now):
    """The first of the rounds from `low` to `high` that has not ended; `high` if all have."""
    while low < high:
        middle = (low + high) >> 1
        if gate_end[middle] > now:
            high = middle
        else:
            low = middle + 1
    return low


@jit
def run(
    order, admitted, priority, buffer, leaves, task_ptr, patient, resource, ward, work, estimate, n_pred, succ_ptr,
    succ, tail, here, after, given, step_ptr, step_time, step_staff, gate_ptr, gate_start, gate_end, queue_ptr,
    team_ptr, bed_ptr, rule, slack_scale, grace, patience, power, start, until, state, left, ready, begun, ended,
    bed_at, discharged, queue, team, paused, bed_queue, place, other_end, cur_ward, open_tasks, segment, finish,
    times, codes, staff, step, queued, busy, resting, dirty, dirty_list, free_beds, waiting_beds, freed, agenda,
    lines, most_urgent, head, foot, behind, tally,
):  # fmt: skip
    """Run from `start` to `until` (hours). Writes into the arrays from `state` on, of which those from `times` on are
    room to work in. `simulate` makes them all and says what they mean. Returns the time of the last event taken."""
    n_patients = len(admitted)
    n_tasks = len(work)
    n_resources = len(step_ptr) - 1
    uses_slack = rule == SRPT or rule == INDEX or rule == INDEX_AGEING or rule == CRITICAL_RATIO

    keeps_order = rule == FCFS or rule == ADMISSION or rule == EDD or rule == SEPT or rule == GIVEN

    size = 0
    n_dirty = 0
    for r in range(n_resources):
        k = step_ptr[r]
        while k + 1 < step_ptr[r + 1] and step_time[k + 1] <= start:
            k += 1
        step[r] = k
        staff[r] = step_staff[k]
        if k + 1 < step_ptr[r + 1]:
            size = push(times, codes, size, step_time[k + 1], 2 * n_tasks + r)

    arrival = 0
    now = start
    last_event = start
    vacant = False
    while True:
        next_arrival = FOREVER
        if arrival < n_patients:
            next_arrival = admitted[order[arrival]]
            if next_arrival < start:
                next_arrival = start
        if vacant:
            size = drop_first(times, codes, size)
            vacant = False
        if size > 0 and times[0] <= next_arrival:
            now = times[0]
        else:
            now = next_arrival
        if now > until or now >= FOREVER:
            break
        last_event = now

        while True:
            n_agenda = 0
            n_freed = 0
            touched = -1
            if vacant and ((size > 1 and times[1] == now) or (size > 2 and times[2] == now)):
                size = drop_first(times, codes, size)
                vacant = False
            if size > 0 and not vacant and times[0] == now:
                code = codes[0]
                vacant = True
                tally[0] += 1
                if code < n_tasks:  # a task ends
                    j = code
                    if state[j] != RUNNING or finish[j] != now:
                        continue
                    state[j] = FINISHED
                    ended[j] = now
                    left[j] = 0.0
                    r = resource[j]
                    if r >= 0:
                        busy[r] -= 1
                        last = team[team_ptr[r] + busy[r]]
                        team[team_ptr[r] + place[j]] = last
                        place[last] = place[j]
                        if not dirty[r]:
                            dirty[r] = True
                            dirty_list[n_dirty] = r
                            n_dirty += 1
                    p = patient[j]
                    touched = p
                    open_tasks[p] -= 1
                    for k in range(succ_ptr[j], succ_ptr[j + 1]):
                        i = succ[k]
                        n_pred[i] -= 1
                        if n_pred[i] == 0:
                            agenda[n_agenda] = i
                            n_agenda += 1
                    if open_tasks[p] == 0:
                        discharged[p] = now
                        if cur_ward[p] >= 0:
                            freed[n_freed] = cur_ward[p]
                            n_freed += 1
                            cur_ward[p] = -1
                elif code < 2 * n_tasks:  # a round reaches a gated task
                    j = code - n_tasks
                    if state[j] == GATED:
                        agenda[n_agenda] = j
                        n_agenda += 1
                elif code < 2 * n_tasks + n_resources:  # people come on duty or go off
                    r = code - 2 * n_tasks
                    step[r] += 1
                    staff[r] = step_staff[step[r]]
                    if step[r] + 1 < step_ptr[r + 1]:
                        if vacant:
                            vacant = False
                            replace_first(times, codes, size, step_time[step[r] + 1], code)
                        else:
                            if size == len(times):
                                size = drop_stale(times, codes, size, n_tasks, n_resources, state, finish, open_tasks)
                            size = push(times, codes, size, step_time[step[r] + 1], code)
                    if busy[r] > staff[r]:
                        pause_the_last(
                            r, now, staff, busy, resting, team, paused, team_ptr, place, state, segment, left
                        )
                    if not dirty[r]:
                        dirty[r] = True
                        dirty_list[n_dirty] = r
                        n_dirty += 1
                else:  # a patient leaves before the end
                    p = code - 2 * n_tasks - n_resources
                    if open_tasks[p] > 0:
                        discharged[p] = now
                        open_tasks[p] = 0
                        if cur_ward[p] >= 0:
                            freed[n_freed] = cur_ward[p]
                            n_freed += 1
                            cur_ward[p] = -1
                        n_dirty = cancel_the_rest(
                            p, keeps_order, lines, most_urgent, head, foot, behind, task_ptr, state, resource, ward,
                            patient, priority, ready, other_end, place, queue, queue_ptr, queued, team, team_ptr,
                            busy, paused, resting, bed_queue, bed_ptr, waiting_beds, dirty, dirty_list, n_dirty,
                        )  # fmt: skip
            elif arrival < n_patients and next_arrival == now:
                p = order[arrival]
                arrival += 1
                next_arrival = FOREVER
                if arrival < n_patients:
                    next_arrival = admitted[order[arrival]]
                    if next_arrival < start:
                        next_arrival = start
                if leaves[p] <= now:
                    open_tasks[p] = 0
                    for j in range(task_ptr[p], task_ptr[p + 1]):
                        if state[j] != FINISHED:
                            state[j] = CANCELLED
                elif leaves[p] < FOREVER:
                    if vacant:
                        vacant = False
                        replace_first(times, codes, size, leaves[p], 2 * n_tasks + n_resources + p)
                    else:
                        if size == len(times):
                            size = drop_stale(times, codes, size, n_tasks, n_resources, state, finish, open_tasks)
                        size = push(times, codes, size, leaves[p], 2 * n_tasks + n_resources + p)
                touched = p
                for j in range(task_ptr[p], task_ptr[p + 1]):
                    if n_pred[j] == 0 and state[j] != FINISHED and state[j] != CANCELLED:
                        agenda[n_agenda] = j
                        n_agenda += 1
                if open_tasks[p] == 0:
                    discharged[p] = now
                    if cur_ward[p] >= 0:
                        freed[n_freed] = cur_ward[p]
                        n_freed += 1
                        cur_ward[p] = -1
            else:
                break

            # Make tasks ready; a move to another ward frees a bed, which may make a further task ready.
            k = 0
            while k < n_agenda or n_freed > 0:
                if k >= n_agenda:
                    n_freed -= 1
                    v = freed[n_freed]
                    free_beds[v] += 1
                    if waiting_beds[v] > 0 and free_beds[v] > 0:
                        best = next_for_bed(v, bed_queue, bed_ptr, waiting_beds, patient, priority, ready)
                        take_out(bed_queue, bed_ptr[v], waiting_beds, v, place, best)
                        state[best] = PENDING
                        agenda[n_agenda] = best
                        n_agenda += 1
                    continue
                j = agenda[k]
                k += 1
                p = patient[j]
                if state[j] == PENDING and not ready[j] <= now:
                    ready[j] = now
                v = ward[j]
                if v >= 0 and v != cur_ward[p]:
                    if free_beds[v] <= 0:
                        state[j] = BED
                        bed_queue[bed_ptr[v] + waiting_beds[v]] = j
                        place[j] = waiting_beds[v]
                        waiting_beds[v] += 1
                        continue
                    free_beds[v] -= 1
                    if cur_ward[p] >= 0:
                        freed[n_freed] = cur_ward[p]
                        n_freed += 1
                    cur_ward[p] = v
                    bed_at[j] = now
                    for i in range(task_ptr[p], task_ptr[p + 1]):
                        if state[i] == BED and ward[i] == v:  # the bed is the patient's: nothing else waits for it
                            take_out(bed_queue, bed_ptr[v], waiting_beds, v, place, i)
                            state[i] = PENDING
                            bed_at[i] = now
                            agenda[n_agenda] = i
                            n_agenda += 1
                r = resource[j]
                if r < 0 or state[j] == RUNNING:
                    began = state[j] == RUNNING
                    state[j] = RUNNING
                    if not began:
                        begun[j] = now
                    segment[j] = now
                    if r >= 0:  # taken over from the census in mid-work: pause, and let the team go on with it first
                        state[j] = PAUSED
                        paused[team_ptr[r] + resting[r]] = j
                        place[j] = resting[r]
                        resting[r] += 1
                        if not dirty[r]:
                            dirty[r] = True
                            dirty_list[n_dirty] = r
                            n_dirty += 1
                        continue
                    finish[j] = now + left[j]
                    if vacant:
                        vacant = False
                        replace_first(times, codes, size, finish[j], j)
                    else:
                        if size == len(times):
                            size = drop_stale(times, codes, size, n_tasks, n_resources, state, finish, open_tasks)
                        size = push(times, codes, size, finish[j], j)
                    continue
                if state[j] == PENDING and gate_ptr[r] < gate_ptr[r + 1]:
                    low = first_open_gate(gate_end, gate_ptr[r], gate_ptr[r + 1], now)
                    if low < gate_ptr[r + 1] and gate_start[low] > now:
                        state[j] = GATED
                        if vacant:
                            vacant = False
                            replace_first(times, codes, size, gate_start[low], n_tasks + j)
                        else:
                            if size == len(times):
                                size = drop_stale(times, codes, size, n_tasks, n_resources, state, finish, open_tasks)
                            size = push(times, codes, size, gate_start[low], n_tasks + j)
                        continue
                state[j] = READY
                if uses_slack and task_ptr[p + 1] - task_ptr[p] <= 62:
                    other_end[j] = other_branches_end(
                        j, task_ptr[p], task_ptr[p + 1], now, state, tail, work, estimate, left, segment, after
                    )
                if lines > 0:
                    join(j, r * lines + priority[p] - most_urgent, head, foot, behind, ready, n_tasks)
                elif keeps_order:
                    # Such rules have no use for other branches: their score is kept in that place.
                    other_end[j] = score(
                        rule, now, ready[j], admitted[p], buffer[p], estimate[j], tail[j], here[j], 0.0, given[j],
                        slack_scale, grace, patience, power,
                    )  # fmt: skip
                    rise(queue, queue_ptr[r], queued[r], place, j, patient, priority, other_end, ready)
                else:
                    queue[queue_ptr[r] + queued[r]] = j
                    place[j] = queued[r]
                queued[r] += 1
                if not dirty[r]:
                    dirty[r] = True
                    dirty_list[n_dirty] = r
                    n_dirty += 1
            if uses_slack and touched >= 0:
                refresh_slack(touched, task_ptr, now, state, tail, work, estimate, left, segment, after, other_end)

        # Give free people work.
        while n_dirty > 0:
            n_dirty -= 1
            r = dirty_list[n_dirty]
            dirty[r] = False
            while busy[r] < staff[r] and (resting[r] > 0 or queued[r] > 0):
                if resting[r] > 0:
                    k = 0
                    if resting[r] > 1:
                        k = best_of(
                            paused, team_ptr[r], resting[r], rule, now, patient, priority, ready, admitted, buffer,
                            estimate, tail, here, other_end, given, slack_scale, grace, patience, power,
                        )  # fmt: skip
                    j = paused[team_ptr[r] + k]
                    resting[r] -= 1
                    last = paused[team_ptr[r] + resting[r]]
                    paused[team_ptr[r] + k] = last
                    place[last] = k
                elif lines > 0:
                    k = r * lines
                    while head[k] == n_tasks:
                        k += 1
                    j = take_first(k, head, foot, behind, n_tasks)
                    queued[r] -= 1
                    begun[j] = now
                elif keeps_order:
                    j = queue[queue_ptr[r]]
                    queued[r] -= 1
                    leave(queue, queue_ptr[r], queued[r], place, 0, patient, priority, other_end, ready)
                    begun[j] = now
                else:
                    k = 0
                    if queued[r] > 1:
                        k = best_of(
                            queue, queue_ptr[r], queued[r], rule, now, patient, priority, ready, admitted, buffer,
                            estimate, tail, here, other_end, given, slack_scale, grace, patience, power,
                        )  # fmt: skip
                    j = queue[queue_ptr[r] + k]
                    queued[r] -= 1
                    last = queue[queue_ptr[r] + queued[r]]
                    queue[queue_ptr[r] + k] = last
                    place[last] = k
                    begun[j] = now
                state[j] = RUNNING
                team[team_ptr[r] + busy[r]] = j
                place[j] = busy[r]
                busy[r] += 1
                segment[j] = now
                finish[j] = now + left[j]
                if vacant:
                    vacant = False
                    replace_first(times, codes, size, finish[j], j)
                else:
                    if size == len(times):
                        size = drop_stale(times, codes, size, n_tasks, n_resources, state, finish, open_tasks)
                    size = push(times, codes, size, finish[j], j)
                if uses_slack:
                    refresh_slack(
                        patient[j], task_ptr, now, state, tail, work, estimate, left, segment, after, other_end
                    )
    return last_event
