"""What can be wrong with a row, as conditions: all of them are counted in one pass over the table."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import ibis.expr.types as ir

from core import words
from core.features.catalog import UNITS
from core.features.days import local
from core.features.recipe import EARLIEST, MAX_AGE, born, impossible, is_one_of, today
from core.io.dataset import Column
from core.quality.columns import is_amount
from core.quality.contract import Spread
from core.quality.narrow import closely, used
from core.quality.subject import RAW, Subject

_DAY_ROLES: Final = ("date", "since")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A condition on a row, and the sentence about the rows that meet it.

    Attributes
    ----------
    key, decides, slug
        As in `core.quality.contract.Problem`.
    where : ibis condition, never null
    text : str
        The sentence, with `{rows}` where their number and noun stand.
    mild : bool
        Whether it is never more than a hint.
    """

    key: str
    where: ir.BooleanValue
    text: str
    decides: str = ""
    slug: str = ""
    mild: bool = False


def kept_columns(subject: Subject) -> tuple[Column, ...]:
    """The columns that some check looks at."""
    return tuple(c for c in closely(subject.dataset.columns) if used(c) or is_amount(c))


def price_columns(subject: Subject) -> tuple[Column, ...]:
    """The columns that the checks of a log look at whatever else they do; none of a customer table."""
    return subject.dataset.table.by_role("unit_price", "line_amount", "quantity") if subject.is_log else ()


def checks_of_log(subject: Subject, rows: ir.Table) -> Iterator[Check]:
    """The checks of a log's lines (`Subject.rows` with `price_columns`); none of a customer table."""
    if subject.is_log:
        yield from _of_log(subject, rows)


def checks_of_columns(
    subject: Subject, rows: ir.Table, columns: Sequence[Column], spreads: Mapping[str, Spread]
) -> Iterator[Check]:
    """Every check of some columns, which `rows` (`Subject.rows`) hold, that can find something.

    Parameters
    ----------
    spreads : mapping of str to Spread
        Of the columns whose numbers are amounts.
    """
    for column in columns:
        if used(column):
            yield from _of_column(subject, rows, column)
        spread = spreads.get(column.slug)
        if spread is not None and _leaves(column, *spread.limits):
            yield _far(subject, rows, column, spread)


def _of_log(subject: Subject, rows: ir.Table) -> Iterator[Check]:
    table = subject.dataset.table
    ident, date = table.one("id"), table.one("date")
    assert ident is not None and date is not None, "a log without them is no log to the subject"
    if ident.missing or ident.type == "text":  # text of blanks only is no customer either
        text = f"{ident.name} is empty in {{rows}}: counted and valued, but of no customer."
        yield Check(key="no_customer", slug=ident.slug, where=rows.customer.isnull(), text=text)
    if date.missing:
        text = f"{date.name} is empty in {{rows}}: they can't be placed in time and are left out."
        yield Check(key="no_date", slug=date.slug, where=rows.day.isnull(), text=text)
    if table.one("status") is not None:
        text = "The order was cancelled or a test in {rows}."
        yield Check(key="status", where=rows.out, text=text, decides="cancelled")
    yield from _of_price(subject, rows)


def _of_price(subject: Subject, rows: ir.Table) -> Iterator[Check]:
    table = subject.dataset.table
    column, pieces = table.one("unit_price") or table.one("line_amount"), table.one("quantity")
    assert column is not None
    tail = "neither a sale nor a return, and left out."
    price = rows[RAW + column.slug]
    if _has_zero(column):
        free = ((price == 0) & (rows.kind == "other")).fill_null(False)
        text = f"{column.name} is zero in {{rows}}: {tail}"
        yield Check(key="zero_price", slug=column.slug, where=free, text=text)
    if _leaves(column, 0.0, math.inf):
        below = ((price < 0) & (rows.kind == "other")).fill_null(False)
        text = f"{column.name} is below zero in {{rows}}: {tail}"
        yield Check(key="negative_price", slug=column.slug, where=below, text=text)
    if pieces is not None and _has_zero(pieces):
        none = ((rows[RAW + pieces.slug] == 0) & (price != 0)).fill_null(False)
        text = f"{pieces.name} is zero in {{rows}}: {tail}"
        yield Check(key="no_pieces", slug=pieces.slug, where=none, text=text)


def _of_column(subject: Subject, rows: ir.Table, column: Column) -> Iterator[Check]:
    told = subject.is_log and column.role in ("id", "date")
    if column.missing and not told:
        yield _missing(subject, rows, column)
    if column.role in _DAY_ROLES and column.type in ("date", "datetime"):
        yield from _days(subject, rows, column)
    if subject.dataset.kind == "customers":
        yield from _impossible(subject, rows, column)
    for value, _ in column.blanks:
        yield _blank(rows, column, value)


def _missing(subject: Subject, rows: ir.Table, column: Column) -> Check:
    filled = subject.dataset.kind == "customers" and column.role in UNITS and column.role != "since"
    return Check(
        key=f"missing:{column.slug}",
        slug=column.slug,
        where=rows[RAW + column.slug].isnull(),
        text=f"{column.name} is empty in {{rows}}.",
        decides="missing" if filled else "",
    )


def _days(subject: Subject, rows: ir.Table, column: Column) -> Iterator[Check]:
    day = local(rows[RAW + column.slug], column, subject.dataset).cast("date")
    added = today(subject.dataset)
    if column.zoned or (column.maximum or "")[:10] > added.isoformat():  # the end is in UTC, days may not be
        yield Check(
            key=f"future:{column.slug}",
            slug=column.slug,
            where=(day > added).fill_null(False),
            text=f"{column.name} lies after {words.day(added)}, the day the file came, in {{rows}}.",
            decides="impossible",
        )
    if (column.minimum or "9") < EARLIEST.isoformat():
        yield Check(
            key=f"early:{column.slug}",
            slug=column.slug,
            where=(day < EARLIEST).fill_null(False),
            text=f"{column.name} lies before {EARLIEST.year} in {{rows}}.",
            decides="impossible",
        )


def _impossible(subject: Subject, rows: ir.Table, column: Column) -> Iterator[Check]:
    if column.role in _DAY_ROLES or (column.role == "spend" and not _leaves(column, 0.0, math.inf)):
        return
    asked = replace(column, slug=RAW + column.slug)
    for where in impossible(rows, [asked], subject.dataset).values():
        age = f"below 0 or over {MAX_AGE}"
        what = (
            f"gives an age {age}"
            if born(column)
            else f"is {age}"
            if column.role == "age"
            else "is below zero"
        )
        text = f"{column.name} {what} in {{rows}}."
        yield Check(
            key=f"impossible:{column.slug}", slug=column.slug, where=where, text=text, decides="impossible"
        )


def _blank(rows: ir.Table, column: Column, value: str) -> Check:
    return Check(
        key=f"blank:{column.slug}:{value}",
        slug=column.slug,
        where=is_one_of(rows[RAW + column.slug], column, [value]),
        text=f"{column.name} is “{words.cut(value)}” in {{rows}}, which may mean that nothing is known.",
        decides="blanks",
        mild=True,
    )


def _leaves(column: Column, low: float, high: float) -> bool:
    """Whether a number of the column lies outside of these: what nothing can meet is not counted."""
    return float(column.minimum or 0) < low or float(column.maximum or 0) > high


def _has_zero(column: Column) -> bool:
    """Whether zero lies between the smallest and the largest number of the column."""
    return float(column.minimum or 0) <= 0 <= float(column.maximum or 0)


def _far(subject: Subject, rows: ir.Table, column: Column, spread: Spread) -> Check:
    low, high = spread.limits
    value = rows[RAW + column.slug].cast("float64")
    return Check(
        key=f"far:{column.slug}",
        slug=column.slug,
        where=((value < low) | (value > high)).fill_null(False),
        text=f"{column.name} is unusually high or low in {{rows}}: {_beyond(column, spread)}.",
        # the step limits what customers are compared on, never the lines of a log
        decides="outliers" if subject.dataset.kind == "customers" else "",
        mild=True,
    )


def _beyond(column: Column, spread: Spread) -> str:
    """Where a column's unusual values lie; only the sides on which it has any are named."""
    low, high = (f"{v:g}" if born(column) else words.exact(v, "number") for v in spread.limits)
    if spread.limits[0] <= spread.minimum:
        return f"above {high}"
    return f"below {low}" if spread.limits[1] >= spread.maximum else f"below {low} or above {high}"
