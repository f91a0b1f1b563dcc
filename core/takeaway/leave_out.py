"""A list of customers to leave out: numbers or e-mail addresses, one a line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import UserError
from core.io.meaning.spelling import canonical

MOST: Final = 1_000_000
"""Lines a list may have."""

_BETWEEN: Final = re.compile(r"[,;\t]")
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Who is on a list.

    Attributes
    ----------
    listed : bool array (n,)
    unmatched : int
        Different entries that are no customer's.
    examples : tuple of str
        The first of these.
    """

    listed: np.ndarray
    unmatched: int = 0
    examples: tuple[str, ...] = ()


def entries(path: Path) -> pa.Array:
    """The entries of a list, each once, in the order of the file.

    Of a line with several cells it is the e-mail address among them, else the first; where there is but one
    line, each cell is an entry.

    Raises
    ------
    UserError
        When it can't be read, is no text, or has more than `MOST` lines.
    """
    found: dict[str, None] = {}
    alone: list[str] = []
    for at, line in enumerate(_lines(path)):
        if at >= MOST:
            raise UserError(
                f"The list to leave out has more than {MOST:,} lines.",
                "Split it, or mark these customers in your file and show only the others.",
            )
        if any(cells := _cells(line)):
            alone = [] if found else cells
            found[next((cell for cell in cells if "@" in cell), cells[0])] = None
    return pa.array([entry for entry in dict.fromkeys(alone or found) if entry], pa.string())


def left_out(found: pa.Array, ids: pa.ChunkedArray, emails: pa.Array | None) -> LeftOut:
    """Who of n customers is on a list, by number or e-mail address.

    Parameters
    ----------
    found : pyarrow Array of str
    ids : pyarrow ChunkedArray of str (n,)
        Numbers that differ only in leading zeros, `.0`, blanks or capital letters are one, where that keeps
        the customers apart.
    emails : pyarrow Array of str (n,) or None
        As `core.takeaway.addresses` gives them.
    """
    listed, matched = _by(ids.combine_chunks(), found)
    ours, theirs = canonical(ids.combine_chunks()), canonical(found)
    if len(pc.unique(ours)) == len(pc.unique(ids)):
        listed, matched = _either((listed, matched), _by(ours, theirs))
    if emails is not None:
        lower = pc.utf8_lower(found)
        listed, matched = _either((listed, matched), _by(emails, lower))
    strange = found.filter(pa.array(~matched))
    return LeftOut(
        listed=listed, unmatched=len(strange), examples=tuple(strange.slice(0, _SHOWN).to_pylist())
    )


def _by(values: pa.Array, found: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    listed = pc.and_(pc.is_in(values, value_set=found), pc.is_valid(values))
    matched = pc.is_in(found, value_set=values)
    return tuple(np.asarray(m.to_numpy(zero_copy_only=False)) for m in (listed, matched))  # type: ignore[return-value]


def _either(
    one: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    return one[0] | other[0], one[1] | other[1]


def _lines(path: Path) -> Iterator[str]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError("The list to leave out can't be read.", "Choose another file.") from error
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield from data.decode("utf-16", "replace").splitlines()
        return
    if data[:4] == b"PK\x03\x04" or b"\0" in data[:4096]:
        raise UserError(
            "The list to leave out is no text file.", "Save it as CSV or text, one customer a line."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    yield from text.splitlines()


def _cells(line: str) -> list[str]:
    return [cell.strip().strip("\"'").strip() for cell in _BETWEEN.split(line)]
