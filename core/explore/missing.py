"""Where values are missing, and which are missing together."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.arrow import held
from core.explore.levels import Conditions, taken
from core.features.customers import Customers
from core.param import Filter

MOST_PATTERNS: Final = 12
MOST_COLUMNS: Final = 40
"""The pattern is of the columns with most gaps: what is missing fits one whole number, and a link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Missing values per measure, most first."""

    labels: tuple[str, ...]
    slugs: tuple[str, ...]
    counts: tuple[int, ...]
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Customers with the same values missing: `gaps` are places in `Patterns.slugs`, in their order."""

    gaps: tuple[int, ...]
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """Which values are missing together, the most frequent pattern first; nothing missing is one, too.

    Attributes
    ----------
    labels, slugs : tuple of str
        Measures with missing values, most first.
    patterns : tuple of Pattern
        At most twelve; `others` patterns of `others_customers` customers are left out.
    """

    labels: tuple[str, ...]
    slugs: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    others: int
    others_customers: int
    customers: int

    def conditions(self, pattern: Pattern) -> Conditions:
        """Who has a pattern."""
        return tuple(
            Filter(slug, "missing" if at in pattern.gaps else "known") for at, slug in enumerate(self.slugs)
        )


def missing(customers: Customers, rows: np.ndarray) -> Missing:
    """Missing values per measure."""
    found = [(int(taken(_gaps(customers, m.slug), rows).sum()), m) for m in customers.measures]
    found.sort(key=lambda item: -item[0])
    return Missing(
        labels=tuple(m.label for _, m in found),
        slugs=tuple(m.slug for _, m in found),
        counts=tuple(n for n, _ in found),
        customers=int(rows.size),
    )


def patterns(customers: Customers, rows: np.ndarray, found: Missing) -> Patterns | None:
    """Which values are missing together, of the measures in `found`; None where none is missing."""
    some = [at for at, n in enumerate(found.counts) if n][:MOST_COLUMNS]
    if not some:
        return None
    code = np.zeros(rows.size, dtype=np.int64)
    for bit, at in enumerate(some):
        code |= taken(_gaps(customers, found.slugs[at]), rows).astype(np.int64) << bit
    codes, counts = np.unique(code, return_counts=True)
    order = np.lexsort((codes, -counts))
    chosen = order[:MOST_PATTERNS]
    return Patterns(
        labels=tuple(found.labels[at] for at in some),
        slugs=tuple(found.slugs[at] for at in some),
        patterns=tuple(_pattern(int(codes[at]), int(counts[at]), len(some)) for at in chosen),
        others=int(order.size - chosen.size),
        others_customers=int(counts[order[MOST_PATTERNS:]].sum()),
        customers=int(rows.size),
    )


def _pattern(code: int, customers: int, columns: int) -> Pattern:
    return Pattern(gaps=tuple(at for at in range(columns) if code >> at & 1), customers=customers)


def _gaps(customers: Customers, slug: str) -> np.ndarray:
    """Who has no value: bool (n,)."""
    column = customers.table[slug]
    m = customers.measure(slug)
    if m is not None and (m.numeric or m.levels):
        return np.isnan(customers.number(slug))
    return held(column.is_null(), 1) > 0
