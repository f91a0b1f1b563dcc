"""Parquet files."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import UserError
from core.io.columns.texts import is_text
from core.io.columns.values import check_width
from core.io.reading import Raw


def matches(head: bytes) -> bool:
    """Whether the file begins as Parquet does."""
    return head.startswith(b"PAR1")


def read(path: Path) -> Raw:
    """Read a Parquet file; the types are the file's.

    Raises
    ------
    UserError
        For a damaged file, or one with too many columns.
    """
    try:
        with pq.ParquetFile(path) as file:
            check_width(file.metadata.num_columns)
            text = [field.name for field in file.schema_arrow if is_text(field.type)]
        with pq.ParquetFile(path, read_dictionary=text) as file:  # each value once, as it lies in the file
            table = file.read()
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError):
        raise UserError(
            "This Parquet file is damaged or incomplete.", "Write or download it again, then upload it again."
        ) from None
    return replace(raw(table), decisions=("Read as Parquet.",))


def raw(table: pa.Table) -> Raw:
    """A table in memory, as if it had been read."""
    return Raw(
        names=tuple(table.column_names),
        columns=tuple(table.columns),
        numbers=pa.array(np.arange(1, len(table) + 1, dtype=np.int64)),
    )
