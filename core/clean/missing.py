"""Missing values: filled, a category of their own, or their customers left out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from core.clean.columns import MISSING, Compared
from core.clean.nearest import DONORS, NEIGHBOURS, fill_nearest
from core.clean.step import Step, step
from core.spec import Clean

UNFILLED: Final = ("drop", "leave")
OWN_LEVEL: Final = ("constant", "category")
"""Choices under which an empty category is the level “missing”."""


def fill(values: np.ndarray, how: str) -> np.ndarray:
    """A column without its gaps.

    Parameters
    ----------
    values : float array (n,)
        NaN where missing.
    how : str
        `median` or `mode` fill; every other choice returns the values as they are.

    Returns
    -------
    float array (n,)
        A column of nothing but gaps stays so.
    """
    gaps = np.isnan(values)
    if how not in ("median", "mode") or not gaps.any() or gaps.all():
        return values
    known = values[~gaps]
    return np.where(gaps, np.median(known) if how == "median" else _mode(known), values)


def filled(columns: Sequence[Compared], clean: Clean) -> tuple[Compared, ...]:
    """The columns without gaps, for the choices that fill them.

    A column of nothing but gaps stays so, unless its gaps are a category of their own.
    """
    if clean.missing in UNFILLED:
        return tuple(columns)
    near = fill_nearest(columns) if clean.missing == "nearest" else tuple(columns)
    return tuple(
        _filled_category(c, clean) if c.kind == "category" else _filled_number(c, given, clean)
        for c, given in zip(near, columns, strict=True)
    )


def missing_step(columns: Sequence[Compared], clean: Clean) -> Step:
    """What the choice on missing values did to the compared columns (as they are before it)."""
    gaps = {c.label: np.isnan(c.values) for c in columns}
    none = "No value is missing in what customers are compared on."
    return step("missing", "Missing values", gaps, _done(columns, clean), none, clean.missing not in UNFILLED)


def _filled_number(column: Compared, given: Compared, clean: Clean) -> Compared:
    """`given` is the column before similar customers were sought."""
    known = given.values[~np.isnan(given.values)]
    if not known.size:
        return column
    stand_in = float(_mode(known) if clean.missing == "mode" else np.median(known))
    if clean.missing == "constant" and column.kind == "number":
        stand_in = clean.constant
    gaps = np.isnan(column.values)
    marked = clean.missing == "category" and gaps.any()
    return replace(
        column,
        values=np.where(gaps, stand_in, column.values),
        stand_in=stand_in,
        gaps=gaps if marked else None,
    )


def _filled_category(column: Compared, clean: Clean) -> Compared:
    gaps = np.isnan(column.values)
    if clean.missing in OWN_LEVEL:
        code, levels = column.level(MISSING)
        levels = levels if gaps.any() else column.levels
        return replace(
            column, values=np.where(gaps, code, column.values), levels=levels, stand_in=float(code)
        )
    if gaps.all():
        return column
    code = int(_mode(column.values[~gaps]))
    return replace(column, values=np.where(gaps, code, column.values), stand_in=float(code))


def _mode(known: np.ndarray) -> float:
    found, counts = np.unique(known, return_counts=True)
    return float(found[np.argmax(counts)])


def _done(columns: Sequence[Compared], clean: Clean) -> str:
    """What is done about the gaps, in the words of the kinds of columns that have them."""
    if clean.missing in _DONE:
        return _DONE[clean.missing]
    words = _BY_KIND[clean.missing] | {"number": _BY_KIND[clean.missing]["number"].format(c=clean.constant)}
    kinds = [k for k in words if any(c.kind == k and np.isnan(c.values).any() for c in columns)]
    said = "; ".join(dict.fromkeys(words[k] for k in kinds))
    if clean.missing == "nearest" and columns and columns[0].values.size > DONORS:
        said += f"; similar customers were sought among a sample of at most {DONORS:,}"
    return said


_DONE: Final = {
    "median": "each filled with the middle value of its column, a category with its most frequent",
    "mode": "each filled with the most frequent value of its column",
    "drop": "these customers are left out",
    "leave": "these customers get no segment",
}
_LIKE: Final = (
    f"each number filled with the mean of the {NEIGHBOURS} customers most similar in the other numbers"
)
_MARKED: Final = "each filled with the middle value of its column, and that it was empty counts too"
_OWN: Final = f"an empty category counts as “{MISSING}”"
_BY_KIND: Final[dict[str, dict[str, str]]] = {
    "constant": {
        "number": "each number filled with {c:g}",
        "band": "each band filled with its middle level",
        "category": _OWN,
    },
    "nearest": {
        "number": _LIKE,
        "band": _LIKE,
        "category": f"each category filled with the most frequent one of the {NEIGHBOURS} most similar",
    },
    "category": {"number": _MARKED, "band": _MARKED, "category": _OWN},
}
