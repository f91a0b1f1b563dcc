"""The engine: Ibis writes the SQL, the native driver runs it."""

import contextlib
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from core.errors import UserError

FRAME_LIMIT: Final = 200_000


class TooLarge(UserError):
    """A result has more rows than a frame may hold."""


class Engine:
    """DuckDB over the store's Parquet files.

    Parameters
    ----------
    data : Path
        Folder with one `<content>/table.parquet` per stored table.
    threads : int
        DuckDB threads.
    """

    def __init__(self, data: Path, threads: int = 2) -> None:
        self._data = data
        self._threads = threads
        self._lock = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None

    def schema(self, name: str) -> ibis.Schema:
        """Column names and types of the stored table `name` (its content hash)."""
        rows = self._cursor().execute(f"describe select * from read_parquet('{self._path(name)}')").fetchall()
        return ibis.Schema({row[0]: _TYPES.get(row[1], "string") for row in rows})

    def table(self, name: str) -> ir.Table:
        """The stored table as an unbound Ibis table; only this engine can run expressions over it."""
        schema = self.schema(name)
        view = f"t_{name}"
        self._cursor().execute(
            f"create or replace view {view} as select * from read_parquet('{self._path(name)}')"
        )
        return ibis.table(schema, name=view)

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
        with _in_words():
            return self._cursor().sql(self.sql(expression)).to_arrow_table()

    @contextlib.contextmanager
    def kept(self, expression: ir.Table) -> Iterator[ir.Table]:
        """The expression computed once and kept while the block runs, for several questions to one result."""
        name = f"k_{uuid.uuid4().hex}"
        with _in_words():
            self._cursor().execute(f"create table {name} as {self.sql(expression)}")
        try:
            yield ibis.table(expression.schema(), name=name)
        finally:
            self._cursor().execute(f"drop table {name}")

    def sql(self, expression: ir.Expr) -> str:
        """The expression as DuckDB SQL."""
        return str(ibis.to_sql(expression, dialect="duckdb"))

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
        connection = duckdb.connect(config={"threads": self._threads})
        settings: list[tuple[str, Any]] = [
            ("TimeZone", "'UTC'"),
            ("allowed_directories", f"['{self._data}']"),
            ("enable_external_access", "false"),
            ("lock_configuration", "true"),
        ]
        for key, value in settings:
            connection.execute(f"set {key} = {value}")
        return connection


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    """Amounts beyond any money (38 digits) in a file are the user's to mend, not a fault of ours."""
    try:
        yield
    except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
        raise UserError(
            "An amount in this table is too large to be money.",
            "Check which columns hold price, pieces and amounts on the Data page.",
        ) from error


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
