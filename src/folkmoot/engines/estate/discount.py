"""Discounting by the rates of HM Treasury's Green Book: 3.5 % to year 30, 3.0 % to year 75, 2.5 % to year 125.

The rates of the edition of February 2026 as the Department for Transport quotes them (TAG, “Forthcoming change: Green Book
updates”, 2026); they have been so since the edition of 2003. The Green Book goes on beyond year 125; nothing here lasts so
long. For horizons beyond 50 years the edition of 2026 also asks for a test at lower rates, which is not made here.

>>> [round(discount_factor(year), 4) for year in (0, 1, 30, 31, 75, 76)]
[1.0, 0.9662, 0.3563, 0.3459, 0.0942, 0.0919]
"""

from __future__ import annotations

from folkmoot.engines.estate.sites import EstateError

STEPS = ((30, 0.035), (75, 0.03), (125, 0.025))
"""Real social time preference rate up to and with a year."""


def discount_factor(year: int) -> float:
    """What a pound in `year` is worth today; year 0 is undiscounted."""
    if not 0 <= year <= STEPS[-1][0]:
        raise EstateError(
            f"Year {year} cannot be discounted; rates are held for years 0 to {STEPS[-1][0]}. Shorten the appraisal."
        )
    factor, begun = 1.0, 0
    for until, rate in STEPS:
        factor /= (1 + rate) ** max(0, min(year, until) - begun)
        begun = until
    return factor


def factors(years: int, *, year_zero_undiscounted: bool) -> tuple[float, ...]:
    """The factors of years 0 to `years` − 1; without the option the first year is already discounted once."""
    shift = 0 if year_zero_undiscounted else 1
    return tuple(discount_factor(year + shift) for year in range(years))
