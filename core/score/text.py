"""Text of SQL: names and words that can't end a quotation, numbers that keep every digit."""

import math
from collections.abc import Sequence


def named(name: str) -> str:
    """A quoted name of a column."""
    return '"' + name.replace('"', '""') + '"'


def word(text: str) -> str:
    """A quoted text."""
    return "'" + text.replace("'", "''").replace("\0", "") + "'"


def digits(value: float) -> str:
    """A number as a float of 64 bits, all of its digits; without an exponent it would be a decimal."""
    if not math.isfinite(value):
        raise ValueError(f"{value} can't be written as a number")
    text = repr(float(value))
    return text if "e" in text else f"{text}e0"


def remark(text: str) -> str:
    """A line of comment, whatever the text holds."""
    return "-- " + " ".join(text.split())


def sum_of(terms: Sequence[str]) -> str:
    """A sum; 0 without terms."""
    return " + ".join(terms) or "0"


def chosen(cases: Sequence[tuple[str, str]], otherwise: str = "NULL") -> str:
    """The value of the first condition that holds."""
    told = " ".join(f"WHEN {condition} THEN {value}" for condition, value in cases)
    return f"CASE {told} ELSE {otherwise} END" if cases else otherwise


def least(values: Sequence[str]) -> str:
    """The smallest of several values; of one, that one."""
    return f"LEAST({', '.join(values)})" if len(values) > 1 else values[0]


def greatest(values: Sequence[str]) -> str:
    """The largest of several values; of one, that one."""
    return f"GREATEST({', '.join(values)})" if len(values) > 1 else values[0]
