"""Segments get their numbers by value."""

import numpy as np


def by_value(raw: np.ndarray, centres: np.ndarray, value: np.ndarray | None) -> tuple[np.ndarray, list[int]]:
    """Labels 1…k by mean spend (without it by size), and the old label of each number."""
    k = int(raw.max()) + 1 if raw.size else 0

    def rank(segment: int) -> tuple[float, int, list[float]]:
        own = raw == segment
        known = value[own][~np.isnan(value[own])] if value is not None else np.empty(0)
        mean = float(known.mean()) if known.size else -np.inf
        return (-mean, -int(own.sum()), centres[segment].tolist())

    order = sorted(range(k), key=rank)
    new = np.zeros(k + 1, dtype=np.int16)
    new[order] = np.arange(1, k + 1)
    new[k] = 0  # label −1 reads the last place
    return new[raw], order
