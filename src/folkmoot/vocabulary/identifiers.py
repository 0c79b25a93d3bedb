"""Identifiers that public services share, read strictly: an identifier is text, and a wrong one is refused in words.

NHS numbers follow the modulus 11 rule of the NHS Data Dictionary; UPRNs GeoPlace's (one to twelve digits); LSOA codes
the nine characters of the ONS register; ODS codes the NHS Organisation Data Service's.

>>> str(NhsNumber.parse("943 476 5919"))
'943 476 5919'
>>> NhsNumber.parse("943 476 5918")
Traceback (most recent call last):
...
folkmoot.vocabulary.identifiers.IdentifierError: “943 476 5918” is not an NHS number: its last digit should be 9. \
Check it against the record it came from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

_SEPARATORS = re.compile(r"[ \u00a0-]")
_DIGITS = re.compile(r"[0-9]+")
_LSOA = re.compile(r"[EW]01[0-9]{6}")
_ODS = re.compile(r"[A-Z0-9]{3,10}")


class IdentifierError(ValueError):
    """The text is not the identifier it should be; the message says why and what to do."""


@dataclass(frozen=True, slots=True, order=True)
class NhsNumber:
    """Ten digits, the last of which checks the others."""

    digits: str

    def __post_init__(self) -> None:
        if not _DIGITS.fullmatch(self.digits) or len(self.digits) != 10:
            raise IdentifierError(
                f"“{self.digits}” is not an NHS number: it should have ten digits. Check that no digit was lost, "
                "for example a leading zero in a spreadsheet."
            )
        expected = nhs_check_digit(self.digits[:9])
        if expected is None:
            raise IdentifierError(
                f"“{self}” is not an NHS number: no number begins with these nine digits. "
                "Check it against the record it came from."
            )
        if expected != int(self.digits[9]):
            raise IdentifierError(
                f"“{self}” is not an NHS number: its last digit should be {expected}. "
                "Check it against the record it came from."
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an NHS number written with or without spaces or hyphens."""
        return cls(_SEPARATORS.sub("", text.strip()))

    @property
    def is_for_tests(self) -> bool:
        """True in the 999 range, which is never issued to anybody."""
        return self.digits.startswith("999")

    def __str__(self) -> str:
        """As it is printed: 943 476 5919."""
        return f"{self.digits[:3]} {self.digits[3:6]} {self.digits[6:]}"


def nhs_check_digit(stem: str) -> int | None:
    """The check digit of nine digits by modulus 11, or None where the rule gives ten and the number is not used."""
    if not _DIGITS.fullmatch(stem) or len(stem) != 9:
        raise IdentifierError(f"“{stem}” should be the first nine digits of an NHS number.")
    check = -sum(int(digit) * weight for digit, weight in zip(stem, range(10, 1, -1), strict=True)) % 11
    return None if check == 10 else check


@dataclass(frozen=True, slots=True, order=True)
class Uprn:
    """Unique Property Reference Number: up to twelve digits, kept without leading zeros."""

    digits: str

    def __post_init__(self) -> None:
        if not _DIGITS.fullmatch(self.digits) or not 1 <= len(self.digits) <= 12 or self.digits.startswith("0"):
            raise IdentifierError(
                f"“{self.digits}” is not a UPRN: it should be one to twelve digits. Check the address register."
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a UPRN; leading zeros, with which some systems pad it to twelve digits, are dropped."""
        stripped = text.strip()
        if len(stripped) > 12:
            raise IdentifierError(
                f"“{stripped}” is not a UPRN: it has {len(stripped)} characters, at most 12 are used."
            )
        return cls(stripped.lstrip("0") if stripped.strip("0") else stripped)

    def __str__(self) -> str:
        return self.digits


@dataclass(frozen=True, slots=True, order=True)
class Lsoa21:
    """Lower layer Super Output Area of 2021: E01 or W01 and six digits."""

    code: str

    def __post_init__(self) -> None:
        if not _LSOA.fullmatch(self.code):
            raise IdentifierError(
                f"“{self.code}” is not an LSOA code: it should be E01 (England) or W01 (Wales) and six digits. "
                "Look the place up in the ONS register."
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code in either case."""
        return cls(text.strip().upper())

    @property
    def country(self) -> str:
        return "England" if self.code.startswith("E") else "Wales"

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True, order=True)
class OdsCode:
    """A code of the NHS Organisation Data Service: three to ten capital letters and digits, such as RJ1 or RJ121."""

    code: str

    def __post_init__(self) -> None:
        if not _ODS.fullmatch(self.code):
            raise IdentifierError(
                f"“{self.code}” is not an ODS code: it should be three to ten letters and digits. "
                "Look the organisation up in the ODS directory."
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code in either case."""
        return cls(text.strip().upper())

    def __str__(self) -> str:
        return self.code
