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
INDEX_AGEING       the same, raised by buffer penetration so that nobody starves
GIVEN              a number given per task beforehand

w is the estimated work still to be done on this resource by this task and those after it; slack is how long another
branch of the same patient would keep the patient in bed anyway.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from folkmoot.engines.flow._compiled import jit

FCFS, ADMISSION, EDD, CRITICAL_RATIO, TOC, COLOURS, SEPT, SRPT, INDEX, INDEX_AGEING, GIVEN = range(11)
NEEDS_FEATURES = (CRITICAL_RATIO, SRPT, INDEX, INDEX_AGEING)
LEAST_WORK = 1.0 / 60.0


@jit
def score(rule, now, ready, admitted, buffer, estimate, tail, work_here, other_end, given, slack_scale, onset, power):
    """The rank of one task now. Times in hours since the origin; `other_end` is when the patient's other branches are
    expected to finish; `slack_scale` (hours), `onset` (share of the buffer) and `power` shape the index rules."""
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
    value = work_here if work_here > LEAST_WORK else LEAST_WORK
    slack = other_end - now - tail
    if slack > 0.0:
        damp = 1.0 + slack / (2.0 * slack_scale)
        value = value * damp * damp
    if rule == INDEX_AGEING:
        urgency = (now - admitted) / (buffer * onset)
        if urgency > 1.0:
            for _ in range(power):
                value = value / urgency
    return value
