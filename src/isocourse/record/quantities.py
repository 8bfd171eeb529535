"""Numbers as they were reported: exact, with their unit, possibly censored ("<5").

Everything that could be misread downstream is settled here: NaN and infinity are refused, a censored
value keeps its comparator, and a value in another unit is converted exactly (as a fraction), never
through a float. Nothing is rounded.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

_CENSORED = re.compile(r"\s*(<=|>=|<|>|≤|≥)?\s*([+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?)\s*\Z")
_PLAIN = {"≤": "<=", "≥": ">=", None: "="}
LARGEST = Decimal(10) ** 9
MOST_DECIMALS = 120


class Reported:
    """A number as reported: `comparator` ("=", "<", "<=", ">", ">=") and the exact `value`."""

    __slots__ = ("comparator", "value")

    def __init__(self, value: Decimal, comparator: str = "=") -> None:
        self.value = value
        self.comparator = comparator

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reported) and (self.value, self.comparator) == (other.value, other.comparator)

    def __hash__(self) -> int:
        return hash((self.value, self.comparator))

    def __repr__(self) -> str:
        return f"Reported({self.text()!r})"

    def text(self) -> str:
        """As it is written: "5.2" or "<5"."""
        return format(self.value, "f") if self.comparator == "=" else f"{self.comparator}{format(self.value, 'f')}"


def reported(source: object) -> Reported:
    """Read a JSON number or a string such as "5.2", "<5", "≥ 1000".

    Raises ValueError for NaN, infinity, text, and magnitudes above 1e9.
    """
    if isinstance(source, bool):
        raise ValueError("true/false is not a number")
    if isinstance(source, str):
        return _read(source)
    try:
        return Reported(finite(Decimal(str(source))))
    except InvalidOperation:
        raise ValueError(f"{str(source)[:40]!r} is not a number") from None


@lru_cache(maxsize=16384)
def _read(source: str) -> Reported:
    match = _CENSORED.match(source)
    if match is None:
        raise ValueError(f'{source[:40]!r} is not a number; write 5.2, or "<5" for a censored value')
    comparator = _PLAIN.get(match.group(1), match.group(1))
    assert comparator is not None
    return Reported(finite(Decimal(match.group(2))), comparator)


def finite(value: Decimal) -> Decimal:
    """The value itself. Raises ValueError when it is NaN, infinite, absurdly large or absurdly fine."""
    plain = str(value)
    if len(plain) < 10 and plain.replace(".", "", 1).isdigit():  # as nearly all are: a few digits and nothing else
        return value
    if not value.is_finite():
        raise ValueError(f"{value} is not a number that can be measured; leave the result out and say why in a note")
    if abs(value) > LARGEST:
        raise ValueError(f"{value:.3e} is larger than any measurement can be")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MOST_DECIMALS:
        raise ValueError(f"{value:.3e} has more decimal places than any measurement can have")
    return value


def shared(value: Decimal) -> Decimal:
    """The value itself, written with the same digits, as one object for all that have it: laboratories have few limits,
    and results are looked up by them. Raises ValueError as `finite`."""
    return _shared(str(value))


@lru_cache(maxsize=16384)
def _shared(digits: str) -> Decimal:
    return finite(Decimal(digits))


def convert(value: Decimal, factor: Fraction) -> Fraction:
    """The value times an exact factor, as a fraction."""
    return Fraction(value) * factor


@lru_cache(maxsize=4096)
def ratio(value: Decimal, factor: tuple[int, int] = (1, 1)) -> tuple[int, int]:
    """As `convert`, as numerator and denominator, not in lowest terms. Two of them are compared by multiplying across:
    exact like fractions, and much faster."""
    above, below = value.as_integer_ratio()
    return above * factor[0], below * factor[1]
