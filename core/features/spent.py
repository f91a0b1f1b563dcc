"""What each customer of a log spent and ordered, month by month."""

from dataclasses import dataclass
from typing import Final

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """A row per customer and month in which lines of theirs are counted.

    Attributes
    ----------
    customer : int32 array (n,)
        Rows of the customer sheet.
    month : int32 array (n,)
        As `core.features.order_months.number_of` counts.
    net : float array (n,)
        After discounts and returns; 0 throughout where the log has no money.
    orders : int32 array (n,)
        Orders that stand.
    """

    customer: np.ndarray
    month: np.ndarray
    net: np.ndarray
    orders: np.ndarray

    def by_month(self, rows: np.ndarray, customers: int, months: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Net sales and orders of some customers in each of these months, ascending: (m,) and (m,).

        Parameters
        ----------
        rows : int array
            Of the customer sheet, which has so many `customers`.
        """
        chosen = np.zeros(customers, dtype=bool)
        chosen[rows] = True
        at = np.searchsorted(months, self.month)
        inside = chosen[self.customer] & (at < months.size)
        inside[inside] = months[at[inside]] == self.month[inside]
        at = at[inside]
        net = np.bincount(at, weights=self.net[inside], minlength=months.size)
        orders = np.bincount(at, weights=self.orders[inside], minlength=months.size)
        return net, orders.astype(np.int64)


NOTHING_SPENT: Final = Spent(
    customer=np.empty(0, dtype=np.int32),
    month=np.empty(0, dtype=np.int32),
    net=np.empty(0),
    orders=np.empty(0, dtype=np.int32),
)
