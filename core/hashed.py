"""A hash of numbers that is the same on every machine (splitmix64, Steele, Lea and Flood 2014)."""

import numpy as np


def hashed(columns: np.ndarray) -> np.ndarray:
    """One hash (n,) of the uint64 values (p, n) of p columns."""
    mixed = np.zeros(columns.shape[1], dtype=np.uint64)
    for column in columns:
        mixed ^= column
        mixed += np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return mixed
