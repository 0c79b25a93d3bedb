"""A question as the form asks it and the database keeps it, made into the engine's programme."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from folkmoot.engines.estate import EstateError, EstateSite, Settings, programme_of, with_inputs
from folkmoot.engines.estate import Programme as Asked
from folkmoot.services.estates import tables
from folkmoot.vocabulary.money import Money

if TYPE_CHECKING:
    from folkmoot.services.estates.models import Estate

STATED = "stated on the page of figures"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. Budgets are pounds for each year of the plan; `seconds` is the time allowed for the schedule."""

    max_sites: int | None = None
    must_keep: tuple[str, ...] = ()
    must_close: tuple[str, ...] = ()
    capital: tuple[float, ...] = ()
    revenue: tuple[float, ...] = ()
    most_minutes: float | None = None
    decile_worse_by: float | None = None
    early_exit: str = "pay"
    start_year: int = 2027
    price_year: str = ""
    assumptions: dict[str, float] = field(default_factory=dict)
    seconds: int = 60

    def record(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}


def of(record: dict[str, Any]) -> Question:
    """The question of a record."""
    known = {each.name for each in fields(Question)}
    lists = ("must_keep", "must_close", "capital", "revenue")
    given = {name: tuple(v) if name in lists else v for name, v in record.items() if name in known}
    return Question(**given)


def sites(estate: Estate) -> tuple[EstateSite, ...]:
    """The sites with what a person stated of them."""
    return with_inputs(tables.sites(estate), estate.inputs, STATED).sites


def settings(estate: Estate, changed: dict[str, float] | None = None) -> Settings:
    """The figures: defaults, those stated for the estate, those changed by a programme."""
    return Settings.of({**estate.assumptions, **(changed or {})}, source=STATED)


def programme(asked: Question, estate: Estate) -> Asked:
    """The engine's programme, which refuses what cannot be meant in a sentence."""
    known = with_inputs(tables.sites(estate), estate.inputs, STATED)
    travel = tables.travel(estate)
    limits: dict[str, Any] = {}
    if travel is not None:
        limits["travel"] = replace(travel, most_minutes=asked.most_minutes, decile_worse_by=asked.decile_worse_by)
    elif asked.most_minutes is not None or asked.decile_worse_by is not None:
        raise EstateError("Limits on travel need travel times, and this estate has none: leave them empty.")
    for name in ("capital", "revenue"):
        if budget := getattr(asked, name):
            limits[name] = tuple(Money(round(100 * pounds)) for pounds in budget)
    return programme_of(
        known.sites, settings(estate, asked.assumptions), others=estate.others, max_sites=asked.max_sites,
        must_keep=frozenset(asked.must_keep), must_close=frozenset(asked.must_close), start_year=asked.start_year,
        price_year=asked.price_year or estate.price_year, early_exit=asked.early_exit,
        statements=(*estate.statements, *known.statements), **limits,
    )  # fmt: skip
