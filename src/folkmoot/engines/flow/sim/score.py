"""What every ordering rule makes of one waiting task: a number, the lower the sooner.

The rules and their sources:

FCFS               time the task became ready
ADMISSION          time of admission
EDD                planned discharge date (earliest due date; Jackson 1955)
CRITICAL_RATIO     (due − now) ÷ remaining path
TOC                buffer penetration (now − admitted) ÷ buffer, highest first (Stratton & Knight 2009)
COLOURS            the same in four colours: thirds of the buffer and beyond it
SEPT               estimated duration of the task (shortest expected processing time)
SRPT               estimated remaining path of the patient (after Schrage 1968)
INDEX              bed-hours freed per hour of this resource: 1 ÷ w, damped by slack at joins
                   (after Vepsalainen & Morton 1987, their eq. 3, with a rational in place of the exponential)
INDEX_AGEING       the same on a scale that saturates, divided by an age that grows faster the longer the wait
GIVEN              a number given per task beforehand

w is the estimated work still to be done on this resource by this task and those after it; slack is how long another
branch of the same patient would keep the patient in bed anyway.

INDEX_AGEING in full: with u = w ÷ (w + ½ w̄), w̄ the typical work of a patient here, and v hours waited in this queue,

    score = (u · damp²)^4 ÷ [(v + 96 h) · (1 + v ÷ 400 h)].

It is an accumulating-priority queue (Kleinrock 1964; Stanford, Taylor & Ziedins 2014): under load the waits of short
and long work settle in fixed proportion instead of the long starving, and because u saturates, work above the typical
is told apart less and less. Below a day's wait or so it is the plain index. ADR 0004 has the experiment that chose
the numbers.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from folkmoot.engines._compiled import inlined

FCFS, ADMISSION, EDD, CRITICAL_RATIO, TOC, COLOURS, SEPT, SRPT, INDEX, INDEX_AGEING, GIVEN = range(11)
NEEDS_FEATURES = (CRITICAL_RATIO, SRPT, INDEX, INDEX_AGEING)
LEAST_WORK = 1.0 / 60.0
LEAST_VALUE = 1e-3


@inlined
def score(
    rule, now, ready, admitted, buffer, estimate, tail, work_here, other_end, given, slack_scale, grace, patience, power
):  # fmt: skip
    """The rank of one task now. Times in hours since the origin; `other_end` is when the patient's other branches are
    expected to finish; `slack_scale`, `grace`, `patience` (hours) and `power` shape the index rules, for the second of
    which `work_here` is the saturated share u."""
    if rule == FCFS:
        return ready
    if rule == ADMISSION:
        return admitted
    if rule == EDD:
        return admitted + buffer
    if rule == TOC:
        return -((now - admitted) / buffer)
    if rule == COLOURS:
        third = (now - admitted) * 3.0 / buffer
        if third < 1.0:
            return 3.0
        if third < 2.0:
            return 2.0
        if third < 3.0:
            return 1.0
        return 0.0
    if rule == SEPT:
        return estimate
    if rule == GIVEN:
        return given
    remaining = tail
    if other_end - now > remaining:
        remaining = other_end - now
    if rule == SRPT:
        return remaining
    if rule == CRITICAL_RATIO:
        return (admitted + buffer - now) / (remaining if remaining > LEAST_WORK else LEAST_WORK)
    value = work_here if work_here > LEAST_VALUE else LEAST_VALUE
    slack = other_end - now - tail
    if slack > 0.0:
        damp = 1.0 + slack / (2.0 * slack_scale)
        value = value * damp * damp
    if rule == INDEX_AGEING:
        steep = value
        for _ in range(power - 1):
            steep = steep * value
        waited = now - ready
        return steep / ((waited + grace) * (1.0 + waited / patience))
    return value
