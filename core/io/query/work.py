"""One piece of work over the engine, with tables and views that nobody else sees."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa

from core.errors import UserError

_TELL_EVERY: Final = 0.5
"""Seconds."""

_BATCH: Final = 122_880


class Work:
    """A cursor with tables of its own, by fixed names, so that the SQL over them can be compiled once.

    Parameters
    ----------
    cursor : DuckDB cursor
    folder : callable
        Gives the folder of this work's files, made at the first call.
    telling : DuckDB cursor
        One that knows how far its query is; it does not see the tables of this work.
    """

    def __init__(
        self,
        cursor: duckdb.DuckDBPyConnection,
        folder: Callable[[], Path],
        telling: duckdb.DuckDBPyConnection,
    ) -> None:
        self._cursor = cursor
        self._folder = folder
        self._telling = telling

    def run(self, sql: str) -> pa.Table:
        """All rows of a query; sums of whole numbers, which the engine holds in 128 bits, as int64."""
        with in_words():
            return _narrowed(self._cursor.sql(sql).to_arrow_table())

    def numbers(self, sql: str, most: int) -> np.ndarray:
        """The only column of a query, of whole numbers without a gap and at most so many rows, as int64.

        They go into one array from the start, which takes half of the memory of putting pieces together.
        """
        found = np.empty(most, dtype=np.int64)
        size = 0
        with in_words():
            for batch in self._cursor.sql(sql).to_arrow_reader(_BATCH):
                found[size : size + batch.num_rows] = batch.column(0).to_numpy()
                size += batch.num_rows
        return found[:size]

    def view(self, name: str, sql: str) -> None:
        """Give a query a name."""
        self._cursor.execute(f'create or replace temp view "{name}" as {sql}')

    def lend(self, name: str, table: pa.Table) -> None:
        """Give a table in memory a name, in place of what had it before."""
        self._cursor.register(name, table)

    def take_back(self, name: str) -> None:
        """Let go of a table that was lent, if it was."""
        self._cursor.unregister(name)

    def keep(self, name: str, sql: str) -> None:
        """Compute a query and keep its rows as a table, in place of the one of this name."""
        self.drop(name)
        with in_words():
            self._cursor.execute(f'create temp table "{name}" as {sql}')

    def append(self, name: str, sql: str) -> None:
        """Add a query's rows to a table, which is made where it is not there yet."""
        with in_words():
            self._cursor.execute(f'create temp table if not exists "{name}" as select * from ({sql}) limit 0')
            self._cursor.execute(f'insert into "{name}" {sql}')

    def drop(self, name: str) -> None:
        """Forget a table, if it is there."""
        self._cursor.execute(f'drop table if exists "{name}"')

    def spread(
        self, sql: str, key: Sequence[str], parts: int, tell: Callable[[float], None] = lambda share: None
    ) -> tuple[str, ...]:
        """Write a query's rows to files, those of equal `key` into one, and return a query per part.

        Parameters
        ----------
        sql : str
            A query over stored tables: those of this work are not seen here.
        tell : callable
            Is told the share that is done, from time to time; when it raises, the writing ends.
        """
        folder = self._folder()
        part = f"hash({', '.join(key)}) % {parts}"
        with in_words():
            _run_and_tell(
                self._telling,
                f"copy (select *, {part} as _part from ({sql})) to '{folder}'"
                " (format parquet, partition_by (_part), compression 'lz4_raw', row_group_size 40960,"
                " overwrite_or_ignore)",
                tell,
            )
        found = sorted(folder.glob("_part=*"))
        return tuple(
            f"select * exclude (_part) from read_parquet('{path}/*.parquet', hive_partitioning=true)"
            for path in found
        )


def _run_and_tell(cursor: duckdb.DuckDBPyConnection, sql: str, tell: Callable[[float], None]) -> None:
    """Run a statement on a thread of its own, so that this one can tell how far it is."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(cursor.execute, sql)
        try:
            while wait([running], timeout=_TELL_EVERY).not_done:
                tell(max(cursor.query_progress(), 0.0) / 100)
        except BaseException:
            cursor.interrupt()
            raise
        running.result()


def _narrowed(table: pa.Table) -> pa.Table:
    wide = pa.decimal128(38, 0)
    fields = [pa.field(f.name, pa.int64()) if f.type == wide else f for f in table.schema]
    return table.cast(pa.schema(fields))


@contextlib.contextmanager
def in_words() -> Iterator[None]:
    """Amounts beyond any money in a file are the user's to mend, not a fault of ours."""
    try:
        yield
    except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
        raise too_large() from error


def too_large() -> UserError:
    """A sum of amounts that can't be held exactly."""
    return UserError(
        "An amount in this table is too large to be money.",
        "Check which columns hold price, pieces and amounts on the Data page.",
    )
