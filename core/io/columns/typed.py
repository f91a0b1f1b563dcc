"""What the typing of a column comes to, and what is said of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from core.io.columns import dates
from core.io.names import listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A column in its canonical type.

    Attributes
    ----------
    values : pa.ChunkedArray
        int64, float64, date32, timestamp[us], bool, or text: string, as a dictionary where values repeat.
    type : str
        As in `Column.type`.
    dayfirst : bool or None
        The order of day and month in which dates were read, where the values leave it open.
    zoned : bool
        Whether times were written with their time zone; they are in UTC then.
    sign : str
        The currency of amounts, or "".
    order : bool or None
        Whether dates leave no doubt that the day, or the month, comes first.
    decimal : str
        The sign before the decimals, where the column was text with decimals; `?` where that can't be told;
        else "".
    """

    values: pa.ChunkedArray
    type: str
    dayfirst: bool | None = None
    order: bool | None = None
    zoned: bool = False
    sign: str = ""
    decimal: str = ""


@dataclass(slots=True)
class Told:
    """Sentences gathered while columns are typed; equal ones are joined to one that lists the columns."""

    decisions: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def chose(self, what: str, column: str) -> None:
        """Remember a decision about a column."""
        self.decisions.setdefault(what, []).append(column)

    def warn(self, sentence: str) -> None:
        """Remember what a person must look at."""
        self.warnings.append(sentence)

    def sentences(self, names: Sequence[str]) -> tuple[str, ...]:
        """The decisions, each with the columns it was made for, in the order of `names`."""
        place = {name: i for i, name in enumerate(names)}
        return tuple(
            f"{listed(sorted(columns, key=lambda name: place[name]))}: {what}."
            for what, columns in self.decisions.items()
        )


def typed_dates(moments: np.ndarray, dayfirst: bool | None = None) -> Typed:
    """datetime64[us] as days where all are midnight, else as moments."""
    if dates.is_midnight(moments):
        days = pa.array(moments.astype("datetime64[D]"))
        return Typed(values=chunked(days), type="date", dayfirst=dayfirst)
    return Typed(values=chunked(pa.array(moments)), type="datetime", dayfirst=dayfirst)


def chunked(values: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    """The values as a chunked array, whatever they came as."""
    return values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values])


def counted(number: int, thing: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def quoted(words: Sequence[str]) -> str:
    """Words in quotation marks, joined by commas."""
    return listed([f"“{word}”" for word in words])
