"""How many distinct products each customer bought."""

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from core.features.coded import numbers
from core.features.folded import Blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Variety:
    """Distinct products by customer: arrays of the same length, by the numbers of `customer`, ascending."""

    customer: np.ndarray
    products: np.ndarray

    def of(self, who: np.ndarray) -> np.ndarray:
        """The distinct products of these customers; 0 where there are none."""
        if not self.customer.size:
            return np.zeros(who.size, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.customer, who), self.customer.size - 1)
        return np.where(self.customer[at] == who, self.products[at], 0)


def variety_of(blocks: Blocks, table: pa.Table) -> Variety:
    """The answer to `variety`, by the numbers of customers."""
    customer = blocks.customer.of(table["customer"])
    order = np.argsort(customer)
    return Variety(customer=customer[order], products=numbers(table["variety"])[order])


def variety(sales: ir.Table, mixed: bool) -> ir.Table:
    """`variety` per customer: distinct products of these sale lines.

    Where `mixed` a line without a product counts by its category.
    """
    thing = sales["product"]
    bought = sales.mutate(_thing=thing.cast("string").fill_null(sales.category) if mixed else thing)
    bought = bought.filter(bought._thing.notnull()).select("customer", "_thing").distinct()
    return bought.group_by("customer").agg(variety=bought.count())
