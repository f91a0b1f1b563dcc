"""How much of spend the top customers bring."""

from dataclasses import dataclass

import numpy as np

from core.explore.levels import taken
from core.features.customers import Customers


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentration:
    """Share of spend brought by the top share of customers, 0 to 1 in steps of 1 %.

    Attributes
    ----------
    top10, top20 : float
        Share of spend that the top tenth and fifth bring.
    once : float or None
        Share of customers with one order.
    half : float
        The smallest top share of customers that brings half of spend.
    marks : tuple of (float, float, int)
        Of the top tenth and fifth: the share, the spend of its last customer, and how many customers spent
        as much or more (more than the share where several spent the same).
    """

    customers: np.ndarray
    spend: np.ndarray
    top10: float
    top20: float
    once: float | None
    half: float = 0.5
    marks: tuple[tuple[float, float, int], ...] = ()


def concentration(customers: Customers, rows: np.ndarray) -> Concentration | None:
    """How much of spend the top customers bring; spend below zero counts as 0."""
    if not customers.has("monetary"):
        return None
    value = np.sort(np.maximum(np.nan_to_num(taken(customers.number("monetary"), rows)), 0))[::-1]
    total = float(value.sum())
    if total <= 0:
        return None
    running = np.concatenate([[0.0], np.cumsum(value)]) / total
    shares = np.linspace(0, 1, 101)
    spend = np.interp(shares * value.size, np.arange(value.size + 1), running)
    once = None
    if customers.has("orders"):
        once = float((taken(customers.number("orders"), rows) == 1).mean())
    return Concentration(
        customers=shares,
        spend=spend,
        top10=float(spend[10]),
        top20=float(spend[20]),
        once=once,
        half=float(np.searchsorted(running, 0.5) / value.size),
        marks=tuple(_mark(value, share) for share in (0.1, 0.2)),
    )


def _mark(value: np.ndarray, share: float) -> tuple[float, float, int]:
    least = float(value[max(round(share * value.size), 1) - 1])
    return share, least, int((value >= least).sum())
