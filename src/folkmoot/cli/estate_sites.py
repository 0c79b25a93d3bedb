"""`folkmoot estate sites`, `template` and `assumptions`: what there is to plan with, and what is missing."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from folkmoot.cli.estate_source import totals
from folkmoot.cli.sentences import in_sentences


@in_sentences
def sites(
    sites: Annotated[Path, typer.Option("--sites", help="ERIC site file, 2014-15 or 2016-17.")],
    trusts: Annotated[Path | None, typer.Option(help="ERIC trust file; else the one beside the site file.")] = None,
    org: Annotated[str | None, typer.Option(help="Only this organisation, site by site.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """The organisations of an ERIC file with their numbers of sites: named, in aggregate rows, not reported."""
    from rich.console import Console
    from rich.table import Table

    from folkmoot.engines.estate import read_eric, site_count

    read = read_eric(sites)
    known = totals(sites, trusts)
    chosen = [read.trust(org.upper())] if org else list(read.trusts.values())
    counts = [(trust, site_count(trust, known)) for trust in chosen]
    if as_json:
        listed = [
            {"code": t.code, "name": t.name, "type": t.kind, **{k: v for k, v in asdict(c).items() if k != "code"}}
            for t, c in counts
        ]
        rejected = [asdict(one) for one in read.rejected]
        made = {"file": read.file, "vintage": read.vintage, "rows": read.rows, "organisations": listed}
        typer.echo(
            json.dumps(
                {**made, "rejected": rejected, "unknown": read.unknown, "statements": read.statements},
                ensure_ascii=False,
            )
        )
        return
    console = Console()
    for said in read.statements:
        console.print(said)
    table = Table(title=f"Organisations of {read.file}")
    for column in ("code", "name", "sites in all", "named", "in aggregates", "not reported"):
        table.add_column(column, justify="left" if column in ("code", "name") else "right")
    for trust, count in sorted(counts, key=lambda pair: -(pair[1].total or 0)):
        figures = (count.total, count.named, count.aggregated, count.unreported)
        table.add_row(trust.code, trust.name, *("?" if n is None else f"{n:,}" for n in figures))
    console.print(table)
    if org:
        _one_by_one(console, chosen[0].sites)
        console.print(counts[0][1].statement)


def _one_by_one(console: object, listed: object) -> None:
    from rich.table import Table

    table = Table(title="Named sites")
    for column in ("code", "name", "type", "m²", "empty %", "running £ a year"):
        table.add_column(column, justify="left" if column in ("code", "name", "type") else "right")
    for site in listed:  # type: ignore[attr-defined]
        empty = "?" if site.empty_percent is None else f"{site.empty_percent:g}"
        row = (f"{site.gia_m2:,.0f}", empty, f"{site.cost('running').pounds:,.0f}")
        table.add_row(site.code, site.name, site.kind, *row)
    console.print(table)  # type: ignore[attr-defined]


def template(
    out: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("plan.toml"),
) -> None:
    """Write a commented plan.toml: everything that ERIC does not hold and a plan would like to know."""
    from folkmoot.engines.estate import TEMPLATE

    if out.exists():
        typer.echo(f"{out} is already there and is not overwritten; name another file.", err=True)
        raise typer.Exit(2)
    out.write_text(TEMPLATE, encoding="utf-8")
    typer.echo(f"Written: {out}")


def assumptions(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Every figure that is assumed unless plan.toml states it."""
    from rich.console import Console
    from rich.table import Table

    from folkmoot.engines.estate import DEFAULTS

    if as_json:
        typer.echo(json.dumps({"assumptions": [asdict(one) for one in DEFAULTS]}, ensure_ascii=False))
        return
    table = Table("name", "value", "low", "high", "unit", "why")
    for one in DEFAULTS:
        table.add_row(one.name, f"{one.value:g}", f"{one.low:g}", f"{one.high:g}", one.unit, one.why)
    Console().print(table)
