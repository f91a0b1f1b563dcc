"""What the segments buy: how their sales divide over the categories of a log."""

from dataclasses import dataclass

import numpy as np

from core.features.catalog import CATEGORY_REST
from core.features.customers import Customers

PREFIX = "cat_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Baskets:
    """Shares of sales (after discounts, before returns) per category; a row adds up to 1 where it is known.

    Attributes
    ----------
    categories : tuple of str
        “Other” last.
    overall : tuple of float
        Of all customers of the study.
    segments : tuple of (tuple of float, or empty)
        In the order of `Profile.segments`; empty for a segment without sales.
    """

    categories: tuple[str, ...]
    overall: tuple[float, ...]
    segments: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What the segments buy of a log whose customers have no shares of categories by choice.

    `baskets` is None where the file has no categories or is too long to be read once more for them.
    """

    baskets: Baskets | None = None


def baskets(customers: Customers, rows: np.ndarray, groups: list[np.ndarray]) -> Baskets | None:
    """How sales divide over the categories that are bought; None where the sheet has no shares (`extras`).

    Parameters
    ----------
    rows : int array (n,)
        Of the customer sheet: the study's customers.
    groups : list of bool array (n,)
        The segments.
    """
    found = [m for m in customers.measures if m.slug.startswith(PREFIX) and m.unit == "share"]
    if not found or not customers.has("order_value"):
        return None
    found.sort(key=lambda m: m.slug == CATEGORY_REST)
    worth = np.nan_to_num(customers.number("order_value")[rows])
    sales = np.column_stack([np.nan_to_num(customers.number(m.slug)[rows]) for m in found]) * worth[:, None]
    sold = sales.any(axis=0)
    found, sales = [m for m, any_ in zip(found, sold, strict=True) if any_], sales[:, sold]
    return Baskets(
        categories=tuple(m.label.removeprefix("Share of ") for m in found),
        overall=_shares(sales),
        segments=tuple(_shares(sales[group]) for group in groups),
    )


def _shares(sales: np.ndarray) -> tuple[float, ...]:
    sums = sales.sum(axis=0)
    return tuple((sums / sums.sum()).tolist()) if sums.sum() > 0 else ()
