"""Rows that are set aside: why, which of the last rows are totals and notes, and what is said of them."""

import re
from collections.abc import Sequence
from statistics import median
from typing import Final

import pyarrow as pa

from core.io.columns.typed import counted
from core.io.readers.cut import filled

MISFIT: Final = "another number of values than there are columns"
FOOTER: Final = "a total below the table"
NOTES: Final = "notes below the table"
REPEATED: Final = "the column names once more"
LAST: Final = 10
"""So many of the last rows may be totals and notes."""

_SCHEMA: Final = pa.schema({"_row": pa.int64(), "reason": pa.string(), "text": pa.large_string()})
_WORD: Final = (
    r"(?i:(?:grand |over|sub)?-?(?:totals?|sum|summe|gesamt|gesamtsumme|insgesamt|totale|totaal|somme|suma|"
    r"soma|razem|итого|合計|合计|總計|总计))"
)
_TOTAL: Final = re.compile(rf"{_WORD}\s*[:.]?")
_TAX: Final = r"(?i:vat|tax|mwst|ust|tva|iva|btw|gst)\b"
_OF_TAX: Final = rf"\s+\(?(?:{_TAX}|(?i:incl|excl|inkl|exkl|nett?o?|gross|brutto|due|after|before)\b).*"
_TAXED: Final = re.compile(_WORD + _OF_TAX)
_MORE: Final = re.compile(rf"{_WORD}\s+[a-z\d(].*|{_TAX}.*")
_DOUBTFUL: Final = re.compile(rf"{_WORD}\b.*")
_WIDE: Final = 3

Aside = tuple[int, str, str]
"""Number of the row, reason, and the row as it stood."""


def is_total(cells: Sequence[str]) -> bool:
    """Whether the first cell that is filled says that the row is a total, maybe of a tax."""
    return any(words.fullmatch(_first(cells)) for words in (_TOTAL, _TAXED))


def footers(rows: Sequence[Sequence[str]]) -> tuple[tuple[int, str], ...]:
    """What stands below a table: positions from the end (-1 the last), each with the reason.

    Totals are rows whose first cell says so, and others below them. A note is a row of one filled cell, in a
    table of three or more columns, below an empty row or a total.

    Parameters
    ----------
    rows : sequence of sequence of str
        The last rows, empty ones too; the first of them is never taken.
    """
    counts = [filled(row) for row in rows]
    typical = median([count for count in counts if count] or [0])
    full = [place for place, count in enumerate(counts) if place and count]
    found: list[tuple[int, str]] = []
    while full and typical > 1:
        count = _totals([rows[place] for place in full])
        apart = not counts[full[-1] - 1] or _totals(rows[: full[-1]]) > 0
        if not count and not (typical >= _WIDE and counts[full[-1]] == 1 and apart):
            break
        taken = full[-count:] if count else full[-1:]
        found += [(place - len(rows), FOOTER if count else NOTES) for place in reversed(taken)]
        del full[-len(taken) :]
    return tuple(found)


def _totals(rows: Sequence[Sequence[str]]) -> int:
    """How many of the last rows are totals: those that say so, and others like `VAT 19 %` below them."""
    found = 0
    for count, cells in enumerate(reversed(rows), 1):
        if is_total(cells):
            found = count
        elif not _MORE.fullmatch(_first(cells)):
            break
    return found


def doubtful(last: Sequence[str]) -> tuple[str, ...]:
    """A warning where the last row that stays may be a total for all one can tell."""
    if not _DOUBTFUL.fullmatch(_first(last)):
        return ()
    return (
        f"The last row begins with “{_first(last)[:60]}” and stays. If it is the sum of the others, it "
        "counts twice: remove it from the file and upload that.",
    )


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
