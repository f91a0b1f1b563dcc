"""The steps of the recipe that change what a row of the file says, before it is counted."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from core.features.days import local
from core.io.dataset import Column, Dataset
from core.spec import Clean

EARLIEST: Final = dt.date(1950, 1, 1)
"""No order, and no customer relation, is older."""

MAX_AGE: Final = 110
NUMBERS: Final = ("integer", "number")
DATED: Final = ("date", "datetime")


def without_blanks(table: ir.Table, columns: Sequence[Column], clean: Clean) -> ir.Table:
    """The table with the chosen values of these columns read as missing."""
    emptied = {}
    for column in columns:
        words = [word for slug, word in clean.blanks if slug == column.slug]
        if words:
            value = table[column.slug]
            emptied[column.slug] = ibis.ifelse(
                is_one_of(value, column, words), ibis.null(value.type()), value
            )
    return table.mutate(**emptied) if emptied else table


def with_gaps(dataset: Dataset, clean: Clean) -> Dataset:
    """The data set that knows of the gaps of `without_blanks`.

    A column with gaps may be read otherwise than one without; how many there are does not matter here.
    """
    slugs = {slug for slug, _ in clean.blanks}
    known = tuple(replace(c, missing=c.missing + 1) if c.slug in slugs else c for c in dataset.columns)
    return replace(dataset, table=replace(dataset.table, columns=known)) if slugs else dataset


def possible(table: ir.Table, columns: Sequence[Column], clean: Clean, dataset: Dataset) -> ir.Table:
    """A customer table of the data set with its impossible values missing, where the recipe says so."""
    if clean.impossible == "report":
        return table
    flags = impossible(table, columns, dataset)
    gone = {
        slug: ibis.ifelse(flag, ibis.null(table[slug].type()), table[slug]) for slug, flag in flags.items()
    }
    return table.mutate(**gone) if gone else table


def impossible(table: ir.Table, columns: Sequence[Column], dataset: Dataset) -> dict[str, ir.BooleanValue]:
    """Of a customer table of a data set, slug -> whether a row's value can't be; false where missing."""
    found = {}
    for column in columns:
        flag = _impossible(table[column.slug], column, dataset)
        if flag is not None:
            found[column.slug] = flag.fill_null(False)
    return found


def impossible_day(value: ir.DateValue, day: dt.date) -> ir.BooleanValue:
    """Whether a day is after the one on which the data set was added, or before 1950; false if missing."""
    return ((value > ibis.literal(day)) | (value < ibis.literal(EARLIEST))).fill_null(False)


def _impossible(value: ir.Value, column: Column, dataset: Dataset) -> ir.BooleanValue | None:
    """Spend below zero, an age or a year of birth of no living person, a day that is not yet."""
    day = today(dataset)
    if column.role == "since" and column.type in DATED:
        return impossible_day(local(value, column, dataset).cast("date"), day)
    if column.type not in NUMBERS:
        return None
    if column.role == "spend":
        return value < 0
    if born(column):
        return ~value.between(day.year - MAX_AGE, day.year)
    return ~value.between(0, MAX_AGE) if column.role == "age" else None


def born(column: Column) -> bool:
    """Whether a column holds years of birth: by its name, or an age whose values are years."""
    if column.type not in NUMBERS or column.role not in ("age", "number"):
        return False
    words = column.slug.split("_")
    named = "year" in words and ("birth" in words or "born" in words)
    years = float(column.maximum or 0) >= EARLIEST.year
    return years and (named or (column.role == "age" and float(column.minimum or 0) > MAX_AGE))


def today(dataset: Dataset) -> dt.date:
    """The day in the data set's time zone on which it was added; a later day is in the future."""
    if not dataset.added:
        return dt.date.max
    return dt.datetime.fromisoformat(dataset.added).astimezone(ZoneInfo(dataset.time_zone)).date()


def is_one_of(value: ir.Value, column: Column, words: list[str]) -> ir.BooleanValue:
    """Whether a column's value is one of these words; one that can't be read as what it holds is no value."""
    if column.type in NUMBERS:
        found = value.cast("float64").isin([n for n in map(_number, words) if n is not None])
    elif column.type in DATED:
        found = value.cast("date").isin([d for d in map(_day, words) if d is not None])
    else:
        found = value.cast("string").strip().isin(words)
    # words that can't be read leave an empty list, which is a constant: it must go row by row all the same
    return found.fill_null(False) & value.notnull()


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None
