"""Cleaning: repeated rows of the file, and missing or extreme values of what customers are compared on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one cleaning choice did, in words and numbers.

    Attributes
    ----------
    name : str
        The URL name of the choice.
    text : str
        One sentence.
    rows : int
        Rows (of the file) or customers it touched.
    values : int
        Cells it changed.
    """

    name: str
    text: str
    rows: int
    values: int


def mark_duplicates(table: ir.Table) -> ir.Table:
    """The table with `_duplicate`: true where an earlier row has the same value in every column."""
    columns = [c for c in table.columns if c != "_row"]
    same = ibis.window(group_by=columns, order_by="_row")
    return table.mutate(_duplicate=ibis.row_number().over(same) > 0)


def fill(values: np.ndarray, how: str) -> np.ndarray:
    """A column without its gaps.

    Parameters
    ----------
    values : float array (n,)
        NaN where missing.
    how : str
        `median` or `mode` fill; `drop` and `leave` return the values as they are.

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


def limits(values: np.ndarray, how: str) -> tuple[float, float]:
    """The lowest and highest usual value.

    `cap-quantile` takes the 1 % and 99 % quantiles; every other choice the IQR rule, 1.5 widths of the middle
    half beyond its ends (Tukey 1977).
    """
    known = values[~np.isnan(values)]
    if not known.size:
        return -np.inf, np.inf
    if how == "cap-quantile":
        low, high = np.quantile(known, [0.01, 0.99])
        return float(low), float(high)
    first, third = np.quantile(known, [0.25, 0.75])
    width = 1.5 * (third - first)
    return float(first - width), float(third + width)


def outside(values: np.ndarray, how: str) -> np.ndarray:
    """Where a value is unusually low or high; a missing value is neither."""
    low, high = limits(values, how)
    with np.errstate(invalid="ignore"):
        return (values < low) | (values > high)


def cap(values: np.ndarray, how: str) -> np.ndarray:
    """Values with those beyond the limits set to the limit, for the choices that limit; else unchanged."""
    if not how.startswith("cap"):
        return values
    return np.clip(values, *limits(values, how))


def missing_step(columns: Mapping[str, np.ndarray], how: str) -> Step:
    """What the choice on missing values did to the compared columns (label -> values before cleaning)."""
    gaps = {label: np.isnan(values) for label, values in columns.items()}
    text = _sentence(
        "Missing values", gaps, _MISSING[how], "No value is missing in what customers are compared on."
    )
    return Step(name="missing", text=text, rows=_rows(gaps), values=_cells(gaps, how in ("median", "mode")))


def outlier_step(columns: Mapping[str, np.ndarray], how: str) -> Step:
    """What the choice on extreme values did to the compared numbers (label -> values before cleaning)."""
    far = {label: outside(values, how) for label, values in columns.items()}
    text = _sentence(
        "Unusually high or low values", far, _OUTLIERS[how], "No value is unusually high or low."
    )
    return Step(name="outliers", text=text, rows=_rows(far), values=_cells(far, how.startswith("cap")))


def _mode(known: np.ndarray) -> float:
    found, counts = np.unique(known, return_counts=True)
    return float(found[np.argmax(counts)])


def _rows(masks: dict[str, np.ndarray]) -> int:
    return int(np.logical_or.reduce(list(masks.values())).sum()) if masks else 0


def _cells(masks: dict[str, np.ndarray], changed: bool) -> int:
    return sum(int(mask.sum()) for mask in masks.values()) if changed else 0


def _sentence(what: str, masks: dict[str, np.ndarray], done: str, none: str) -> str:
    said = ", ".join(f"{mask.sum():,} in {label}" for label, mask in masks.items() if mask.any())
    return f"{what}: {said}; {done}." if said else none


_MISSING: Final = {
    "median": "each filled with the middle value of its column",
    "mode": "each filled with the most frequent value of its column",
    "drop": "these customers are left out",
    "leave": "these customers get no segment",
}
_OUTLIERS: Final = {
    "report": "counted, nothing changed",
    "cap-iqr": "each counts as the limit when customers are grouped",
    "cap-quantile": "each counts as the limit (1 % or 99 %) when customers are grouped",
    "drop": "these customers are left out",
}
