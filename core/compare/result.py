"""What a comparison of several ways to group the same customers comes to."""

from dataclasses import dataclass

import numpy as np

from core.silhouette import Silhouette


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One segment of a model; number 0 is “No segment”.

    Attributes
    ----------
    share : float
        Share of the customers.
    value_share : float or None
        Share of net sales, None without money.
    jaccard : float or None
        As in `core.stability`; None where it is not known.
    like : int
        The segment of the study that this one is matched with, −1 for none.
    """

    number: int
    name: str
    size: int
    share: float
    value_share: float | None
    jaccard: float | None
    like: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One way to group the customers.

    Attributes
    ----------
    name : str
        `5 segments, balanced groups`; no two models have the same.
    differs : str
        What differs from the study, as `against` says it; empty for the study itself.
    settled : str
        The same with every automatic value written out, on a study with these written out.
    details : tuple of str
        What differs beside method and number, a few words each.
    k : int
    parts : tuple of Part
        Its segments by number, “No segment” last where it has customers.
    silhouette, inertia, calinski_harabasz, davies_bouldin
        As in `core.choose`; comparable only between models of the same `space`.
    space : int
        Models that compare customers on the same numbers have the same.
    groups : str
        Kind of `core.groups.Verdict`: whether there are groups in these numbers.
    sampled : int
        Customers on whom reliability was judged; 0 where it was not.
    approximate : str
        As in `core.choose`.
    notes : tuple of str
        What is to be known of it and does not hold for the study.
    problem, hint : str
        Why there is no such grouping, and what to do; empty where there is one.
    """

    name: str
    differs: str
    settled: str = ""
    details: tuple[str, ...] = ()
    k: int = 0
    parts: tuple[Part, ...] = ()
    silhouette: Silhouette | None = None
    inertia: float | None = None
    calinski_harabasz: float | None = None
    davies_bouldin: float | None = None
    space: int = 0
    groups: str = ""
    sampled: int = 0
    approximate: str = ""
    notes: tuple[str, ...] = ()
    problem: str = ""
    hint: str = ""

    @property
    def made(self) -> bool:
        """Whether there is such a grouping."""
        return not self.problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """Where the study's customers are in another model.

    Attributes
    ----------
    model : int
        Its place in `Comparison.models`.
    kept : int
        Customers of both whose segment there is the one matched with theirs here.
    shared, left, joined : int
        Customers of both, of the study only, of the other model only.
    pairs : int array (a + 1, b + 1)
        Customers of both by the numbers of their segments here and there; 0 is no segment.
    match : int array (c + 1,)
        The segment there that each one here is, −1 for none.
    there : int array (n,)
        Segment there of each of the study's customers (`Matrix.rows`), −1 for one who is not in the model.
    """

    model: int
    kept: int
    shared: int
    left: int
    joined: int
    pairs: np.ndarray
    match: np.ndarray
    there: np.ndarray

    @property
    def moved(self) -> int:
        """Customers of both who are in another segment there."""
        return self.shared - self.kept

    def count(self, here: int, there: int) -> int:
        """Customers of one segment here and one there."""
        inside = here < self.pairs.shape[0] and there < self.pairs.shape[1]
        return int(self.pairs[here, there]) if inside else 0

    def who(self, here: np.ndarray, pair: tuple[int, int] | None = None) -> np.ndarray:
        """Bool over the study's customers (n,): those who move, or those of one pair of segments.

        Parameters
        ----------
        here : int array (n,)
            Their segments in the study.
        pair : (int, int), optional
            Segment here, segment there.
        """
        if pair is not None:
            return np.asarray((here == pair[0]) & (self.there == pair[1]))
        return np.asarray((self.there >= 0) & (self.match[here] != self.there))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Up to four models beside each other, the study's own first.

    Attributes
    ----------
    rand, information : float array (m, m)
        Adjusted Rand index (Hubert and Arabie 1985) and adjusted mutual information (Vinh, Epps and Bailey
        2010) of every two models, over the customers of both; “No segment” is a group of its own. NaN where
        one was not made.
    shared : int array (m, m)
        Customers of both.
    moves : tuple of Moves
        One for each other model that was made.
    kept, customers : int
        Customers in every model, and those of them whose segment is the same in all.
    """

    models: tuple[Model, ...]
    rand: np.ndarray
    information: np.ndarray
    shared: np.ndarray
    moves: tuple[Moves, ...]
    kept: int
    customers: int
    notes: tuple[str, ...] = ()

    def move(self, model: int) -> Moves | None:
        """Where customers are in the model at this place; None where it was not made, or is the study's."""
        return next((m for m in self.moves if m.model == model), None)
