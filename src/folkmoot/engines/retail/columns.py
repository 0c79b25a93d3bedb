"""Columns of tables as people write them: found under several names, codes as text, numbers with signs and gaps.

A suppressed count (“<10”, “*”, “c”, “..”, “-” or nothing) is read as NaN; any other text that is no number is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from folkmoot.engines.retail.model import Floats, RetailError

if TYPE_CHECKING:
    import pyarrow as pa

AREA = ("lsoa21cd", "lsoa11cd", "area_code", "area", "geo_code", "code")
CENTRE = ("centre_id", "centre_code", "centre", "code")
SUPPRESSED = re.compile(r"(<\s*\d+|\*+|c|\.\.?|-|–|n/?a|nan|null|suppressed)?", re.IGNORECASE)


def find(table: pa.Table, names: Sequence[str], what: str) -> str:
    """The first of these names that the table has, or a sentence with what it has."""
    for name in names:
        if name in table.column_names:
            return name
    raise RetailError(
        f"The table of {what} has none of the columns {', '.join(names)}; it has {', '.join(table.column_names)}."
    )


def codes_of(table: pa.Table, names: Sequence[str], what: str) -> list[str]:
    """A column of codes as text without spaces around."""
    return ["" if value is None else str(value).strip() for value in table[find(table, names, what)].to_pylist()]


def numbers(table: pa.Table, name: str) -> Floats:
    """A column of numbers; what is missing or suppressed is NaN."""
    import pyarrow as pa

    column = table[name]
    kind = column.type
    if pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind):
        return np.array([np.nan if v is None else float(v) for v in column.to_pylist()], dtype=np.float64)
    return np.array([_number(value, name, row) for row, value in enumerate(column.to_pylist())], dtype=np.float64)


def _number(value: object, name: str, row: int) -> float:
    text = "" if value is None else str(value).strip()
    if SUPPRESSED.fullmatch(text):
        return float("nan")
    try:
        return float(text.removeprefix("£").replace(",", ""))
    except ValueError:
        raise RetailError(f"{name} in row {row + 1} is “{text}”, which is not a number.") from None
