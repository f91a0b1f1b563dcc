"""A control group: the same customers whenever it is drawn, whatever else is chosen."""

from typing import Final

import numpy as np
import pyarrow as pa

from core.features.sampled import hash_of
from core.hashed import hashed

SHARES: Final = (0, 5, 10)
"""Percent of the customers that can be kept back. Those of 5 are among those of 10."""

_SALT: Final = np.uint64(0x636F6E74726F6C00)
"""Apart from the hash by which customers are sampled: a control group must not be the sample of a fit."""


def control(ids: pa.ChunkedArray, percent: int) -> np.ndarray:
    """Which of n customers are in the control group (n,), by a hash of their numbers."""
    keys = hash_of(ids)
    drawn = hashed(np.stack([keys, np.full(keys.size, _SALT)]))
    return np.asarray(drawn < np.uint64(percent * (2**64 // 100)))
