"""What closing or opening one site in one year costs and saves: every pound with the row and assumption it comes from.

Amounts are exact pence. Positive is cost, negative is saving, both against keeping the site open. Classes: `capital`,
`one-off`, `running` and `backlog` make the net present value; `receipt` and `transfer` are kept apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from folkmoot.engines.estate.programme import Programme
from folkmoot.engines.estate.sites import EstateSite, Source
from folkmoot.vocabulary.money import Money

VALUED = ("capital", "one-off", "running", "backlog")
APART = ("receipt", "transfer")


@dataclass(frozen=True, slots=True)
class CashLine:
    """The same amount in each year from `first` to `last` (years of the plan, both within)."""

    site: str
    item: str
    kind: str
    first: int
    last: int
    amount: Money
    sources: tuple[Source, ...]
    assumptions: tuple[str, ...]
    formula: str

    @property
    def total(self) -> Money:
        return self.amount * (self.last - self.first + 1)


def exact(value: float) -> Fraction:
    """The decimal number a person wrote, as a fraction, so that pence do not depend on binary rounding."""
    return Fraction(str(value))


def pence_of(m2: float, pounds_per_m2: float) -> Money:
    """Area × rate, to the nearest penny."""
    return Money(round(exact(m2) * exact(pounds_per_m2) * 100))


def closing(site: EstateSite, year: int, programme: Programme) -> tuple[CashLine, ...]:
    """All lines of closing `site` at the beginning of `year`."""
    s = programme.settings
    last = programme.horizon - 1
    lines: list[CashLine] = []
    area = site.source
    bias = {"capital": exact(s.value("optimism_bias_capital")), "one-off": exact(s.value("optimism_bias_moves"))}
    bias_name = {"capital": "optimism_bias_capital", "one-off": "optimism_bias_moves"}

    def once(
        item: str, kind: str, amount: Money, sources: tuple[Source, ...], names: tuple[str, ...], how: str
    ) -> None:
        if not amount:
            return
        lines.append(CashLine(site.code, item, kind, year, year, amount, sources, names, how))
        if kind in bias and (extra := amount.at_rate(bias[kind])):
            names = (*names, bias_name[kind])
            how = f"({how}) × {bias_name[kind]}"
            lines.append(CashLine(site.code, f"{item}: optimism bias", kind, year, year, extra, sources, names, how))

    for service, m2 in site.needs:
        rate = "refit_clinical" if service in programme.clinical else "refit_non_clinical"
        needed = m2 * s.value("space_needed_share")
        once(
            f"refit for {service}", "capital", pence_of(needed, s.value(rate)), (area,), ("space_needed_share", rate),
            f"{needed:,.1f} m² × {rate}",
        )  # fmt: skip
    once(
        "closing the site", "one-off", pence_of(site.gia_m2, s.value("closing_cost")), (area,), ("closing_cost",),
        f"{site.gia_m2:,.1f} m² × closing_cost",
    )  # fmt: skip
    double, follows = exact(s.value("double_running_share")), exact(s.value("running_follows_share"))
    finance = exact(s.value("finance_counted_share"))
    for cost in site.costs:
        source = (cost.source,)
        if cost.kind == "finance":
            counted = cost.amount.at_rate(finance)
            if counted:
                lines.append(
                    CashLine(
                        site.code, f"saved: {cost.name}", "running", year, last, -counted, source,
                        ("finance_counted_share",), "finance cost × finance_counted_share",
                    )
                )  # fmt: skip
            if rest := cost.amount - counted:
                lines.append(
                    CashLine(
                        site.code, f"no longer charged: {cost.name}", "transfer", year, last, -rest, source,
                        ("finance_counted_share",), "finance cost × (1 − finance_counted_share)",
                    )
                )  # fmt: skip
            continue
        owed = site.released(programme.start_year + year) - programme.start_year
        first = owed if cost.kind == "rent" else year
        if first <= last:
            lines.append(
                CashLine(
                    site.code, f"saved: {cost.name}", "running", first, last, -cost.amount, source, (), "cost a year"
                )
            )
        if cost.kind == "rent":
            continue
        kept = cost.amount.at_rate(follows)
        if kept:
            lines.append(
                CashLine(
                    site.code, f"follows the work: {cost.name}", "running", year, last, kept, source,
                    ("running_follows_share",), "cost a year × running_follows_share",
                )
            )  # fmt: skip
        once(
            f"double running: {cost.name}", "one-off", cost.amount.at_rate(double), source, ("double_running_share",),
            "cost a year × double_running_share",
        )  # fmt: skip
    share = exact(s.value("backlog_avoided_share"))
    for risk, amount in site.backlog:
        saved = amount.at_rate(share)
        if risk in ("high", "significant") and saved:
            where = Source(area.file, area.row, f"Cost to eradicate {risk} risk backlog (£)")
            lines.append(
                CashLine(
                    site.code, f"backlog not spent: {risk} risk", "backlog", year, year, -saved, (where,),
                    ("backlog_avoided_share",), "backlog × backlog_avoided_share",
                )
            )  # fmt: skip
    if site.tenure == "freehold" and (receipt := pence_of(site.gia_m2, s.value("receipt_per_m2"))):
        lines.append(
            CashLine(
                site.code, "sale of the site", "receipt", year, year, -receipt, (area,), ("receipt_per_m2",),
                "m² × receipt_per_m2",
            )
        )  # fmt: skip
    return tuple(lines)


def opening(site: EstateSite, year: int, programme: Programme) -> tuple[CashLine, ...]:
    """All lines of opening a candidate at the beginning of `year`: its capital that year, its costs from then on."""
    last = programme.horizon - 1
    lines = []
    if site.opening_cost:
        lines.append(
            CashLine(
                site.code, "opening the site", "capital", year, year, site.opening_cost, (site.source,), (), "stated"
            )
        )
        extra = site.opening_cost.at_rate(exact(programme.settings.value("optimism_bias_capital")))
        if extra:
            lines.append(
                CashLine(
                    site.code, "opening the site: optimism bias", "capital", year, year, extra, (site.source,),
                    ("optimism_bias_capital",), "opening cost × optimism_bias_capital",
                )
            )  # fmt: skip
    for cost in site.costs:
        kind = "transfer" if cost.kind == "finance" else "running"
        lines.append(
            CashLine(site.code, f"new: {cost.name}", kind, year, last, cost.amount, (cost.source,), (), "cost a year")
        )
    return tuple(lines)
