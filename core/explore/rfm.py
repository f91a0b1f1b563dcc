"""Customers by last order (R) and by how much and how often (FM)."""

from dataclasses import dataclass

import numpy as np

from core.explore.levels import Conditions, taken
from core.features.customers import Customers
from core.param import Filter


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmGrid:
    """Customers and spend in each cell of R (rows 1 to 5) × FM (columns 1 to 5).

    `value` is Σ max(spend, 0), what shares of net sales are made of.
    """

    customers: np.ndarray
    monetary: np.ndarray
    value: np.ndarray

    def conditions(self, r: int, fm: int) -> Conditions:
        """Who is in a cell; scores from 1 to 5."""
        return (Filter("r", "eq", (str(r),)), Filter("fm", "eq", (str(fm),)))


def rfm_grid(customers: Customers, rows: np.ndarray) -> RfmGrid | None:
    """R × FM, or None where the scores are not computable."""
    if not customers.has("fm"):
        return None
    r, fm = taken(customers.number("r"), rows), taken(customers.number("fm"), rows)
    spend = np.nan_to_num(taken(customers.number("monetary"), rows))
    scored = (r > 0) & (fm > 0)
    cell = ((r - 1) * 5 + (fm - 1))[scored].astype(int)

    def summed(weights: np.ndarray | None = None) -> np.ndarray:
        return np.bincount(cell, weights=weights, minlength=25).reshape(5, 5)

    return RfmGrid(
        customers=summed(), monetary=summed(spend[scored]), value=summed(np.maximum(spend[scored], 0))
    )
