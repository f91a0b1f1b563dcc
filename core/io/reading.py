"""What passes between a reader, the typing of its columns, and the store."""

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """A file as its reader found it: columns of text, or typed where the format has types.

    Attributes
    ----------
    names : tuple of str
        Column names as written, maybe empty or repeated.
    columns : tuple of pa.ChunkedArray
    numbers : pa.Array
        int64: the row of the file, counted from 1 after the header, that each row of the columns is.
    decisions, warnings : tuple of str
        What the reader chose; what a person must look at.
    """

    names: tuple[str, ...]
    columns: tuple[pa.ChunkedArray, ...]
    numbers: pa.Array
    decisions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A typed column: slug, shown name, type and open order of day and month, as in `Column`."""

    slug: str
    name: str
    type: str
    dayfirst: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A file as it is stored: `_row`, the number of the file's row, then canonical columns by their slugs."""

    table: pa.Table
    fields: tuple[Field, ...]
    currency: str = ""
    decisions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
