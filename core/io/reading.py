"""What passes between a reader, the typing of its columns, and the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.io.dataset import ReaderChoice
from core.io.names import listed

if TYPE_CHECKING:  # the web process names readings without loading what reads files
    import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAs:
    """How a person wants a file to be read; what is empty is judged by the content.

    Attributes
    ----------
    separator : str
        The character between values; `tab`, `blank`, `blanks` (two or more), `columns` at fixed positions.
    encoding : str
        Python's name of a text encoding.
    decimal : str
        `,` or `.`, the sign before the decimals.
    dayfirst : str
        `yes` or `no`, where a date's day and month could be exchanged.
    sheet : str
        Name of a workbook's sheet.
    header : str
        Number of the line (or sheet row) that holds the column names, from 1; `none` without one.
    member : str
        Name of the file inside an archive.
    """

    separator: str = ""
    encoding: str = ""
    decimal: str = ""
    dayfirst: str = ""
    sheet: str = ""
    header: str = ""
    member: str = ""


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
    aside : pa.Table or None
        Rows set aside: `_row` int64, `reason` (plain words, equal for equal reasons), `text` (the row as it
        stood; values joined by tabs where the format is no text).
    choices : tuple of ReaderChoice
        What the reader decided, each to be decided otherwise.
    decimal : str
        The decimal sign that a person chose, empty where it is judged.
    dayfirst : str
        `yes` or `no` where a person chose, else empty.
    """

    names: tuple[str, ...]
    columns: "tuple[pa.ChunkedArray, ...]"
    numbers: "pa.Array"
    decisions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    aside: "pa.Table | None" = None
    choices: tuple[ReaderChoice, ...] = ()
    decimal: str = ""
    dayfirst: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A typed column: slug, shown name, type, open order of day and month, and zone, as in `Column`."""

    slug: str
    name: str
    type: str
    dayfirst: bool | None = None
    zoned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A file as it is stored: `_row`, the number of the file's row, then canonical columns by their slugs."""

    table: "pa.Table"
    fields: tuple[Field, ...]
    currency: str = ""
    decisions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    aside: "pa.Table | None" = None
    choices: tuple[ReaderChoice, ...] = ()


def idle(choices: Sequence[str], why: str) -> str:
    """The sentence for choices that change nothing; they may have been made for an earlier file."""
    return f"The choice of {listed(choices)} means nothing for this file ({why})."
