"""What every clustering algorithm is to the rest of the house."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from core.child import Progress
from core.errors import UserError
from core.spec import Cluster


def silent(stage: str, share: float) -> None:
    """A progress callback that says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Labelings of one run.

    Attributes
    ----------
    labels : dict of int to int array (m,)
        Number of segments -> labels 0…k−1, -1 for no segment.
    eps : float or None
        DBSCAN's reach.
    curve : float array or None
        DBSCAN's sorted distances to the `min_samples`-th neighbour.
    tree : float array (m − 1, 4) or None
        The merges of a hierarchy, as scipy writes them.
    """

    labels: dict[int, np.ndarray]
    eps: float | None = None
    curve: np.ndarray | None = None
    tree: np.ndarray | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """One algorithm: its words, what it can take, and its fit.

    Attributes
    ----------
    fit : callable (x, spec, ks, progress) -> Fitted
        x is float64 (m, p), rows in the order of customer ids; ks the numbers of segments asked for.
    chooses_k : bool
        False where the number of segments comes out of the fit (density methods).
    limit : int
        Most rows it takes on this engine.
    params : tuple of str
        URL names of its own parameters.
    good_when : str
        One line for the page.
    """

    label: str
    good_when: str
    fit: Callable[[np.ndarray, Cluster, Sequence[int], Progress], Fitted]
    chooses_k: bool = True
    limit: int = 10_000_000
    params: tuple[str, ...] = field(default=())

    def check(self, rows: int, k: int | None) -> None:
        """Refuse in words what can't be fitted.

        Raises
        ------
        UserError
            When there are fewer customers than segments, or more than this algorithm takes.
        """
        if k is not None and rows < k:
            raise UserError(
                f"{k} segments need at least {k} customers; there {'is' if rows == 1 else 'are'} {rows}.",
                "Choose fewer segments, or include more customers.",
            )
        if rows > self.limit:
            raise UserError(
                f"{self.label} takes up to {self.limit:,} customers; there are {rows:,}.",
                "Choose Balanced groups, or include fewer customers.",
            )
