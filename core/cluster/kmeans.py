"""K-Means (Lloyd 1982): starts on a sample, refined there, then finished on all rows."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np

from core.cluster.assigner import by_nearest
from core.cluster.contract import Algorithm, Case, Fitted, Progress
from core.cluster.lloyd import Fit, Rough, gridded, polished, several_steps
from core.cluster.roughly import nearest, roughly
from core.cluster.starts import one_fewer, one_more, plus_plus
from core.threads import several

SAMPLE: Final = 10_000
"""Rows on which fits begin; a fit on so many is near enough to that on all to be finished there quickly."""

_FIRST_STEPS: Final = 8
_KEPT: Final = 3
_MORE_STEPS: Final = 25
_QUICK_STARTS: Final = 2
_FULL: Final = 200_000
_LAST_STEPS: Final = 300
_LAST_STEPS_OF_MANY: Final = 8


def fit(case: Case, progress: Progress) -> Fitted:
    """Labels for every k: the best of `n_init` starts from the study's seed.

    Each start is a k-means++ draw for all k at once; the best of each k, and those with one centre more or
    fewer that do better, are finished on all rows. Where rows differ by less than a distance can show, a
    labeling may have fewer than k segments.
    """
    grid, ks, spec = gridded(case.x), case.ks, case.spec
    seeds = np.random.SeedSequence(spec.seed).spawn(spec.n_init + 2)
    sample = _sample(grid.x, np.random.default_rng(seeds[0]))
    with several() as pool:
        progress(f"Looking for {min(ks)} to {max(ks)} segments", 0.05)
        best = _begun(sample, ks, [np.random.default_rng(seed) for seed in seeds[2:]], pool)
        best = _by_neighbours(sample, best, np.random.default_rng(seeds[1]))
        fits = _finished(grid.x, best, pool, progress)
    centres, scale = {k: found.centres for k, found in fits.items()}, grid.scale
    return Fitted(
        labels={k: fits[k].labels.astype(np.int32) for k in sorted(fits)},
        assigner=lambda k: by_nearest(centres[k], np.arange(k), scale),
    )


def _sample(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return x if len(x) <= SAMPLE else x[np.sort(rng.choice(len(x), SAMPLE, replace=False))]


def _begun(
    x: np.ndarray, ks: Sequence[int], rngs: Sequence[np.random.Generator], pool: ThreadPoolExecutor
) -> dict[int, Rough]:
    """The best of each k: some steps from every start, more from the few that are ahead by then."""
    begun = list(pool.map(lambda rng: several_steps(x, plus_plus(x, ks, rng), _FIRST_STEPS), rngs))
    ranked = [sorted((run[i] for run in begun), key=_inertia) for i in range(len(ks))]
    rounds = [[one[place].centres for one in ranked] for place in range(min(_KEPT, len(rngs)))]
    ahead = list(pool.map(lambda centres: several_steps(x, centres, _MORE_STEPS), rounds))
    return {k: min((run[i] for run in ahead), key=_inertia) for i, k in enumerate(ks)}


def _by_neighbours(x: np.ndarray, best: dict[int, Rough], rng: np.random.Generator) -> dict[int, Rough]:
    """The best of each k, or where it does better the one of k − 1 with one centre more, or of k + 1."""
    found = dict(best)
    for k in sorted(k for k in found if k - 1 in found):
        found[k] = _better(x, found[k], one_more(x, found[k - 1].centres, rng))
    for k in sorted((k for k in found if k + 1 in found), reverse=True):
        found[k] = _better(x, found[k], one_fewer(found[k + 1].centres, found[k + 1].counts))
    return found


def _better(x: np.ndarray, known: Rough, centres: np.ndarray) -> Rough:
    return min(known, several_steps(x, [centres], _MORE_STEPS)[0], key=_inertia)


def _finished(
    x: np.ndarray, best: dict[int, Rough], pool: ThreadPoolExecutor, progress: Progress
) -> dict[int, Fit]:
    """Fits to all rows; the largest k first, as it takes longest."""
    steps = _LAST_STEPS if len(x) <= _FULL else _LAST_STEPS_OF_MANY
    order = sorted(best, reverse=True)
    fits: dict[int, Fit] = {}
    for k, found in zip(order, pool.map(lambda k: polished(x, best[k].centres, steps), order), strict=True):
        fits[k] = found
        stage = f"Comparing {min(order)} to {max(order)} segments, {len(fits)} of {len(order)}"
        progress(stage, 0.3 + 0.7 * len(fits) / len(order))
    return fits


def _inertia(found: Rough) -> float:
    return found.inertia


def quickly(case: Case) -> dict[int, np.ndarray]:
    """Labels of a few rows for every k, from at most two short starts."""
    x, spec = gridded(case.x).x, case.spec
    found = roughly(x, case.ks, np.random.default_rng(spec.seed), min(spec.n_init, _QUICK_STARTS))
    return {k: nearest(x, one.centres) for k, one in found.items()}


ALGORITHM = Algorithm(
    label="Balanced groups",
    good_when="Groups around typical customers. A good first choice.",
    fit=fit,
    quickly=quickly,
    params=("n_init", "seed"),
)
