"""Missing values filled like those of the most similar customers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from core.clean.columns import Compared
from core.hashed import hashed

NEIGHBOURS: Final = 5
DONORS: Final = 20_000
"""Most customers among whom similar ones are sought; above, a sample of so many."""

PAIRS: Final = 4_000_000_000
"""Most distances that are computed, at about 45 ns each: with very many gaps the sample is smaller."""

_MEMORY_MB: Final = 64
"""Of the distances that scikit-learn holds at a time."""


def fill_nearest(columns: Sequence[Compared]) -> tuple[Compared, ...]:
    """Numbers as the mean, categories as the most frequent one of the five most similar customers.

    Similar is near in the compared numbers and bands, standardised, over those that both customers have
    (Troyanskaya et al. 2001). Who has none of them keeps the gaps. Neighbours are sought among all customers,
    above `DONORS` among a sample of at most so many by the hash of their values: nothing depends on the
    order of the rows.
    """
    if not any(np.isnan(c.values).any() for c in columns):
        return tuple(columns)
    order = np.lexsort([c.values for c in columns])
    near = _filled([c.of(order) for c in columns])
    back = np.argsort(order)
    return tuple(c.of(back) for c in near)


def _filled(columns: Sequence[Compared]) -> Sequence[Compared]:
    """The columns filled; their rows are in the order of their values."""
    numeric = [c for c in columns if c.kind != "category" and not np.isnan(c.values).all()]
    if not numeric:
        return columns
    known = np.column_stack([c.values for c in numeric])
    middle, spread = np.nanmean(known, axis=0), np.nanstd(known, axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    donors = _sample(known)
    near = _imputed((known - middle) / spread, donors)
    found = {
        c.slug: np.where(np.isnan(c.values), near[:, at] * spread[at] + middle[at], c.values)
        for at, c in enumerate(numeric)
    }
    found |= {c.slug: _voted(c.values, near, donors) for c in columns if c.kind == "category"}
    nothing = np.isnan(known).all(axis=1)
    return [replace(c, values=np.where(nothing, c.values, found.get(c.slug, c.values))) for c in columns]


def _imputed(z: np.ndarray, donors: np.ndarray) -> np.ndarray:
    gaps = np.flatnonzero(np.isnan(z).any(axis=1))
    out = z.copy()
    if gaps.size:
        from sklearn import config_context
        from sklearn.impute import KNNImputer

        with config_context(working_memory=_MEMORY_MB):
            imputer = KNNImputer(n_neighbors=NEIGHBOURS, keep_empty_features=True).fit(z[donors])
            out[gaps] = imputer.transform(z[gaps])
    return out


def _voted(codes: np.ndarray, near: np.ndarray, donors: np.ndarray) -> np.ndarray:
    """Codes with the gaps filled by a vote; among equals the smallest code, the more frequent category."""
    gaps = np.isnan(codes)
    giving = donors[~gaps[donors]]
    if not gaps.any() or not giving.size:
        return codes
    from sklearn.neighbors import KNeighborsClassifier

    voters = KNeighborsClassifier(n_neighbors=min(NEIGHBOURS, giving.size))
    out = codes.copy()
    out[gaps] = voters.fit(near[giving], codes[giving]).predict(near[gaps])
    return out


def _sample(values: np.ndarray) -> np.ndarray:
    """Rows among which neighbours are sought."""
    if len(values) <= DONORS:
        return np.arange(len(values))
    gaps = int(np.isnan(values).any(axis=1).sum())
    size = min(DONORS, PAIRS // max(gaps, 1))
    return np.sort(np.argsort(_hash(values), kind="stable")[:size])


def _hash(values: np.ndarray) -> np.ndarray:
    known = np.where(np.isnan(values), -1.0, values + 0.0)
    return hashed(np.ascontiguousarray(known.T).view(np.uint64))
