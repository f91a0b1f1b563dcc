"""What the choice of a clustering comes to."""

from dataclasses import dataclass, field

import numpy as np

from core.choose.gap import Gap
from core.cluster.assigner import Assigner
from core.silhouette import Silhouette
from core.stability import Stability, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One number of segments and how it does.

    Attributes
    ----------
    inertia, calinski_harabasz, davies_bouldin
        As in `Criteria`.
    smallest : int
        Customers of the smallest segment.
    bic : float or None
        Of a mixture: the Bayesian information criterion, lower is better.
    gap : Gap or None
        Of K-Means: how much less spread there is inside segments than by chance, higher is better.
    stable : float or None
        Share of the customers with a segment who are in a reliable one (mean Jaccard index of at least 0.75).
    tied : bool
        Whether it can be taken and is as clearly apart as the best.
    problem : str
        Why it can't be taken, in words; empty where it can.
    """

    k: int
    inertia: float
    silhouette: Silhouette | None
    smallest: int
    problem: str
    calinski_harabasz: float | None = None
    davies_bouldin: float | None = None
    bic: float | None = None
    gap: Gap | None = None
    stable: float | None = None
    tied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustering:
    """A finished clustering.

    Attributes
    ----------
    labels : int array (n,)
        Segment of each of the study's customers (`Matrix.rows`): one of `numbers`, else 1…k by value; 0 for
        no segment.
    centres : float array (k, p)
        Mean of each segment in the compared numbers.
    inertia : float
        Sum of squared distances to the own segment's mean (of those with a segment).
    candidates : tuple of Candidate
        Every number of segments that was compared, ascending; one for density methods.
    suggested_k : int or None
    reason : str
        Why this number, in one sentence.
    elbow : int or None
        Knee of the inertia curve, None for "no knee".
    opinions : dict of str to int
        The number of segments that each other criterion would take, by the name of the criterion.
    stability : Stability
        How repeatable segments 1…k are.
    approximate : str
        How the method approximated its answer for so many customers, in a sentence; else empty.
    start_agreement : float or None
        Adjusted Rand index with the fit from the next seed (K-Means only).
    coords : float32 array (n, 2)
        Map positions on the first two principal components; NaN without a segment for want of values.
    explained : float
        Share of the variance that the map shows.
    numbers : tuple of int
        Numbers that the segments keep from a reference study, in the order of `centres`; empty: 1…k.
    names : tuple of str or None
        Names of segments 1…k by the rules that made them.
    loadings : float array (p, 2) or None
        Correlation of each compared number with the two directions of the map.
    assigner : Assigner or None
        How customers who come later get one of the segments 1…k, whatever `numbers` they keep.
    """

    algorithm: str
    k: int
    labels: np.ndarray
    centres: np.ndarray
    inertia: float
    silhouette: Silhouette | None
    candidates: tuple[Candidate, ...]
    suggested_k: int | None
    reason: str
    elbow: int | None
    start_agreement: float | None
    coords: np.ndarray
    explained: float
    eps: float | None
    curve: np.ndarray | None
    tree: np.ndarray | None
    notes: tuple[str, ...]
    approximate: str = ""
    names: tuple[str, ...] | None = None
    loadings: np.ndarray | None = None
    assigner: Assigner | None = None
    numbers: tuple[int, ...] = ()
    opinions: dict[str, int] = field(default_factory=dict)
    stability: Stability = field(default_factory=unknown)

    def place(self, number: int) -> int:
        """Place of a segment in `centres`."""
        return self.numbers.index(number) if self.numbers else number - 1
