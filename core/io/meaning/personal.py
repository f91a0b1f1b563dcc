"""Columns about a person: told by what they are called and by what their values look like."""

import re
from typing import Final

from core.io.dataset import Column
from core.io.meaning import hints

KINDS: Final = ("name", "e-mail", "phone", "address", "birth date", "document")
"""What a personal column can hold, in the words of the page."""

_EMAIL: Final = re.compile(r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$")
_PHONE: Final = re.compile(
    r"^(?:\+|00)\d[\d\s()./-]{6,}$|^\(\d{2,5}\)\s?\d[\d\s-]{4,}$|^\d{3}[-. ]\d{3}[-. ]\d{4}(?:\s?x\d+)?$"
)
_ADDRESS: Final = re.compile(
    r"^\d{1,5}\w?\s+\S.*\b(?:st|street|ave|avenue|rd|road|blvd|boulevard|ln|lane|dr|drive|way|court|ct|place|sq)\b"
    r"|^\S.*(?:stra(?:ss|ß)e|str\.|gasse|weg|platz|allee)\s*\d+\s?\w?$"
    r"|^(?:\d+\s?(?:bis|ter)?,?\s+)?(?:rue|avenue|calle|via|rua|piazza)\s+\S",
    re.IGNORECASE,
)
_TWO_NAMES: Final = re.compile(r"^(?:[A-Z][a-zà-ÿ'’-]+|[A-Z]\.)(?:,? (?:[A-Z][a-zà-ÿ'’-]+|[A-Z]\.)){1,3}$")
_FEWEST: Final = 3
_SHORTEST_PHONE: Final = 100_000


def is_email(column: Column) -> bool:
    """Whether the examples are e-mail addresses."""
    return column.type == "text" and bool(column.examples) and all(map(_EMAIL.match, column.examples))


def personal_kind(column: Column) -> str:
    """What the column tells about a person, one of `KINDS`; empty where nothing looks like it."""
    if is_email(column):
        return "e-mail"
    name = hints.words(column.name)
    named = next((kind for kind, pattern in hints.PERSONAL.items() if pattern.search(name)), "")
    if not _can_be(named, column):
        named = ""
    return named or (_by_values(column, name) if column.type == "text" else "")


def _by_values(column: Column, name: str) -> str:
    """Names of people look like names of products: the column has to be called after people, too."""
    seen = column.examples
    if len(seen) < _FEWEST:
        return ""
    if all(map(_PHONE.match, seen)):
        return "phone"
    if all(map(_ADDRESS.match, seen)):
        return "address"
    return "name" if hints.PERSON.search(name) and all(map(_TWO_NAMES.match, seen)) else ""


def _can_be(kind: str, column: Column) -> bool:
    """Whether the values can be what the name says: `PhoneService` holds yes or no, `Name` order numbers."""
    if kind == "name":
        with_digits = [example for example in column.examples if re.search(r"\d", example)]
        return column.type == "text" and 2 * len(with_digits) <= len(column.examples)
    if kind == "phone":
        long = column.type == "integer" and float(column.maximum or 0) >= _SHORTEST_PHONE
        return long or (column.type == "text" and any(re.search(r"\d", e) for e in column.examples))
    return kind != "address" or column.type == "text"
