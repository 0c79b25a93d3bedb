"""ERIC, the Estates Returns Information Collection of the NHS: site files and trust files, as published.

Two vintages are known, 2014-15 and 2016-17, by their headings; site types were renamed and numbered between them. A row
with the code AGGRE, or of the type “aggregate site” under another code, stands for many small sites at once: it is kept
as an `Aggregate` and can never become an `EstateSite`. Unreadable rows are set aside with their number and a reason.

How many sites an aggregate holds is in no file. `site_count` derives it from the trust file: sites of all types, less
those reported one by one, less those not reported at all. It is an upper estimate, and may be unknown.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from folkmoot.engines.estate.sites import CostLine, EstateError, EstateSite, Source
from folkmoot.vocabulary.money import Money

INPATIENT = "inpatient"
CLINIC = "outpatient"
OFFICE = "non-clinical"

UNKNOWN = {"", "not applicable", "n/a", "na", "none", "-", "null"}
_NUMBER = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")

# ours → the heading of each vintage; the first that is there is read.
COLUMNS = {
    "gia": ("Gross internal floor area (m²)", "Gross internal site floor area (m²)"),
    "occupied": ("Occupied floor area (m²)",),
    "clinical": ("Clinical space (m²)", "Patient occupied floor area (m²)"),
    "non_clinical": ("Non-clinical space (m²)", "Non-patient occupied floor area (m²)"),
    "empty": ("Floor area - empty (%)", "Un-utilised space (%)"),
    "under_used": ("Floor area - under used (%)",),
}
FINANCE = "Estates and facilities finance costs (£)"
RUNNING = {
    "2016-17": (
        "Estates and property maintenance (£)", "Grounds and gardens maintenance (£)",
        "Electro Bio Medical Equipment maintenance cost (£)", "Other Hard FM (Estates) costs (£)",
        "Other Soft FM (Hotel Services) costs (£)", "Energy costs (all energy supplies) (£)", "Water cost (£)",
        "Sewage cost (£)", "Landfill disposal cost (£)", "Incineration disposal cost (£)", "Waste reycling cost (£)",
        "Other recovery cost (£)", "Cleaning service cost (£)", "Inpatient food service cost (£)",
        "Laundry and linen service cost (£)", "Portering service cost (£)",
    ),
    # Hard and soft FM are totals there: energy, cleaning, food and the rest are within them and not added again.
    "2014-15": ("Hard FM (Estates) costs (£)", "Soft FM (Hotel Services) costs (£)"),
}  # fmt: skip
RISKS = {risk: f"Cost to eradicate {risk} risk backlog (£)" for risk in ("high", "significant", "moderate", "low")}

# Words of a site type, in order: what kind of ward may move where. Nothing moves between families of wards.
FAMILIES = (
    ("mental health", "mental health"), ("learning disabilit", "mental health"), ("general acute", "acute"),
    ("multi-service", "acute"), ("mixed service", "acute"), ("specialist hospital", "specialist"),
    ("community hospital", "community"), ("short term non-acute", "community"), ("long stay", "community"),
    ("other inpatient", "community"), ("hospice", "community"),
)  # fmt: skip
NOT_WARDS = ("treatment centre", "non-hospital", "non inpatient", "dental", "support")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row set aside."""

    row: int
    reason: str
    code: str


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A row that stands for many small sites. Not a place."""

    code: str
    name: str
    gia_m2: float | None
    clinical_m2: float | None
    non_clinical_m2: float | None
    cost: Money
    source: Source


@dataclass(frozen=True, slots=True)
class Trust:
    """An organisation of a site file, with its places and its aggregates."""

    code: str
    name: str
    kind: str
    sites: tuple[EstateSite, ...]
    aggregates: tuple[Aggregate, ...]


@dataclass(frozen=True, slots=True)
class EricRead:
    """A site file: trusts by code, rows set aside, and how often each column's figure was not known."""

    file: str
    vintage: str
    rows: int
    trusts: dict[str, Trust]
    rejected: tuple[Rejected, ...]
    unknown: dict[str, int]
    statements: tuple[str, ...]

    def trust(self, code: str) -> Trust:
        """The trust of a code, or a sentence that says which there are."""
        if code not in self.trusts:
            near = [known for known in self.trusts if known[:2] == code[:2]][:8]
            raise EstateError(
                f"{self.file} holds no organisation “{code}”. Codes that begin alike: {', '.join(near) or 'none'}; "
                f"`folkmoot estate sites` lists all {len(self.trusts)}."
            )
        return self.trusts[code]


@dataclass(frozen=True, slots=True)
class SiteCount:
    """How many sites a trust has, by its own total: `others` are counted but not named, and never closed."""

    code: str
    total: int | None
    named: int
    unreported: int | None
    aggregated: int | None
    by_type: tuple[tuple[str, int], ...]
    source: Source | None
    statement: str

    @property
    def others(self) -> int | None:
        return None if self.total is None else max(0, self.total - self.named)


def number(text: str) -> float | None:
    """“1,234.5” as 1234.5; “Not Applicable” and its like as None. Anything else is refused."""
    bare = text.strip().lstrip("£").rstrip("%").strip()
    if bare.lower() in UNKNOWN:
        return None
    if not _NUMBER.fullmatch(bare):
        raise EstateError(f"“{text}” is not a number")
    return float(bare.replace(",", ""))


def decoded(data: bytes) -> str:
    """UTF-8 (with or without its mark) or, failing that, Windows-1252, as spreadsheets write it."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _table(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        raise EstateError(f"There is no file {path.name} at that place; name an ERIC site file in CSV.")
    reader = csv.DictReader(io.StringIO(decoded(path.read_bytes()), newline=""), restkey="", restval="")
    if not reader.fieldnames or "Organisation Code" not in [(h or "").strip() for h in reader.fieldnames]:
        raise EstateError(f"{path.name} has no column “Organisation Code” in its first row, so it is no ERIC file.")
    return [
        {k.strip(): (v if isinstance(v, str) else "").strip() for k, v in row.items() if isinstance(k, str)}
        for row in reader
    ]


def read_eric(path: Path) -> EricRead:
    """Read a site file of either vintage."""
    rows = _table(path)
    head = set(rows[0]) if rows else set()
    if "Site Code" not in head:
        raise EstateError(f"{path.name} has no column “Site Code”; give the site file, not the trust file.")
    vintage = "2016-17" if "Floor area - empty (%)" in head else "2014-15" if "Un-utilised space (%)" in head else ""
    if not vintage:
        raise EstateError(
            f"{path.name} has the headings of neither ERIC 2014-15 nor 2016-17: neither “Floor area - empty (%)” nor "
            "“Un-utilised space (%)” is there."
        )
    heading = {ours: next((name for name in names if name in head), None) for ours, names in COLUMNS.items()}
    rejected: list[Rejected] = []
    unknown: dict[str, int] = {}
    found: dict[str, tuple[str, str, list[EstateSite], list[Aggregate]]] = {}
    seen: dict[tuple[str, str], int] = {}
    for row_number, row in enumerate(rows, start=2):
        org, code = row["Organisation Code"].upper(), row["Site Code"].upper()
        if not org or not code:
            rejected.append(Rejected(row_number, "The row has no organisation code or no site code.", code))
            continue
        try:
            one = _site(path.name, row_number, row, vintage, heading)
        except EstateError as error:
            rejected.append(Rejected(row_number, str(error), code))
            continue
        if isinstance(one, EstateSite):
            if (org, code) in seen:
                why = f"Site {code} of {org} is already in row {seen[org, code]}; the first is kept."
                rejected.append(Rejected(row_number, why, code))
                continue
            seen[org, code] = row_number
            for name in one.unknown:
                unknown[name] = unknown.get(name, 0) + 1
        entry = found.setdefault(org, (row.get("Organisation Name", ""), row.get("Organisation Type", ""), [], []))
        entry[2].append(one) if isinstance(one, EstateSite) else entry[3].append(one)
    trusts = {
        org: Trust(org, " ".join(name.split()), kind, tuple(places), tuple(many))
        for org, (name, kind, places, many) in sorted(found.items())
    }
    places = sum(len(t.sites) for t in trusts.values())
    many = sum(len(t.aggregates) for t in trusts.values())
    paid_back = sum(line.amount.pence < 0 for t in trusts.values() for site in t.sites for line in site.costs)
    return EricRead(
        path.name, vintage, len(rows), trusts, tuple(rejected), dict(sorted(unknown.items())),
        (
            f"{len(rows):,} rows of ERIC {vintage}: {places:,} places, {many:,} rows that each stand for many small sites "
            f"and are never planned as a place, {len(rejected):,} rows set aside.",
            "ERIC holds no coordinates, tenure, lease dates or headcounts.",
            *((f"{paid_back:,} yearly costs are negative (credits) and taken as they stand.",) if paid_back else ()),
        ),
    )  # fmt: skip


def family(kind: str) -> str | None:
    """The family of wards that a site type holds, None for a type without wards, “other” for an unknown one."""
    text = kind.lower()
    if any(word in text for word in NOT_WARDS):
        return None
    return next((name for word, name in FAMILIES if word in text), "other")


def _site(
    file: str, row_number: int, row: dict[str, str], vintage: str, heading: dict[str, str | None]
) -> EstateSite | Aggregate:
    missing: list[str] = []
    may_be_negative = {*RUNNING[vintage], FINANCE}  # credits: a trust is paid back, or charges others for a service

    def cell(column: str | None, most: float | None = None) -> float | None:
        if column is None:
            return None
        try:
            value = number(row.get(column, ""))
        except EstateError as error:
            raise EstateError(f"In column “{column}” {error}.") from None
        if value is None:
            missing.append(column)
        elif (value < 0 and column not in may_be_negative) or (most is not None and value > most):
            raise EstateError(f"In column “{column}” {row[column]} is out of range.")
        return value

    gia, clinical, other = (cell(heading[name]) for name in ("gia", "clinical", "non_clinical"))
    percent = {name: cell(heading[name], 100.0) for name in ("empty", "under_used")}
    costs = []
    for column in (*RUNNING[vintage], FINANCE):
        value = cell(column) if column in row else None
        if value:
            kind = "finance" if column == FINANCE else "running"
            amount = Money(round(value * 100))
            costs.append(CostLine(column, amount, kind, Source(file, row_number, column)))
    backlog = tuple((risk, Money(round((cell(column) or 0.0) * 100))) for risk, column in RISKS.items())
    code, name, kind = row["Site Code"].upper(), row.get("Site Name", ""), row.get("Site Type", "")
    source = Source(file, row_number, heading["gia"] or "")
    if code == "AGGRE" or "aggregate" in kind.lower():
        total = Money.total(line.amount for line in costs)
        return Aggregate(code, name, gia, clinical, other, total, source)
    if not gia:
        raise EstateError(f"The gross internal area of {code} is not known or 0, so nothing can be planned with it.")
    wards = family(kind)
    treated = f"{INPATIENT}: {wards}" if wards else CLINIC
    return EstateSite(
        code=code, name=name, kind=kind, gia_m2=gia, clinical_m2=clinical, non_clinical_m2=other,
        empty_percent=percent["empty"], under_used_percent=percent["under_used"], costs=tuple(costs), source=source,
        backlog=backlog,
        needs=tuple((s, a) for s, a in ((treated, clinical), (OFFICE, other)) if a),
        accepts=tuple(dict.fromkeys((treated, CLINIC, OFFICE))),
        unknown=tuple(missing),
    )  # fmt: skip


def read_trusts(path: Path) -> dict[str, SiteCount]:
    """The trust file: each trust's number of sites. 2014-15 states a total; for 2016-17 the types are summed."""
    counts = {}
    for row_number, row in enumerate(_table(path), start=2):
        types = [
            (h.removeprefix("Number of sites - ").removesuffix(" (No.)"), number(row[h]) or 0.0)
            for h in row
            if h.startswith("Number of sites - ") and "leased" not in h
        ]
        if not types:
            raise EstateError(f"{path.name} has no columns “Number of sites - …”; give the trust file of ERIC.")
        stated = number(row.get("Total number of sites (No.)", ""))
        summed = round(sum(n for _, n in types))
        unreported = round(sum(n for name, n in types if "reported" in name.lower()))
        total = summed if stated is None else round(stated)
        said = f"{total} sites, by the trust's own return" + (
            f" (its types sum to {summed})" if stated is not None and total != summed else ""
        )
        code = row["Organisation Code"].upper()
        counts[code] = SiteCount(
            code, total, 0, unreported, None, tuple((name, round(n)) for name, n in types),
            Source(path.name, row_number, "Number of sites - …"), said,
        )  # fmt: skip
    return counts


def site_count(trust: Trust, totals: dict[str, SiteCount] | None) -> SiteCount:
    """The trust's sites: named one by one, in aggregates, and not reported, each as far as it can be known."""
    named = len(trust.sites)
    if totals is None or trust.code not in totals:
        many = len(trust.aggregates)
        return SiteCount(
            trust.code, None, named, None, None, (), None,
            f"{trust.name}: {named} sites are named; {many} aggregate {'row stands' if many == 1 else 'rows stand'} for an "
            "unknown number more. Give the ERIC trust file (--trusts), or `other_sites` in plan.toml.",
        )  # fmt: skip
    known = totals[trust.code]
    total, unreported = known.total or 0, known.unreported or 0
    rest = total - named - unreported
    statement = f"{trust.name}: {total} sites by its own total; {named} are named, {unreported} were not reported, and "
    statement += (
        f"{rest} must be within aggregate rows."
        if rest >= 0
        else f"the file names {-rest} more than that leaves: the two files disagree, and the named ones are counted."
    )
    if rest > 0 and not trust.aggregates:
        statement += " The site file has no aggregate row for it, so these are in no row at all."
    return SiteCount(
        trust.code, max(total, named), named, unreported, max(0, rest), known.by_type, known.source, statement
    )
