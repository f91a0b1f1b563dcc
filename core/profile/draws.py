"""What shares and indices of segments vary by, had other customers come."""

import numpy as np

from core.differences.sums import Blocks
from core.features.customers import Customers
from core.features.labels import UNKNOWN, YES

DRAWS = 1_000


class Draws:
    """A bootstrap of sums over the study's customers, one pass for all.

    Parameters
    ----------
    rows : int array (n,)
        Of the customer sheet.
    places : int array (n,)
        Segment 0…s−1 of each.
    value : float array (n,) or None
        What each counts for the value share.
    """

    def __init__(
        self, customers: Customers, rows: np.ndarray, places: np.ndarray, s: int, value: np.ndarray | None
    ) -> None:
        blocks = Blocks(places, s)
        columns = [blocks.counted(np.ones(rows.size, dtype=bool))]
        columns.append(np.zeros(blocks.size) if value is None else np.bincount(blocks.of, value, blocks.size))
        for info in customers.labels:
            codes = customers.number(info.key)[rows]
            columns += [blocks.counted(codes == YES), blocks.counted(codes != UNKNOWN)]
        self._sums = blocks.drawn(np.column_stack(columns).astype(np.float64), DRAWS)

    def index_low(self, at: int) -> float | None:
        """Lower end of the 95 % interval of a segment's index."""
        people, worth = self._sums[:, :, 0], self._sums[:, :, 1]
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = worth[:, at] / worth.sum(axis=1), people[:, at] / people.sum(axis=1)
            return _lower(shares[0] / shares[1])

    def flagged_low(self, label: int, at: int) -> float | None:
        """Lower end of the 95 % interval of a segment's flagged share."""
        yes, judged = self._sums[:, at, 2 + 2 * label], self._sums[:, at, 3 + 2 * label]
        with np.errstate(invalid="ignore", divide="ignore"):
            return _lower(yes / judged)


def _lower(values: np.ndarray) -> float | None:
    known = values[np.isfinite(values)]
    return float(np.quantile(known, 0.025)) if known.size else None
