"""Whether two lists of area codes are of one census, judged by how many codes meet.

LSOAs were cut anew in 2021: most codes stayed, those of split and merged areas ended, and a join by code silently loses
them. Source: ONS, “LSOA (2011) to LSOA (2021) best-fit lookup”.

>>> print(mismatch(["E01000001", "Ealing 001A"], ["E01000001"], "demand.csv", "cost.csv"))
None
"""

from __future__ import annotations

import re
from collections.abc import Sequence

CODE = re.compile(r"[EWSN]\d{8}|95\w{6}")
NAME = re.compile(r".+ \d{3}[A-Z]")
ENOUGH = 0.98
"""Share of demand's areas that must be in the matrix when codes look like statistical areas of either vintage."""


def mismatch(wanted: Sequence[str], given: Sequence[str], table: str, matrix: str) -> str | None:
    """A sentence if the codes of the two do not belong together, else None."""
    have = set(given)
    missing = [code for code in wanted if code not in have]
    if not missing:
        return None
    share = 1 - len(missing) / len(wanted)
    spare = len(have - set(wanted))
    if share == 0:
        how = ""
        if CODE.fullmatch(missing[0]) and NAME.fullmatch(given[0]):
            how = " One names areas by code and the other by name; join them with a look-up first."
        elif NAME.fullmatch(missing[0]) and CODE.fullmatch(given[0]):
            how = " One names areas by name and the other by code; join them with a look-up first."
        return f"No area of “{table}” (such as “{missing[0]}”) is in “{matrix}” (such as “{given[0]}”).{how}"
    alike = sum(bool(CODE.fullmatch(code) or NAME.fullmatch(code)) for code in missing) > len(missing) / 2
    if alike and spare and share < ENOUGH:
        return (
            f"Only {share:.1%} of the areas of “{table}” are in “{matrix}”: {len(missing):,} are missing (such as "
            f"“{missing[0]}”) and {spare:,} there are not in the demand. They look like two vintages of small areas, LSOA "
            "2011 and 2021. Convert one of them with the ONS look-up (LSOA 2011 to 2021) first."
        )
    if share < 0.5:
        return (
            f"Only {share:.1%} of the areas of “{table}” are in “{matrix}” (“{missing[0]}” is not). Check that both use the "
            "same codes."
        )
    return None
