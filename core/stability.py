"""How repeatable each segment is: it is looked for again in samples drawn from the customers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

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


def unknown(why_not: str = "") -> Stability:
    """How repeatable segments are where it was not computed."""
    return Stability(jaccard=np.empty(0), why_not=why_not)


def stabilities(
    x: np.ndarray,
    labelings: Mapping[int, np.ndarray],
    algorithm: Algorithm,
    spec: Cluster,
    progress: Progress = silent,
) -> dict[int, Stability]:
    """Mean Jaccard index of each segment of several labelings over 30 bootstrap samples (Hennig 2007).

    Customers are drawn with replacement, on at most 1,000 of them, grouped again into every number of
    segments with the same choices, and each segment is set against the group that shares most of those drawn.

    Parameters
    ----------
    x : float array (m, p)
    labelings : mapping of int to int array (m,)
        Number of segments -> labels 0…k−1, −1 for no segment.
    """
    why_not = {k: _why_not(len(x), k, algorithm) for k in labelings}
    found = {k: unknown(why) for k, why in why_not.items() if why}
    ks = tuple(k for k, why in why_not.items() if not why)
    if not ks:
        return found
    rng = np.random.default_rng([spec.seed, len(x)])
    some = np.sort(rng.choice(len(x), min(len(x), SAMPLE), replace=False))
    own = {k: labelings[k][some].astype(np.int64) + 1 for k in ks}
    case = Case(x=x[some], spec=replace(spec, n_init=min(spec.n_init, _STARTS)), ks=ks)
    met: dict[int, list[np.ndarray]] = {k: [] for k in ks}
    with threadpool_limits(1):
        for at in range(ROUNDS):
            progress(f"Finding the segments again, {at + 1} of {ROUNDS}", at / ROUNDS)
            drawn = np.sort(rng.integers(some.size, size=some.size))
            for k, index in _again(case, own, drawn, algorithm).items():
                met[k].append(index)
    means = {k: Stability(jaccard=_mean(met[k]), rounds=ROUNDS, rows=some.size) for k in ks}
    return {k: means[k] if k in means else found[k] for k in labelings}


def reliable_share(found: Stability, sizes: np.ndarray) -> float | None:
    """Share of the customers with a segment who are in a reliable one; None where it was not computed.

    Parameters
    ----------
    sizes : int array (k,)
        Customers of segments 1…k.
    """
    if not found.jaccard.size or not sizes.sum():
        return None
    return float(sizes[found.jaccard >= RELIABLE].sum() / sizes.sum())


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
    case: Case, labels: Mapping[int, np.ndarray], drawn: np.ndarray, algorithm: Algorithm
) -> dict[int, np.ndarray]:
    """How well each segment 1…k is found in one sample; 0 for all where nothing can be grouped."""
    once, first = np.unique(drawn, return_index=True)
    sample = replace(case, x=case.x[drawn], ks=case.ks if algorithm.chooses_k else ())
    others = _grouped(sample, algorithm)
    if not algorithm.chooses_k:  # however many crowds it is now
        others = dict.fromkeys(labels, next(iter(others.values()), np.full(drawn.size, -1)))
    none = np.full(drawn.size, -1)
    return {k: jaccard(own[once], others.get(k, none)[first], k) for k, own in labels.items()}


def _grouped(sample: Case, algorithm: Algorithm) -> dict[int, np.ndarray]:
    if algorithm.quickly is not None:
        return algorithm.quickly(sample)
    try:
        return algorithm.fit(sample, silent).labels
    except UserError:  # a sample may be too alike for so many segments
        return {}


def _mean(found: list[np.ndarray]) -> np.ndarray:
    """Of the rounds in which a segment was met."""
    known = ~np.isnan(found)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, found, 0.0).sum(axis=0) / known.sum(axis=0))


def _why_not(rows: int, k: int, algorithm: Algorithm) -> str:
    if k < 2:
        return "There are not two segments to be found again."
    if not algorithm.by_rows:
        return "Fixed rules give the same segments each time."
    if not algorithm.chooses_k and rows > SAMPLE:
        return f"How dense customers lie can't be judged on a sample of {SAMPLE:,}."
    return ""
