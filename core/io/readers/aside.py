"""Rows that are set aside: why, which words begin a total, and what is said of them."""

import re
from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from core.io.columns.typed import counted

MISFIT: Final = "another number of values than there are columns"
FOOTER: Final = "a total below the table"
NOTES: Final = "notes below the table"
REPEATED: Final = "the column names once more"

_SCHEMA: Final = pa.schema({"_row": pa.int64(), "reason": pa.string(), "text": pa.large_string()})
_WORD: Final = (
    r"(?i:(?:grand |over|sub)?-?(?:totals?|sum|summe|gesamt|gesamtsumme|insgesamt|totale|totaal|somme|suma|"
    r"soma|razem|итого|合計|合计|總計|总计))"
)
_TOTAL: Final = re.compile(rf"{_WORD}\s*[:.]?")
_TAX: Final = r"(?i:vat|tax|mwst|ust|tva|iva|btw|gst)\b"
_QUALIFIED: Final = rf"\s+(?:[a-z\d(]|{_TAX}|(?i:incl|excl|inkl|exkl|net|gross|brutto|due|after|before)).*"
_MORE: Final = re.compile(rf"{_WORD}{_QUALIFIED}|{_TAX}.*")

Aside = tuple[int, str, str]
"""Number of the row, reason, and the row as it stood."""


def is_total(cells: Sequence[str]) -> bool:
    """Whether the first cell that is filled says that the row is a total."""
    return _TOTAL.fullmatch(_first(cells)) is not None


def totals(rows: Sequence[Sequence[str]]) -> int:
    """How many of the last rows are totals: one that says so, and those like `Total incl. VAT` below it."""
    found = 0
    for count, cells in enumerate(reversed(rows), 1):
        if is_total(cells):
            found = count
        elif not _MORE.fullmatch(_first(cells)):
            break
    return found


def table(rows: Sequence[Aside]) -> pa.Table:
    """The rows set aside in the file's order, as `Raw.aside` has them."""
    return pa.table([list(part) for part in zip(*sorted(rows), strict=True)] or [[], [], []], schema=_SCHEMA)


def said(rows: Sequence[Aside], reasons: Sequence[str]) -> list[str]:
    """A sentence for each of the reasons that occurs, with the first of its rows."""
    found = []
    for reason in reasons:
        if texts := [text for _, other, text in sorted(rows) if other == reason]:
            found.append(f"{were(len(texts))} set aside: {reason} (“{texts[0].strip()[:60]}”).")
    return found


def were(rows: int) -> str:
    """`1 row was`, `2 rows were`."""
    return f"{counted(rows, 'row')} {'was' if rows == 1 else 'were'}"


def _first(cells: Sequence[str]) -> str:
    return next((cell.strip() for cell in cells if cell.strip()), "")
