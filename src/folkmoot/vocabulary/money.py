"""Pounds and pence, counted in whole pence so that nothing is lost.

>>> Money.parse("£1,234.56") + Money(pence=44)
Money(pence=123500)
>>> str(Money(pence=-123456))
'−£1,234.56'
>>> Money(pence=100).split(3)
(Money(pence=34), Money(pence=33), Money(pence=33))
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Self

_AMOUNT = re.compile(r"(?P<sign>[-−]?)£?(?P<pounds>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<pence>[0-9]{2}))?")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of sterling."""

    pence: int

    def __post_init__(self) -> None:
        if type(self.pence) is not int:
            raise TypeError(f"Money is counted in whole pence, and {self.pence!r} is not a whole number.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read “£1,234.56”, “1234”, “-12.50”. Half a penny, or “12.5”, is refused rather than guessed."""
        match = _AMOUNT.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"“{text}” is not an amount of money; write it like £1,234.56.")
        pence = int(match["pounds"].replace(",", "")) * 100 + int(match["pence"] or 0)
        return cls(-pence if match["sign"] else pence)

    @classmethod
    def total(cls, amounts: Iterable[Money]) -> Self:
        """The sum of any number of amounts; none make £0.00."""
        return cls(sum(amount.pence for amount in amounts))

    def __add__(self, other: Money) -> Money:
        return Money(self.pence + other.pence) if isinstance(other, Money) else NotImplemented

    def __sub__(self, other: Money) -> Money:
        return Money(self.pence - other.pence) if isinstance(other, Money) else NotImplemented

    def __neg__(self) -> Money:
        return Money(-self.pence)

    def __mul__(self, times: int) -> Money:
        """A whole number of times; for a share of an amount use `at_rate`, which says how it rounds."""
        return Money(self.pence * times) if type(times) is int else NotImplemented

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return self.pence != 0

    def at_rate(self, rate: Decimal | Fraction) -> Money:
        """The amount times an exact rate, rounded to the nearest penny, halves to the even one."""
        exact = Fraction(rate) * self.pence
        return Money(round(exact))

    def allocate(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Divide in proportion to whole-number weights without losing a penny.

        Odd pence go to the largest remainders, then to the earliest (Hamilton's method).
        """
        whole = sum(weights)
        if whole <= 0 or any(weight < 0 for weight in weights):
            raise ValueError(
                f"Money cannot be divided by the weights {list(weights)}; they must not be negative or all 0."
            )
        sign = -1 if self.pence < 0 else 1
        shares = [divmod(abs(self.pence) * weight, whole) for weight in weights]
        odd = abs(self.pence) - sum(share for share, _ in shares)
        first = sorted(range(len(weights)), key=lambda i: (-shares[i][1], i))[:odd]
        return tuple(Money(sign * (share + (i in first))) for i, (share, _) in enumerate(shares))

    def split(self, parts: int) -> tuple[Money, ...]:
        """Equal parts, to the penny."""
        return self.allocate([1] * parts)

    @property
    def pounds(self) -> Decimal:
        """The amount in pounds, exactly."""
        return (Decimal(self.pence) / 100).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)

    def __str__(self) -> str:
        pounds, pence = divmod(abs(self.pence), 100)
        return f"{'−' if self.pence < 0 else ''}£{pounds:,}.{pence:02d}"
