"""What was seen in a log's rows and decides what is asked: repeated order amounts, rows that are equal."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from core.io.dataset import Column, Dataset
from core.io.meaning import hints

if TYPE_CHECKING:  # the web process asks questions without loading what reads tables
    import duckdb
    import pyarrow as pa

Facts = tuple[tuple[str, ...], ...]
"""`("duplicates", rows)`; for a column `("repeated", order slug, column slug, orders of several lines)`."""

FEWEST_ORDERS: Final = 3
"""Orders of several lines that must all repeat an amount before it is asked about."""

_SAMPLE: Final = 20_000


def open_facts(table: "pa.Table", columns: Sequence[Column], kind: str) -> Facts:
    """What the rows of a log say about questions that names and types leave open.

    Parameters
    ----------
    table : pyarrow Table
        Holds the columns by their slugs.
    columns : sequence of Column
        With their roles; amounts are looked at beside the column with the role `order`.
    kind : str
        A customer table has no such facts.
    """
    if kind != "log":
        return ()
    with _opened(table) as lines:
        again = 0 if tells_rows_apart(columns, len(table)) else _equal_rows(lines, [c.slug for c in columns])
        repeated = tuple(_repeated(lines, columns, table.num_rows))
    return ((("duplicates", str(again)),) if again else ()) + repeated


def with_facts(dataset: Dataset, table: "pa.Table") -> Dataset:
    """The data set with the facts of its table."""
    return replace(dataset, facts=open_facts(table, dataset.columns, dataset.kind))


def tells_rows_apart(columns: Sequence[Column], rows: int) -> bool:
    """Whether some column has another value in every row, so that no two rows are equal."""
    return any(not c.missing and c.distinct == rows for c in columns)


def duplicates(dataset: Dataset) -> int:
    """Rows of the log that equal an earlier one."""
    return next((int(fact[1]) for fact in dataset.facts if fact[0] == "duplicates"), 0)


def repeated_orders(dataset: Dataset, column: Column | None) -> int:
    """Orders of several lines, if all of them repeat one value of this column on every line; else 0."""
    order = dataset.table.one("order")
    if column is None or order is None:
        return 0
    wanted = ("repeated", order.slug, column.slug)
    return next((int(fact[3]) for fact in dataset.facts if fact[:3] == wanted), 0)


@contextlib.contextmanager
def _opened(table: "pa.Table") -> "Iterator[duckdb.DuckDBPyConnection]":
    """The table as `lines`, and its first rows as `start`."""
    import duckdb

    with duckdb.connect(config={"threads": 2}) as connection:
        connection.register("lines", table)
        connection.register("start", table.slice(0, _SAMPLE))
        yield connection


def _equal_rows(lines: "duckdb.DuckDBPyConnection", slugs: Sequence[str]) -> int:
    """Rows that equal an earlier row in all of these columns, told by a hash of 64 bits."""
    import numpy as np

    listed = ", ".join(f'"{slug}"' for slug in slugs)
    found = lines.sql(f"select hash({listed}) as h from lines").to_arrow_table()["h"]
    hashes = np.sort(found.to_numpy())
    return int((hashes[1:] == hashes[:-1]).sum())


def _repeated(
    lines: "duckdb.DuckDBPyConnection", columns: Sequence[Column], rows: int
) -> Iterator[tuple[str, ...]]:
    """The columns that could be money and say the same on every line of an order, but not in every order."""
    order = next((c for c in columns if c.role == "order"), None)
    if order is None or order.distinct == rows:
        return
    for column in columns:
        # most amounts differ within one of the first orders already: the whole table need not be grouped
        if _could_be_money(column) and _orders_repeating(lines, "start", order.slug, column.slug) is not None:
            orders = _orders_repeating(lines, "lines", order.slug, column.slug)
            if orders:
                yield "repeated", order.slug, column.slug, str(orders)


def _could_be_money(column: Column) -> bool:
    """Amounts and discounts, and what has decimals and could be called one."""
    named = column.role in ("line_amount", "discount") and column.type in hints.NUMERIC
    return column.distinct > 1 and (named or (column.role == "ignore" and column.type == "number"))


def _orders_repeating(lines: "duckdb.DuckDBPyConnection", table: str, order: str, amount: str) -> int | None:
    """Orders of several lines, if each has one amount that is not nought and they differ; None if not."""
    found = lines.execute(
        f"""
        select count(*), count(*) filter (low <> high or known < n), count(distinct low)
        from (
            select count(*) as n, count("{amount}") as known, min("{amount}") as low, max("{amount}") as high
            from {table} where "{order}" is not null group by "{order}"
        ) where n > 1 and high <> 0
        """
    ).fetchall()[0]
    orders, differing, amounts = (int(value) for value in found)
    if differing:
        return None
    return orders if amounts > 1 or not orders else 0
