"""Text files for the tests of readers, and what came out of them."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from core.io.reading import Reading

Write = Callable[[str | bytes], Path]


def as_text(
    rows: Sequence[Sequence[str]],
    separator: str = ",",
    newline: str = "\n",
    quoting: int = csv.QUOTE_MINIMAL,
) -> str:
    """The rows as a delimited text, quoted where needed."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=newline, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


def cells(reading: Reading) -> list[list[object]]:
    """All rows without the row numbers."""
    return [list(row.values())[1:] for row in reading.table.to_pylist()]


def types(reading: Reading) -> list[str]:
    """The type of each column."""
    return [field.type for field in reading.fields]


def names(reading: Reading) -> list[str]:
    """The shown name of each column."""
    return [field.name for field in reading.fields]


def aside(reading: Reading) -> list[tuple[int, str, str]]:
    """The rows set aside: number, reason, text."""
    return [] if reading.aside is None else [tuple(row.values()) for row in reading.aside.to_pylist()]


def chosen(reading: Reading) -> dict[str, tuple[str, bool]]:
    """What the reader decided: value, and whether a person did."""
    return {choice.key: (choice.value, choice.chosen) for choice in reading.choices}
