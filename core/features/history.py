"""What one customer of a log bought: the orders behind the measures."""

from dataclasses import dataclass
from typing import Final

import pyarrow as pa

MOST: Final = 1_000
"""Orders of one customer that are shown: the last ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One customer's orders.

    Attributes
    ----------
    orders : pyarrow Table
        Newest first, at most `MOST`: `day` (date), `order` (text), `lines` (sold or returned), `net`,
        `counted` (whether its lines are in the period of purchases counted). What came back on another day
        or under another number stands for itself, below zero.
    count : int
        How many there are in all.
    """

    orders: pa.Table
    count: int
