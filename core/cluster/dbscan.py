"""DBSCAN (Ester, Kriegel, Sander and Xu 1996): exact where neighbours can be searched, else on a sample."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from core.cluster.assigner import Assigner, Near, bits
from core.cluster.contract import Algorithm, Case, Fitted, Progress
from core.cluster.crowds import Crowds, crowds
from core.cluster.directions import Directions, main_directions
from core.cluster.drawn import Drawn, drawn
from core.cluster.effort import affordable
from core.cluster.neighbours import neighbours, points
from core.cluster.reach import DIVIDES, divided, proposals

_CURVE: Final = 0.05, 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    crowds: Crowds
    eps: float
    curve: np.ndarray


def fit(case: Case, progress: Progress) -> Fitted:
    """Crowds of customers; their number comes out of the fit.

    How many neighbours a search would look at is estimated first. Where it is too many, crowds are found
    among customers drawn at random, and the others are in the crowd of the nearest dense one within reach.
    """
    spec = case.spec
    with threadpool_limits(1):
        progress("Estimating how many neighbours there are", 0.02)
        seen = main_directions(case.x, spec.components)
        sample = drawn(len(seen.x), affordable(seen.x, spec.min_samples), spec.seed)
        found = _found(seen.x[sample.rows], case, sample, progress)
        labels = found.crowds.labels
        if sample.partial:
            progress("Finding the nearest crowd of the others", 0.85)
            labels = found.crowds.near(seen.x, found.eps)
            labels[sample.rows] = found.crowds.labels
    assigner = _assigner(found, sample, seen)
    said = [seen.said, sample.said(spec.min_samples)]
    return Fitted(
        labels={int(labels.max()) + 1: labels},
        approximate=" ".join(sentence for sentence in said if sentence),
        eps=found.eps,
        curve=found.curve,
        assigner=lambda k: assigner,
    )


def _assigner(found: _Found, sample: Drawn, seen: Directions) -> Assigner:
    """The crowd of the nearest dense customer within reach."""
    dense = np.zeros(len(seen.x), bool)
    dense[sample.rows] = found.crowds.is_dense
    near = Near(asked=bits(dense), eps=found.eps, axes=seen.axes)
    return Assigner(near=near, numbers=np.empty(0, np.int64))


def _found(x: np.ndarray, case: Case, sample: Drawn, progress: Progress) -> _Found:
    """The crowds among rows, their reach and k-distance curve."""
    spec, min_samples = case.spec, sample.neighbours(case.spec.min_samples)
    low, high = _CURVE
    given = points(x)
    near = neighbours(
        given,
        min_samples,
        lambda share: progress("Measuring how close neighbours are", low + (high - low) * share),
    )
    curve = np.sort(near.core[given.of])
    progress("Finding dense groups", high)
    share = spec.min_share / 100
    reaches = (spec.eps,) if spec.eps else proposals(x, curve, min_samples, share, spec.seed)
    tried = [_Found(crowds=crowds(given, near, eps, min_samples), eps=eps, curve=curve) for eps in reaches]
    best = max(tried, key=lambda one: (divided(one.crowds.labels, share), one.eps))
    return best if divided(best.crowds.labels, share) >= DIVIDES else tried[0]


ALGORITHM = Algorithm(
    label="Dense groups",
    good_when="Finds crowds and leaves out unusual customers.",
    fit=fit,
    chooses_k=False,
    params=("eps", "min_samples", "components", "seed"),
)
