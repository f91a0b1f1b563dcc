"""What a column is that no name claims: told by its type and its values, in words."""

import re
from typing import Final

from core.io.dataset import FEW, Column
from core.io.meaning import hints
from core.io.meaning.bands import ordered_levels
from core.io.meaning.confidence import CONTENT, EVIDENT, LEFT, NAMED
from core.io.meaning.groups import is_zero_one
from core.io.meaning.hints import NUMERIC

Given = tuple[str, str, float]
"""A role, the reason for it, and how sure it is."""

_NOTHING: Final[Given] = ("ignore", "empty in every row", EVIDENT)


def left_of_log(column: Column, rows: int) -> Given:
    """The role of a log's column that no name claims."""
    if column.missing == rows:
        return _NOTHING
    if column.personal:
        return personal(column)
    if column.type in NUMERIC and hints.RATE.search(hints.words(column.name)):
        return "ignore", "a rate, not an amount", CONTENT
    return "ignore", "not needed to measure customers", LEFT


def left_of_table(column: Column, rows: int) -> Given:
    """The role of a customer table's column that no name claims."""
    if column.missing == rows:
        return _NOTHING
    if column.distinct <= 1 < rows:
        return "ignore", "the same value in every row", EVIDENT
    if column.personal:
        return personal(column)
    if column.group:
        return "flag", f"one of the columns of “{column.group}”: at most one of them is 1 in a row", EVIDENT
    if column.type == "flag" or is_zero_one(column):
        return "flag", "two values, 0 and 1" if column.type in NUMERIC else "yes or no", EVIDENT
    if column.type in NUMERIC:
        return _number(column, rows)
    if column.type == "text":
        return _text(column, rows)
    return "ignore", "a date that no measure uses", LEFT


def personal(column: Column) -> Given:
    """The role of a column whose values look like something about a person."""
    role = "email" if column.personal == "e-mail" else "personal"
    return role, f"looks like {_ARTICLE.get(column.personal, 'a')} {column.personal} of a person", EVIDENT


def content(column: Column, rows: int) -> str:
    """What stands in the column: `numbers from 18 to 70`, `unique, 200 different values`."""
    if column.type in NUMERIC:
        return f"numbers from {_short(column.minimum)} to {_short(column.maximum)}"
    if column.type in ("date", "datetime"):
        return f"dates from {(column.minimum or '')[:10]} to {(column.maximum or '')[:10]}"
    return counted(column, rows)


def counted(column: Column, rows: int) -> str:
    """How many different values stand in the column."""
    found = f"{column.distinct:,} different value{'' if column.distinct == 1 else 's'}"
    return f"unique, {found}" if column.distinct == rows else found


def _number(column: Column, rows: int) -> Given:
    name = hints.words(column.name)
    few = column.type == "integer" and column.distinct <= FEW and column.distinct < max(3, rows)
    if few and hints.CODED.search(name):
        return "category", f"numbers that stand for something, {column.distinct} different ones", CONTENT
    if hints.CODE.search(name):
        return "ignore", "a number that names something, not an amount", NAMED
    if hints.PLACE.search(name):
        return "ignore", "a place on the map, not an amount", NAMED
    unnamed = re.fullmatch(r"column \d+", name) is not None
    if unnamed and column.type == "integer" and column.distinct == rows:
        return "ignore", "numbers the rows", EVIDENT
    return "number", content(column, rows), CONTENT


def _text(column: Column, rows: int) -> Given:
    if levels := ordered_levels(column.values):
        beside = [value for value in column.values if value not in levels]
        without = f"; “{beside[0]}” has no place among them" if beside else ""
        return "band", f"{len(levels)} ordered bands{without}", EVIDENT
    if column.values and column.distinct < max(3, rows):
        return "category", f"{column.distinct} different values", CONTENT
    return "ignore", f"text with {column.distinct:,} different values", CONTENT


def _short(value: str | None) -> str:
    """A number as a person would write it; years and other short numbers without separators."""
    number = float(value or 0)
    return f"{number:,.10g}" if abs(number) >= 10_000 else f"{number:.10g}"


_ARTICLE: Final = {"e-mail": "an", "address": "an"}
