"""Automatic names: a segment's two strongest differences, each segment its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.features.matrix import Matrix

PHRASES: Final[dict[str, tuple[str, str, str, str]]] = {
    "monetary": ("high spend", "low spend", "more spend", "less spend"),
    "orders": ("many orders", "few orders", "more orders", "fewer orders"),
    "recency": ("long silent", "bought recently", "silent longer", "bought more recently"),
    "discount_share": ("mostly on discount", "seldom on discount", "more on discount", "less on discount"),
    "average_order_value": ("large orders", "small orders", "larger orders", "smaller orders"),
    "tenure": ("long known", "known a short time", "known longer", "known less long"),
    "purchase_frequency": ("frequent", "infrequent", "more frequent", "less frequent"),
    "interpurchase_days": ("long gaps", "short gaps", "longer gaps", "shorter gaps"),
    "discounted_orders_share": (
        "mostly on discount",
        "seldom on discount",
        "more on discount",
        "less on discount",
    ),
    "return_rate": ("many returns", "few returns", "more returns", "fewer returns"),
    "basket_size": ("big baskets", "small baskets", "bigger baskets", "smaller baskets"),
    "variety": ("many products", "few products", "more products", "fewer products"),
}
"""Measure -> the words for much more, much less, more and less of it than the rest."""

STRONG: Final = 0.6
"""Standard deviations from which a difference is said without a comparative."""

PAIRS: Final[dict[frozenset[str], str]] = {
    frozenset({"high spend", "many orders"}): "Big, frequent buyers",
    frozenset({"low spend", "few orders"}): "Small, rare buyers",
    frozenset({"bought recently", "many orders"}): "Recent, frequent buyers",
    frozenset({"long silent", "few orders"}): "Few orders, long silent",
}
"""Two differences that a person would say in one breath."""

_UNIT_NOTE: Final = re.compile(r"\s*\([^)]*\)")
"""A unit in brackets after a column's name."""

MIN_DIFFERENCE: Final = 0.3
"""Standard deviations below which a difference is not worth a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """A segment's automatic name and the differences it says, as (column, standardised difference)."""

    name: str
    because: tuple[tuple[str, float], ...]


def name_segments(
    matrix: Matrix, centres: np.ndarray, mostly: Sequence[float] | None = None
) -> tuple[Naming, ...]:
    """A name per segment, from the differences of its centre in the compared numbers.

    Parameters
    ----------
    matrix : Matrix
    centres : float array (k, p)
    mostly : sequence of float, optional
        Share of each segment's orders on discount, so that “mostly” is said only where it is more than half
        and “seldom” only where it is under a tenth.
    """
    spread = matrix.x.std(axis=0)
    z = (centres - matrix.x.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    ranked = [_ranked(matrix, row) for row in z]
    phrased = [[(_phrase(matrix, column, d), column, d) for column, d in row] for row in ranked]
    if mostly is not None:
        phrased = [[(_honest(p, m), c, d) for p, c, d in row] for row, m in zip(phrased, mostly, strict=True)]
    names = [_name([p for p, _, _ in row[:2]]) for row in phrased]
    for at, name in enumerate(names):
        if names.count(name) > 1:
            names[at] = _longer(name, [p for p, _, _ in phrased[at]], names)
    return tuple(
        Naming(name=name, because=tuple((c, float(d)) for _, c, d in row[:2]))
        for name, row in zip(names, phrased, strict=True)
    )


def _honest(phrase: str, on_discount: float) -> str:
    if phrase.endswith("on discount"):
        if on_discount > 0.5:
            return "mostly on discount"
        if on_discount < 0.1:
            return "seldom on discount"
        return {"mostly on discount": "more on discount", "seldom on discount": "less on discount"}.get(
            phrase, phrase
        )
    return phrase


def _ranked(matrix: Matrix, z: np.ndarray) -> list[tuple[str, float]]:
    """Columns by the size of their difference, strongest first; one entry per column, its strongest level."""
    best: dict[str, tuple[str, float]] = {}
    for feature, d in zip(matrix.names, z, strict=True):
        slug = feature.split("=", 1)[0]
        if slug not in best or abs(d) > abs(best[slug][1]):
            best[slug] = (feature, float(d))
    worth = [pair for pair in best.values() if abs(pair[1]) >= MIN_DIFFERENCE]
    return sorted(worth, key=lambda pair: -abs(pair[1]))


def _phrase(matrix: Matrix, feature: str, d: float) -> str:
    slug, _, level = feature.partition("=")
    if level:
        return f"mostly {level}" if d > 0 else f"seldom {level}"
    if slug in PHRASES:
        return PHRASES[slug][(0 if d > 0 else 1) + (0 if abs(d) >= STRONG else 2)]
    label = _UNIT_NOTE.sub("", next(p.label for p in matrix.prepared if p.slug == slug))
    words = ("high", "low") if abs(d) >= STRONG else ("higher", "lower")
    return f"{words[0 if d > 0 else 1]} {label}"


def _name(phrases: Sequence[str]) -> str:
    if not phrases:
        return "Close to the average"
    return PAIRS.get(frozenset(phrases)) or _capital(", ".join(phrases))


def _longer(name: str, phrases: Sequence[str], taken: Sequence[str]) -> str:
    for extra in phrases[2:]:
        if f"{name}, {extra}" not in taken:
            return f"{name}, {extra}"
    return free_name(name, taken)


def free_name(name: str, taken: Sequence[str]) -> str:
    """A name that is not taken: itself, else with the next free number after it."""
    if name not in taken:
        return name
    number = 2
    while f"{name} {number}" in taken:
        number += 1
    return f"{name} {number}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
