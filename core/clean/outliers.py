"""Unusually high or low values: counted, limited, or their customers left out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from core.clean.columns import Compared
from core.clean.step import Step, step


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


def limited(columns: Sequence[Compared], how: str) -> tuple[Compared, ...]:
    """The columns with their numbers limited, for the choices that limit."""
    if not how.startswith("cap"):
        return tuple(columns)
    return tuple(
        replace(c, values=cap(c.values, how), limits=limits(c.values, how)) if c.kind == "number" else c
        for c in columns
    )


def outlier_step(columns: Mapping[str, np.ndarray], how: str) -> Step:
    """What the choice on extreme values did to the compared numbers (label -> values before cleaning)."""
    far = {label: outside(values, how) for label, values in columns.items()}
    what = "Unusually high or low values"
    none = "No value is unusually high or low."
    return step("outliers", what, far, _DONE[how], none, how.startswith("cap"))


_DONE: Final = {
    "report": "counted, nothing changed",
    "flag": "kept as they are; these customers are marked as unusual",
    "cap-iqr": "each counts as the limit when customers are grouped",
    "cap-quantile": "each counts as the limit (1 % or 99 %) when customers are grouped",
    "drop": "these customers are left out",
}
