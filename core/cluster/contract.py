"""What every clustering algorithm is to the rest of the house."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from core.child import Progress
from core.cluster.assigner import Assigner, Cuts
from core.errors import UserError
from core.spec import Cluster


def silent(stage: str, share: float) -> None:
    """A progress callback that says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Segments that rules have made already: the rule's place 0… of each customer (m,), −1 for none.

    `cuts` are their cut points, for customers who come later.
    """

    labels: np.ndarray
    names: tuple[str, ...]
    cuts: Cuts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is to be grouped.

    Attributes
    ----------
    x : float64 array (m, p)
        Compared numbers, rows in the order of customer ids.
    spec : Cluster
    ks : tuple of int
        Numbers of segments asked for, ascending; empty for methods that find it themselves.
    rules : Rules or None
        What the RFM rules say of these customers, where they can be computed.
    """

    x: np.ndarray
    spec: Cluster
    ks: tuple[int, ...] = ()
    rules: Rules | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Labelings of one run.

    Attributes
    ----------
    labels : dict of int to int array (m,)
        Number of segments -> labels 0…k−1, -1 for no segment.
    approximate : str
        How the answer was approximated for so many customers, in one sentence; empty where it is exact.
    bic : dict of int to float, or None
        Bayesian information criterion of a mixture by its number of segments; lower is better.
    names : tuple of str or None
        Names that the segments have by their rules.
    eps : float or None
        DBSCAN's reach.
    curve : float array or None
        DBSCAN's sorted distances to the `min_samples`-th neighbour.
    tree : float array (q − 1, 6) or None
        The merges of a hierarchy of q groups of the m rows, equal rows or small groups of similar ones: the
        four columns that scipy writes, the fourth counting rows, and the rows of each of the two branches.
    assigner : callable (k) -> Assigner, or None
        How customers who come later get one of k segments; its numbers are the labels 0…k−1 plus 1.
    """

    labels: dict[int, np.ndarray]
    approximate: str = ""
    bic: dict[int, float] | None = None
    names: tuple[str, ...] | None = None
    eps: float | None = None
    curve: np.ndarray | None = None
    tree: np.ndarray | None = None
    assigner: Callable[[int], Assigner] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """One algorithm: its words, what it can take, and its fit.

    Attributes
    ----------
    fit : callable (case, progress) -> Fitted
    quickly : callable (case) -> labels by number of segments, or None
        Groups a few rows about as well as `fit` in a fraction of its time, for what is done to many samples;
        None: `fit` is quick enough.
    chooses_k : bool
        False where the number of segments comes out of the fit (density methods).
    by_rows : bool
        False where fixed rules make the segments, whoever else there is.
    limit : int
        Most rows it takes on this engine.
    params : tuple of str
        URL names of its own parameters.
    good_when : str
        One line for the page.
    """

    label: str
    good_when: str
    fit: Callable[[Case, Progress], Fitted]
    chooses_k: bool = True
    by_rows: bool = True
    quickly: Callable[[Case], dict[int, np.ndarray]] | None = None
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
