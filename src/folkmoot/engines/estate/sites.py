"""The nouns of an estate: a site, where each of its figures was read, and what had to be assumed.

A service has a need in m² at the site where it is given today. A site has spare m², in pools (“floor” where a source does
not say more), and accepts only some services: a ward does not move into an office.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from folkmoot.vocabulary.money import Money


class EstateError(ValueError):
    """An input that cannot be used, said as a sentence: what happened, which row, what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure was read: the file, the row (the heading is row 1) and the column."""

    file: str
    row: int
    column: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """A figure that the data do not hold. `given` is true where a person stated it; else it is a default to be questioned."""

    name: str
    value: float
    unit: str
    why: str
    source: str
    low: float
    high: float
    given: bool = False


@dataclass(frozen=True, slots=True)
class CostLine:
    """One yearly cost of a site. `kind` is running, rent or finance; finance is capital charges and rents not told apart."""

    name: str
    amount: Money
    kind: str
    source: Source


@dataclass(frozen=True, slots=True)
class EstateSite:
    """A place. Areas in m²; costs a year; lease years are calendar years, at whose beginning the site can be left."""

    code: str
    name: str
    kind: str
    gia_m2: float
    clinical_m2: float | None
    non_clinical_m2: float | None
    empty_percent: float | None
    under_used_percent: float | None
    costs: tuple[CostLine, ...]
    source: Source
    backlog: tuple[tuple[str, Money], ...] = ()
    needs: tuple[tuple[str, float], ...] = ()
    spare: tuple[tuple[str, float], ...] = ()
    accepts: tuple[str, ...] = ()
    tenure: str = "unknown"
    lease_break: int | None = None
    lease_end: int | None = None
    lon: float | None = None
    lat: float | None = None
    is_open: bool = True
    opening_cost: Money = field(default=Money(0))
    unknown: tuple[str, ...] = ()
    needs_stated: tuple[str, ...] = ()

    def cost(self, *kinds: str) -> Money:
        """A year's costs of these kinds, of all kinds if none is named."""
        return Money.total(line.amount for line in self.costs if not kinds or line.kind in kinds)

    def released(self, year: int) -> int:
        """Until which calendar year rent is owed if the site is left at the beginning of `year`; `year` if none is."""
        if self.lease_break is not None and year <= self.lease_break:
            return self.lease_break
        return year if self.lease_end is None else max(year, self.lease_end)
