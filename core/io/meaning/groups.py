"""One-hot groups: columns of noughts and ones that together say what one column of words would say."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from core.io.dataset import Column
from core.io.meaning import hints

if TYPE_CHECKING:  # the web process makes versions without loading what reads tables
    import numpy as np
    import pyarrow as pa

_EXPECTED_TOGETHER: Final = 1.0


def one_hot_groups(table: "pa.Table", columns: Sequence[Column]) -> dict[str, str]:
    """Columns that share the beginning of their names and of which a row has a 1 in at most one.

    Where some rows have a 1 in none of them, it must be no chance that no row has two: at least one such row
    would be expected if the columns were independent.

    Parameters
    ----------
    table : pyarrow Table
        Holds the columns by their slugs.
    columns : sequence of Column
        Described; their roles do not matter.

    Returns
    -------
    dict of slug to str
        The group's name (`Marital` for `Marital_Single` and `Marital_Married`) of each column in a group.
    """
    found: dict[str, str] = {}
    for members in _alike(columns):
        left = [c for c in members if c.slug not in found]
        if len(left) > 1 and _one_at_most(table, left):
            found.update(dict.fromkeys([c.slug for c in left], _shared_name(left)))
    return found


def is_zero_one(column: Column) -> bool:
    """Whether the column holds nothing but 0 and 1 (or no and yes), and both of them."""
    ends = {(column.minimum or "").removesuffix(".0"), (column.maximum or "").removesuffix(".0")}
    return column.distinct == 2 and (
        column.type == "flag" or (column.type in hints.NUMERIC and ends == {"0", "1"})
    )


def _alike(columns: Sequence[Column]) -> Iterator[list[Column]]:
    """Columns of 0 and 1 by each beginning that several share, the shortest beginning first."""
    by_start: dict[tuple[str, ...], list[Column]] = {}
    for column in columns:
        if is_zero_one(column):
            words = tuple(hints.words(column.name).split())
            for length in range(1, len(words)):
                by_start.setdefault(words[:length], []).append(column)
    for start in sorted(by_start, key=len):
        if len(by_start[start]) > 1:
            yield by_start[start]


def _one_at_most(table: "pa.Table", columns: Sequence[Column]) -> bool:
    import numpy as np

    rows = table.num_rows
    if sum(c.sum or 0 for c in columns) > rows:
        return False
    counts = np.zeros(rows, np.int16)
    ones = []
    for column in columns:
        values = _ones(table, column)
        ones.append(float(values.sum()))
        counts += values
    if counts.max(initial=0) > 1:
        return False
    together = (sum(ones) ** 2 - sum(n * n for n in ones)) / (2 * rows)
    return bool(counts.min(initial=1) == 1) or together >= _EXPECTED_TOGETHER


def _ones(table: "pa.Table", column: Column) -> "np.ndarray":
    import pyarrow as pa
    import pyarrow.compute as pc

    filled = pc.fill_null(pc.cast(table[column.slug], pa.int8()), pa.scalar(0, pa.int8()))
    return filled.to_numpy()


def _shared_name(columns: Sequence[Column]) -> str:
    """The beginning that the shown names share, up to a separator."""
    first, last = min(c.name for c in columns), max(c.name for c in columns)
    length = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    words = hints.words(columns[0].name).split()
    shared = first[:length].rstrip(" _-.:=[(")
    return shared or words[0]
