"""Gaussian mixture by expectation–maximisation (Dempster, Laird and Rubin 1977), begun where K-Means ends."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np

from core.cluster import kmeans
from core.cluster.assigner import Assigner, Likely
from core.cluster.contract import Algorithm, Case, Fitted, Progress
from core.cluster.gaussians import (
    Gaussians,
    Scale,
    Terms,
    begun,
    diagonal,
    full,
    improved,
    likeliest,
    log_densities,
    most_likely,
    one_fewer,
    spheres,
    terms,
)
from core.threads import several

SAMPLE: Final = 50_000
"""Most rows on which a mixture is fitted."""

FLOOR: Final = 0.05
"""Added to every variance, as a share of the largest of a compared column: a component is never narrower
than a fifth of its standard deviation, or it would soon be no more than a pile of equal values."""

_STEPS: Final = 200
_QUICK_STEPS: Final = 15
_GAIN: Final = 1e-5
_ROWS_A_TERM: Final = 10
_CELLS: Final = 12_000_000


def fit(case: Case, progress: Progress) -> Fitted:
    """Every customer's most likely of k Gaussian components, for every k.

    Begun from K-Means, and from the mixture of k + 1 with two components as one. Covariances are full or
    diagonal, whichever has the lower BIC (Fraley and Raftery 2002); diagonal where there are too few
    customers for full ones. A fit ends before a component is nobody's likeliest.
    """
    at = _drawn(len(case.x), case.spec.seed)
    sample = case.x[at]
    scale = _scale(sample)
    start = kmeans.fit(
        Case(x=sample, spec=case.spec, ks=case.ks), lambda stage, share: progress(stage, 0.2 * share)
    ).labels
    with several() as pool:
        found = _fitted(scale.of(sample), start, pool, progress)
        progress("Giving each customer the likeliest segment", 0.9)
        labels = most_likely(case.x, scale, found, pool)
    return Fitted(
        labels=labels,
        bic={k: mixture.bic for k, mixture in found.items() if len(mixture.weights) == k},
        approximate=_said(at.size, len(case.x)),
        assigner=lambda k: Assigner(
            likely=Likely(mixture=found[k], scale=scale), numbers=np.arange(1, len(found[k].weights) + 1)
        ),
    )


def quickly(case: Case) -> dict[int, np.ndarray]:
    """Labels of a few rows for every k, from a quick K-Means and in a few steps."""
    scale, start = _scale(case.x), kmeans.quickly(case)
    x = scale.of(case.x)
    able = {k: labels for k, labels in start.items() if np.unique(labels).size == k}
    fits = [_begun(known, able, _QUICK_STEPS, map) for known in _forms(x)]
    found = {k: min([own[k] for own in fits if k in own], key=_bic, default=None) for k in able}
    return {k: likeliest(log_densities(case.x, scale, one)) for k, one in found.items() if one is not None}


def _drawn(rows: int, seed: int) -> np.ndarray:
    if rows <= SAMPLE:
        return np.arange(rows)
    return np.sort(np.random.default_rng([seed, rows]).choice(rows, SAMPLE, replace=False))


def _scale(x: np.ndarray) -> Scale:
    """To columns in which rows differ, around their means, the widest with variance 1."""
    span = np.ptp(x, axis=0)
    differ = np.flatnonzero(span) if span.any() else np.arange(1)
    unit = float(x[:, differ].std(axis=0).max())
    return Scale(columns=differ, centre=x.mean(axis=0), unit=unit or 1.0)


def _fitted(
    x: np.ndarray, start: dict[int, np.ndarray], pool: ThreadPoolExecutor, progress: Progress
) -> dict[int, Gaussians]:
    """The mixture of each number of segments, of the form with the lowest BIC."""
    alone = {k: spheres(x, labels, FLOOR) for k, labels in start.items()}
    able = {k: labels for k, labels in start.items() if len(alone[k].weights) == k}
    forms = _forms(x)
    fits: list[dict[int, Gaussians]] = []
    for known in forms:
        progress(
            f"Fitting {min(start)} to {max(start)} overlapping groups", 0.2 + 0.7 * len(fits) / len(forms)
        )
        fits.append(_of_form(known, able, pool))
    return {k: min([own[k] for own in fits if k in own], key=_bic, default=alone[k]) for k in alone}


def _forms(x: np.ndarray) -> list[Terms]:
    """What covariances are fitted: the diagonal, and all of them where the rows allow and can be held."""
    rows, columns = x.shape
    size = 1 + columns + full(columns)[0].size
    wanted = columns > 1 and _ROWS_A_TERM * size <= rows and rows * size <= _CELLS
    return [terms(x, pairs(columns)) for pairs in ([full, diagonal] if wanted else [diagonal])]


def _of_form(known: Terms, start: dict[int, np.ndarray], pool: ThreadPoolExecutor) -> dict[int, Gaussians]:
    """The likelier of the fits from K-Means and from one component more."""
    found = _begun(known, start, _STEPS, pool.map)
    for k in sorted(start, reverse=True):
        if k + 1 in found:
            other = _improved(known, one_fewer(found[k + 1], known.pairs), _STEPS)
            both = [one for one in (found.get(k), other) if one is not None]
            found |= {k: min(both, key=_bic)} if both else {}
    return found


def _begun(
    known: Terms, start: dict[int, np.ndarray], steps: int, each: Callable[..., Iterable[Gaussians | None]]
) -> dict[int, Gaussians]:
    """The fits from K-Means; the largest k first, as it takes longest."""
    order = sorted(start, reverse=True)
    fits = each(lambda k: _improved(known, begun(known, start[k], FLOOR), steps), order)
    return {k: one for k, one in zip(order, fits, strict=True) if one is not None}


def _improved(known: Terms, mixture: Gaussians, steps: int) -> Gaussians | None:
    return improved(known, mixture, FLOOR, steps, _GAIN)


def _bic(mixture: Gaussians) -> float:
    return mixture.bic


def _said(fitted: int, rows: int) -> str:
    if fitted == rows:
        return ""
    return (
        f"The segments were found on {fitted:,} of the {rows:,} customers, drawn at random;"
        " every customer then got the likeliest one."
    )


ALGORITHM = Algorithm(
    label="Overlapping groups",
    good_when="Groups of different size and shape that run into each other.",
    fit=fit,
    quickly=quickly,
    params=("n_init", "seed"),
)
