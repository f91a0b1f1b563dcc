"""The engine: Ibis writes the SQL, the native driver runs it."""

import contextlib
import os
import resource
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from core.errors import UserError
from core.io.query.compiled import Compiled
from core.io.query.spill import Spill
from core.io.query.work import Work

FRAME_LIMIT: Final = 200_000
_MOST_THREADS: Final = 4
_SHARE: Final = 0.5
"""Of the memory of the machine, or of the job where that has a limit; the rest is for all but DuckDB."""

_LEAST_MB: Final = 256


class TooLarge(UserError):
    """A result has more rows than a frame may hold."""


class Engine:
    """DuckDB over the store's Parquet files.

    Parameters
    ----------
    data : Path
        Folder with one `<content>/table.parquet` per stored table. What does not fit into memory goes to
        `spill` beside it, compiled SQL to `sql`.
    threads : int, optional
        DuckDB threads; where it is not given, one per processor, at most four.
    memory_mb : int, optional
        What DuckDB may hold in memory before it spills; where it is not given `ENGINE_MEMORY_MB`, or half of
        what this process may use.
    """

    def __init__(self, data: Path, threads: int | None = None, memory_mb: int | None = None) -> None:
        self._data = data
        self._threads = threads or min(len(os.sched_getaffinity(0)), _MOST_THREADS)
        self._given_memory = memory_mb
        self._lock = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._telling: duckdb.DuckDBPyConnection | None = None
        self._spill = Spill(data.parent / "spill")
        self._compiled = Compiled(data.parent / "sql")

    @property
    def threads(self) -> int:
        """How many threads the engine has."""
        return self._threads

    @property
    def memory_mb(self) -> int:
        """What DuckDB may hold in memory, in MiB."""
        return self._given_memory or int(os.environ.get("ENGINE_MEMORY_MB") or 0) or _usual_memory()

    def schema(self, name: str) -> ibis.Schema:
        """Column names and types of the stored table `name` (its content hash)."""
        rows = self._cursor().execute(f"describe select * from read_parquet('{self._path(name)}')").fetchall()
        return ibis.Schema({row[0]: _TYPES.get(row[1], "string") for row in rows})

    def table(self, name: str) -> ir.Table:
        """The stored table as an unbound Ibis table; only this engine can run expressions over it."""
        schema = self.schema(name)
        self.view(name)
        return ibis.table(schema, name=f"table_{name}")

    def view(self, name: str, file: str = "table") -> str:
        """Make a stored table, or a file beside it, known to compiled SQL; the name it has there."""
        path = self._path(name).with_name(f"{file}.parquet")
        view = f"{file}_{name}"
        self._cursor().execute(f"create or replace view {view} as select * from read_parquet('{path}')")
        return view

    def folder(self, name: str) -> Path:
        """Folder of the stored table, where what is derived from it alone may be kept."""
        return self._path(name).parent

    def frame(self, expression: ir.Table, limit: int = FRAME_LIMIT) -> pa.Table:
        """Run an expression and return all of its rows.

        Raises
        ------
        TooLarge
            When the result has more than `limit` rows. It never cuts silently.
        """
        found = self.run(expression.limit(limit + 1))
        if found.num_rows > limit:
            raise TooLarge(
                f"The result has more than {limit:,} rows.", "Narrow it with a filter, or read it in batches."
            )
        return found

    def batches(self, expression: ir.Table, size: int = 100_000) -> Iterator[pa.RecordBatch]:
        """Stream an expression as Arrow record batches of at most `size` rows, of any length in all."""
        yield from self._cursor().sql(self.sql(expression)).to_arrow_reader(size)

    def run(self, expression: ir.Table) -> pa.Table:
        """All rows of an expression, of any number: for the worker, which needs every customer at once."""
        with self.work() as work:
            return work.run(self.sql(expression))

    @contextlib.contextmanager
    def work(self) -> Iterator[Work]:
        """Tables and views of its own, gone at the end of the block: for several questions to one result."""
        cursor = self._cursor()
        name = uuid.uuid4().hex
        try:
            assert self._telling is not None, "made with the first cursor"
            yield Work(cursor, lambda: self._spill.folder(name), self._telling)
        finally:
            cursor.close()
            self._spill.clear(name)

    def sql(self, expression: ir.Expr) -> str:
        """The expression as DuckDB SQL."""
        return str(ibis.to_sql(expression, dialect="duckdb"))

    def compiled(self, key: tuple[object, ...], make: Callable[[], ir.Expr]) -> str:
        """The SQL of the expression that `make` builds, kept under a key that says all that it depends on.

        Building and compiling takes a large part of a second for the customer measures, running them on a
        small file far less.
        """
        return self._compiled.text(key, lambda: self.sql(make()))

    def _path(self, name: str) -> Path:
        path = self._data / name / "table.parquet"
        if not name.isalnum() or not path.exists():
            raise UserError("The stored table of this data set is gone.", "Upload the file again.")
        return path

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            if self._connection is None:
                self._connection = self._open()
            return self._connection.cursor()

    def _open(self) -> duckdb.DuckDBPyConnection:
        self._data.mkdir(parents=True, exist_ok=True)
        self._spill.sweep()
        connection = duckdb.connect(config={"threads": self._threads})
        self._telling = _telling(connection)
        settings: tuple[tuple[str, str], ...] = (
            ("TimeZone", "'UTC'"),
            ("memory_limit", f"'{self.memory_mb}MiB'"),
            ("temp_directory", f"'{self._spill.home / 'engine'}'"),
            # the order of rows is always asked for where it matters; keeping it everywhere costs memory
            ("preserve_insertion_order", "false"),
            # the rows that wait in memory for each file that a table is spread over
            ("partitioned_write_flush_threshold", "32768"),
            ("allowed_directories", f"['{self._data}', '{self._spill.home}']"),
            ("enable_external_access", "false"),
            ("lock_configuration", "true"),
        )
        for key, value in settings:
            connection.execute(f"set {key} = {value}")
        return connection


def _telling(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A cursor that knows how far its query is: its own setting, made before settings are locked."""
    cursor = connection.cursor()
    cursor.execute("set enable_progress_bar = true")
    cursor.execute("set enable_progress_bar_print = false")
    return cursor


def _usual_memory() -> int:
    """Half of what this process may still use, in MiB: of its limit where it has one, else of the machine."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY:
        with open("/proc/self/statm") as file:
            machine = min(machine, limit - int(file.read().split()[0]) * resource.getpagesize())
    return max(int(_SHARE * machine / 1024**2), _LEAST_MB)


_TYPES: Final = {
    "BIGINT": "int64",
    "INTEGER": "int32",
    "SMALLINT": "int16",
    "TINYINT": "int8",
    "DOUBLE": "float64",
    "FLOAT": "float32",
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp(6)",
}
