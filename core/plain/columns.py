"""What a rule may speak of: the sheet's columns in real units, and the round numbers that may divide them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.features.customers import Customers, Measure

PLACES: Final = 48
MOST_LEVELS: Final = 20
_WHOLE: Final = ("days", "count", "age", "money")
_DIGITS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Columns for rules.

    Attributes
    ----------
    measures : tuple of Measure
    values : tuple of array (m,)
        float64 with NaN where missing, or for categories words with an empty one where missing.
    """

    measures: tuple[Measure, ...]
    values: tuple[np.ndarray, ...]

    def table(self) -> dict[str, np.ndarray]:
        """Column name -> values."""
        return {m.slug: v for m, v in zip(self.measures, self.values, strict=True)}


def columns_of(customers: Customers, rows: np.ndarray, slugs: Sequence[str] = ()) -> Columns:
    """The columns of some customers that a rule may use: numbers, and categories of up to 20 words.

    Parameters
    ----------
    rows : int array (m,)
        Of the customer sheet.
    slugs : sequence of str
        Only these; all that can make segments without.
    """
    measures, values = [], []
    for measure in customers.measures:
        if not measure.makes or (slugs and measure.slug not in slugs):
            continue
        if measure.numeric:
            found = customers.number(measure.slug)[rows]
        else:
            codes, words = customers.codes(measure.slug)
            if not 1 < len(words) <= MOST_LEVELS:
                continue
            # as objects: NumPy's own text drops zero bytes at its end; code −1 reads the last place
            found = np.array([*words, ""], dtype=object)[codes[rows]]
        measures.append(measure)
        values.append(found)
    return Columns(measures=tuple(measures), values=tuple(values))


def round_cuts(values: np.ndarray, unit: str) -> np.ndarray:
    """Round numbers between the values, ascending, near their quantiles; few enough digits to be read.

    Parameters
    ----------
    values : float64 array (m,)
        NaN where missing.
    """
    known = values[~np.isnan(values)]
    if not known.size:
        return np.empty(0)
    near = np.quantile(known, np.linspace(0, 1, PLACES + 2)[1:-1])
    cuts = np.unique([_rounded(v, unit, float(np.ptp(known))) for v in near])
    return cuts[(cuts > known.min()) & (cuts <= known.max())]


def _rounded(value: float, unit: str, width: float) -> float:
    """Two digits of the value, no finer than a thousandth of the width; whole where whole numbers count."""
    step = max(10.0 ** (np.floor(np.log10(abs(value))) - _DIGITS + 1) if value else 0.0, _step(width))
    if unit in _WHOLE and step < 1:
        step = 1.0
    if unit == "share":
        step = max(step, 0.01)
    return float(np.round(np.ceil(value / step) * step, 10))


def _step(width: float) -> float:
    return float(10.0 ** np.floor(np.log10(width / 1000))) if width > 0 else 1.0
