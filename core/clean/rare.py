"""Rare categories merged into one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.clean.columns import MISSING, OTHER, Compared
from core.clean.step import Step
from core.words import plural


def merged(column: Compared, percent: float) -> Compared:
    """A category with its rare levels as `OTHER`.

    Parameters
    ----------
    column : Compared
        Without gaps, or with gaps that stay; those never are a level here.
    percent : float
        Levels with a smaller share of the column's customers are rare; `MISSING` never is.
    """
    if column.kind != "category" or percent <= 0:
        return column
    rare = _rare(column, percent)
    if not rare.size:
        return column
    code, levels = column.level(OTHER)
    return replace(
        column,
        values=np.where(np.isin(column.values, rare), code, column.values),
        levels=levels,
        merged=tuple(column.levels[at] for at in rare),
    )


def rare_step(before: Sequence[Compared], after: Sequence[Compared]) -> Step:
    """What merging did, from the columns before and after it."""
    said, moved = [], np.zeros(before[0].values.size, dtype=bool)
    cells = 0
    for was, column in zip(before, after, strict=True):
        if column.merged:
            changed = was.values != column.values
            moved |= changed
            cells += int(changed.sum())
            said.append(
                f"{plural(len(column.merged), 'category', 'categories')} of {was.label}"
                f" ({plural(int(changed.sum()), 'customer')})"
            )
    text = f"Rare categories: {', '.join(said)} merged into “{OTHER}”." if said else "No category is rare."
    return Step(name="rare", text=text, rows=int(moved.sum()), values=cells)


def _rare(column: Compared, percent: float) -> np.ndarray:
    """Codes of the levels that somebody has and too few have."""
    codes = column.values.astype(np.int64)
    counts = np.bincount(codes, minlength=len(column.levels))
    few = np.flatnonzero((counts > 0) & (counts < percent / 100 * codes.size))
    kept = {MISSING, OTHER.casefold()}
    return np.array([at for at in few if column.levels[at].casefold() not in kept], dtype=np.int64)
