"""Values that may mean “missing”: found and offered with their rows, never assumed."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from core.io.dataset import MONEY_ROLES, Column
from core.io.meaning.hints import DATED, NUMERIC

if TYPE_CHECKING:  # the web process reads the words without loading what reads tables
    import pyarrow as pa

WORDS: Final = frozenset(
    ("?", "-", "–", ".", "x", "n/a", "n.a.", "na", "#n/a", "#na", "#null!", "#value!", "nan", "null", "none")
    + ("nil", "unknown", "unkown", "not known", "not available", "not applicable", "not specified")
    + ("unspecified", "not stated", "not provided", "not given", "not set", "no answer", "no response")
    + ("no data", "no info", "prefer not to say", "refused", "declined", "missing", "blank", "empty")
    + ("undefined", "undisclosed", "unclassified", "tbd", "tba", "unbekannt", "keine angabe", "k.a.", "leer")
    + ("inconnu", "non renseigné", "desconocido", "sin datos", "desconhecido", "sconosciuto", "onbekend")
)
"""What people write for an empty cell, in lower case."""

_STAND_INS: Final = frozenset(float("9" * digits) for digits in range(2, 10))
_NEGATIVE: Final = frozenset({-1.0, -9.0, *(-number for number in _STAND_INS)})
_NO_DAYS: Final = frozenset(
    dt.date.fromisoformat(day)
    for day in ("0001-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01")
    + ("2099-12-31", "9999-12-31")
)  # fmt: skip
_TIMES_LARGER: Final = 2
_DAYS_APART: Final = 5 * 365
_MAY_BE_NEGATIVE: Final = frozenset({"quantity", "discount", *MONEY_ROLES})

Blank = tuple[str, int]


def is_blank_word(value: str) -> bool:
    """Whether a text says that nothing is known: `?`, `Unknown`, `(none)`, `None/Unknown`, `---`."""
    text = " ".join(value.lower().replace("_", " ").split())
    text = text.strip("()[]<>{}*\"' ") or text
    text = re.sub(r"^([-–?.x])\1+$", r"\1", text)
    parts = [part for part in re.split(r"\s*(?:/|,|\bor\b)\s*", text.replace("n/a", "na")) if part]
    return text in WORDS or (bool(parts) and all(part in WORDS for part in parts))


def blank_candidates(table: "pa.Table", columns: Sequence[Column]) -> dict[str, tuple[Blank, ...]]:
    """Values of each column that may stand for an empty cell, with the rows that hold them.

    A word such as `unknown` among other text; −1 (or −9, −99, −999 …) where no other value is below zero; 99,
    999, 9999 … at least twice as large as any other value; a day such as 1900-01-01 five years or more apart
    from the rest. Amounts and pieces of a log may be negative and are not looked at.

    Parameters
    ----------
    table : pyarrow Table
        Holds the columns by their slugs.
    columns : sequence of Column
        Described, with their roles.

    Returns
    -------
    dict of slug to tuple of (value, rows)
        Only columns with such values, the most frequent first.
    """
    found = {c.slug: tuple(sorted(_of(table, c), key=lambda b: (-b[1], b[0]))) for c in columns}
    return {slug: blanks for slug, blanks in found.items() if blanks}


def _of(table: "pa.Table", column: Column) -> Iterator[Blank]:
    if column.type == "text":
        yield from _words(table, column)
    elif column.type in NUMERIC and column.role not in _MAY_BE_NEGATIVE and column.distinct > 1:
        yield from _codes(table, column)
    elif column.type in DATED and column.distinct > 1:
        yield from _days(table, column)


def _words(table: "pa.Table", column: Column) -> Iterator[Blank]:
    wanted = {v for v in column.values if is_blank_word(v)}
    if column.values and len(wanted) == len(column.values):
        return  # there is nothing else in the column: the words are its content
    if not column.values:
        wanted = {spelled for w in WORDS for spelled in (w, w.capitalize(), w.title(), w.upper())}
    if wanted:
        yield from _rows_of(table[column.slug], sorted(wanted)).items()


def _rows_of(cells: "pa.ChunkedArray", words: list[str]) -> dict[str, int]:
    """The rows that hold each of these words; of a dictionary only the positions are compared."""
    import pyarrow as pa
    import pyarrow.compute as pc

    counts: Counter[str] = Counter()
    for chunk in cells.chunks:
        encoded = pa.types.is_dictionary(chunk.type)
        texts = chunk.dictionary if encoded else chunk
        found = pc.is_in(texts, value_set=pa.array(words, texts.type))
        if not pc.any(found).as_py():
            continue
        held = chunk.filter(pc.take(found, chunk.indices) if encoded else found)
        counts.update(held.to_pylist())
    return dict(counts)


def _codes(table: "pa.Table", column: Column) -> Iterator[Blank]:
    low, high = float(column.minimum or 0), float(column.maximum or 0)
    if low in _NEGATIVE:
        rows, smallest, _ = _without(table, column, low)
        if smallest >= 0:
            yield f"{low:.0f}", rows
    if high in _STAND_INS:
        rows, _, largest = _without(table, column, high)
        if largest * _TIMES_LARGER <= high:
            yield f"{high:.0f}", rows


def _days(table: "pa.Table", column: Column) -> Iterator[Blank]:
    low, high = (dt.date.fromisoformat((end or "")[:10]) for end in (column.minimum, column.maximum))
    if low in _NO_DAYS:
        rows, first, _ = _without(table, column, low)
        if (first - low).days >= _DAYS_APART:
            yield low.isoformat(), rows
    if high in _NO_DAYS:
        rows, _, last = _without(table, column, high)
        if (high - last).days >= _DAYS_APART:
            yield high.isoformat(), rows


def _without(table: "pa.Table", column: Column, value: Any) -> tuple[int, Any, Any]:
    """Rows that hold a value (or a day), and the smallest and largest of the other values."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = table[column.slug]
    if column.type == "datetime":
        cells = pc.cast(cells, pa.date32(), safe=False)
    same = pc.equal(cells, pa.scalar(value).cast(cells.type))
    rest = pc.min_max(cells.filter(pc.invert(same))).as_py()
    if rest["min"] is None:
        rest = {"min": value, "max": value}
    return int(pc.sum(same).as_py() or 0), rest["min"], rest["max"]
