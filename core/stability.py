"""How repeatable each segment is: it is looked for again in samples drawn from the customers."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.cluster.contract import Algorithm, Case, Progress, silent
from core.errors import UserError
from core.spec import Cluster

ROUNDS: Final = 30
SAMPLE: Final = 1_000
LEVELS: Final = (
    (0.85, "highly reliable"),
    (0.75, "reliable"),
    (0.6, "a pattern"),
    (-1.0, "not reliable"),
)
"""Least mean Jaccard index -> its word (Hennig 2007; 2008)."""

RELIABLE: Final = 0.75

_STARTS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """How repeatable the segments are.

    Attributes
    ----------
    jaccard : float array (k,)
        Mean over the rounds of the Jaccard index of segment 1…k with the most similar group of those found
        again; NaN for a segment that no round met. Empty where it was not computed.
    rounds, rows : int
        Samples drawn, and customers they were drawn from.
    why_not : str
        Why it was not computed, in a sentence; else empty.
    """

    jaccard: np.ndarray
    rounds: int = 0
    rows: int = 0
    why_not: str = ""


def stability(
    x: np.ndarray, labels: np.ndarray, algorithm: Algorithm, spec: Cluster, progress: Progress = silent
) -> Stability:
    """Mean Jaccard index of each segment over 30 bootstrap samples (Hennig 2007).

    Customers are drawn with replacement, on at most 1,000 of them, grouped again with the same choices, and
    each segment is set against the group that shares most of those drawn.

    Parameters
    ----------
    x : float array (m, p)
    labels : int array (m,)
        1…k, 0 for no segment.
    """
    k = int(labels.max(initial=0))
    why_not = _why_not(len(x), k, algorithm)
    if why_not:
        return Stability(jaccard=np.empty(0), why_not=why_not)
    rng = np.random.default_rng([spec.seed, k])
    some = np.sort(rng.choice(len(x), min(len(x), SAMPLE), replace=False))
    spec = replace(spec, n_init=min(spec.n_init, _STARTS))
    found = []
    for at in range(ROUNDS):
        progress(f"Finding the segments again, {at + 1} of {ROUNDS}", at / ROUNDS)
        drawn = np.sort(rng.integers(some.size, size=some.size))
        found.append(_again(x[some], labels[some], drawn, k, algorithm, spec))
    with np.errstate(invalid="ignore"):
        known = ~np.isnan(found)
        mean = np.where(known, found, 0.0).sum(axis=0) / known.sum(axis=0)
    return Stability(jaccard=mean, rounds=ROUNDS, rows=some.size)


def level(jaccard: float) -> str:
    """The word for a mean Jaccard index."""
    return next(word for least, word in LEVELS if jaccard >= least)


def jaccard(labels: np.ndarray, others: np.ndarray, k: int) -> np.ndarray:
    """For each of the groups 1…k the highest Jaccard index with one of the others; NaN for an empty one.

    Parameters
    ----------
    labels : int array (m,)
        1…k, 0 for none.
    others : int array (m,)
        0 and up, −1 for none.
    """
    number = int(others.max(initial=-1)) + 1
    both = np.bincount(labels * (number + 1) + others + 1, minlength=(k + 1) * (number + 1))
    both = both.reshape(k + 1, number + 1)
    own, their = both.sum(axis=1)[1:, None], both.sum(axis=0)[None, 1:]
    shared = both[1:, 1:]
    best = (shared / np.maximum(own + their - shared, 1)).max(axis=1, initial=0.0)
    return np.where(own[:, 0] > 0, best, np.nan)


def _again(
    x: np.ndarray, labels: np.ndarray, drawn: np.ndarray, k: int, algorithm: Algorithm, spec: Cluster
) -> np.ndarray:
    """How well each segment is found in one sample; 0 for all where nothing can be grouped."""
    once, first = np.unique(drawn, return_index=True)
    case = Case(x=x[drawn], spec=spec, ks=(k,) if algorithm.chooses_k else ())
    try:
        others = next(iter(algorithm.fit(case, silent).labels.values()))
    except UserError:  # a sample may be too alike for so many segments
        others = np.full(drawn.size, -1)
    return jaccard(labels[once].astype(np.int64), others[first], k)


def _why_not(rows: int, k: int, algorithm: Algorithm) -> str:
    if k < 2:
        return "There are not two segments to be found again."
    if not algorithm.by_rows:
        return "Fixed rules give the same segments each time."
    if not algorithm.chooses_k and rows > SAMPLE:
        return f"How dense customers lie can't be judged on a sample of {SAMPLE:,}."
    return ""
