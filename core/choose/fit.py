"""The number of segments with its reason, and the finished clustering."""

from dataclasses import replace
from typing import Final

import numpy as np

from core.choose.criteria import Criteria, criteria
from core.choose.gap import Gap, by_gap, gaps
from core.choose.layout import positions
from core.choose.numbered import by_value
from core.choose.opinions import opinions
from core.choose.result import Candidate, Clustering
from core.choose.suggest import elbow, highest, least_size, settle, suggest, takeable, tied
from core.cluster import ALGORITHMS
from core.cluster.advice import advice, large_enough
from core.cluster.assigner import Assigner
from core.cluster.contract import Algorithm, Case, Fitted, Progress, Rules, silent
from core.errors import UserError
from core.features.matrix import Matrix
from core.silhouette import Silhouette, silhouettes
from core.spec import Cluster
from core.stability import Stability, reliable_share, stabilities
from core.words import plural

MIN_CUSTOMERS: Final = 20
SAME_NAMES: Final = 0.95
FIT_SHARE: Final = 0.65
"""How much of the work is the fit, for the progress bar; scores and map come after."""


def cluster(
    matrix: Matrix,
    value: np.ndarray | None,
    spec: Cluster,
    progress: Progress = silent,
    rules: Rules | None = None,
) -> Clustering:
    """Fit, choose the number of segments, and number them by value.

    Parameters
    ----------
    matrix : Matrix
    value : float array (n,) or None
        Spend per customer of the study; segments are numbered by its mean, without it by size.
    spec : Cluster
    rules : Rules or None
        What rules say of the customers that are fitted, for the method that asks them.

    Raises
    ------
    UserError
        When there are too few customers, or the method can't take so many.
    """
    algorithm = ALGORITHMS[spec.algorithm]
    x = matrix.x
    different = _different(x)
    _check(algorithm, len(x), different, spec)
    ks = _numbers_of_segments(len(x), different, spec) if algorithm.chooses_k else ()
    fitted = algorithm.fit(
        Case(x=x, spec=spec, ks=ks, rules=rules), lambda stage, share: progress(stage, FIT_SHARE * share)
    )
    if algorithm.chooses_k:
        fitted = _without_empty(fitted, spec)
    fitted, small = _without_small(fitted, least_size(len(x), spec))
    progress("Measuring how clearly apart the segments are", 0.7)
    scores = silhouettes(x, fitted.labels, spec.seed)
    measured = criteria(x, fitted.labels)
    again = stabilities(
        x, fitted.labels, algorithm, spec, lambda stage, share: progress(stage, 0.75 + 0.15 * share)
    )
    by_chance = gaps(x, (1, *fitted.labels), spec.seed) if spec.algorithm == "kmeans" else {}
    candidates = _compared(fitted, measured, scores, again, by_chance, spec)
    suggested = suggest(candidates, spec) if algorithm.chooses_k else None
    k, reason = settle(algorithm, candidates, suggested, spec)
    raw = fitted.labels[k]
    numbered, order = by_value(raw, measured[k].centres, value[matrix.fitted] if value is not None else None)
    labels = np.zeros(matrix.rows.size, dtype=np.int16)
    labels[matrix.fitted] = numbered
    progress("Drawing the map", 0.9)
    layout = positions(matrix)
    found = next(c for c in candidates if c.k == k)
    agreement = _other_start(x, raw, k, spec, algorithm)
    knee = elbow([c.k for c in candidates], [c.inertia for c in candidates]) if algorithm.chooses_k else None
    return Clustering(
        algorithm=spec.algorithm,
        k=k,
        labels=labels,
        centres=measured[k].centres[order],
        inertia=found.inertia,
        silhouette=found.silhouette,
        candidates=candidates,
        suggested_k=suggested,
        reason=reason,
        elbow=knee,
        opinions=opinions(takeable(candidates, spec), knee, by_gap(by_chance)) if algorithm.chooses_k else {},
        stability=_numbered(again[k], order),
        start_agreement=agreement,
        coords=layout.coords,
        explained=layout.explained,
        loadings=layout.loadings,
        eps=fitted.eps,
        curve=_thinned(fitted),
        tree=_top(fitted.tree, max(12, k)),
        notes=(*_notes(k, agreement, labels, matrix, found, spec), *_lopsided(raw, small, spec, fitted)),
        approximate=fitted.approximate,
        names=None if fitted.names is None else tuple(fitted.names[old] for old in order),
        assigner=_assigner(fitted, k, order),
    )


def _assigner(fitted: Fitted, k: int, order: list[int]) -> Assigner | None:
    """What gives customers who come later one of k segments; `order` holds the old label of each number."""
    if fitted.assigner is None:
        return None
    numbers = np.zeros(k + 1, np.int64)
    numbers[np.array(order, np.int64) + 1] = np.arange(1, k + 1)
    return fitted.assigner(k).renumbered(numbers)


def _different(x: np.ndarray) -> int:
    """How many different rows there are, counted no further than a few more than any k."""
    seen: set[bytes] = set()
    for row in x + 0.0:  # -0.0 is 0.0
        seen.add(row.tobytes())
        if len(seen) > 64:
            break
    return len(seen)


def _check(algorithm: Algorithm, rows: int, different: int, spec: Cluster) -> None:
    if spec.k is None and rows < MIN_CUSTOMERS and algorithm.chooses_k:
        raise UserError(
            f"{plural(rows, 'customer')} can't be divided into segments; it takes at least {MIN_CUSTOMERS}.",
            "Include more customers, or choose the number of segments yourself.",
        )
    algorithm.check(rows, spec.k if algorithm.chooses_k else None)
    if algorithm.chooses_k and different < (spec.k or 2):
        raise _too_alike(different, spec.k or 2)


def _too_alike(different: int, wanted: int) -> UserError:
    values = "1 different value" if different == 1 else f"{different} different values"
    return UserError(
        f"Customers have only {values} in what they are grouped by, too few for {wanted} segments.",
        "Choose fewer segments, or more attributes.",
    )


def _without_empty(fitted: Fitted, spec: Cluster) -> Fitted:
    """Labelings in which every segment has somebody: rows may differ by less than a distance can show."""
    found = {k: np.unique(labels).size for k, labels in fitted.labels.items()}
    wanted = spec.k or 2
    if found[wanted] < wanted:
        raise _too_alike(found[wanted], wanted)
    return replace(fitted, labels={k: labels for k, labels in fitted.labels.items() if found[k] == k})


def _without_small(fitted: Fitted, least: int) -> tuple[Fitted, int]:
    """DBSCAN's crowds that are large enough for a segment, and how many are not."""
    if fitted.eps is None:
        return fitted, 0
    ((k, labels),) = fitted.labels.items()
    kept = large_enough(labels, least)
    left = int(kept.max()) + 1
    return replace(fitted, labels={left: kept}), k - left


def _numbers_of_segments(rows: int, different: int, spec: Cluster) -> tuple[int, ...]:
    """2 to the most that may be, and the one asked for, as far as the customers allow."""
    most = max(2, min(highest(spec), rows // 10))
    ks = {*range(2, most + 1), *([spec.k] if spec.k else [])}
    if spec.k and spec.k > most:
        ks |= set(range(2, min(spec.k, rows // 10) + 1))
    return tuple(sorted(k for k in ks if k <= min(different, rows)))


def _compared(
    fitted: Fitted,
    measured: dict[int, Criteria],
    scores: dict[int, Silhouette | None],
    again: dict[int, Stability],
    by_chance: dict[int, Gap],
    spec: Cluster,
) -> tuple[Candidate, ...]:
    """Every number of segments and how it does."""
    found = [
        replace(
            _candidate(k, measured[k], scores[k], fitted, spec),
            gap=by_chance.get(k),
            stable=reliable_share(again[k], measured[k].sizes),
        )
        for k in sorted(measured)
    ]
    ties = tied(found, spec)
    return tuple(replace(c, tied=c.k in ties) for c in found)


def _candidate(
    k: int, measured: Criteria, score: Silhouette | None, fitted: Fitted, spec: Cluster
) -> Candidate:
    rows = len(fitted.labels[k])
    least, smallest, problem = least_size(rows, spec), int(measured.sizes.min(initial=rows)) if k else 0, ""
    if smallest < least:
        problem = f"the smallest segment has {plural(smallest, 'customer')}, under {least:,}"
    return Candidate(
        k=k,
        inertia=measured.inertia,
        silhouette=score,
        smallest=smallest,
        problem=problem,
        calinski_harabasz=measured.calinski_harabasz,
        davies_bouldin=measured.davies_bouldin,
        bic=fitted.bic[k] if fitted.bic else None,
    )


def _numbered(found: Stability, order: list[int]) -> Stability:
    """With the segments in the order of their numbers; `order` holds the old label of each."""
    return replace(found, jaccard=found.jaccard[order]) if found.jaccard.size else found


def _other_start(x: np.ndarray, raw: np.ndarray, k: int, spec: Cluster, algorithm: Algorithm) -> float | None:
    """Agreement with the fit from the next seed, for the method whose answer depends on a start."""
    if spec.algorithm != "kmeans":
        return None
    from sklearn.metrics import adjusted_rand_score

    seed = (spec.seed + 1) % (2**31 - 1)
    other = algorithm.fit(Case(x=x, spec=replace(spec, seed=seed), ks=(k,)), silent).labels[k]
    return float(adjusted_rand_score(raw, other))


def _thinned(fitted: Fitted) -> np.ndarray | None:
    if fitted.curve is None:
        return None
    at = np.unique(np.linspace(0, fitted.curve.size - 1, 400).astype(int))
    return fitted.curve[at]


def _top(tree: np.ndarray | None, leaves: int) -> np.ndarray | None:
    """The last merges of a tree, enough to draw its upper branches down to `leaves` of them."""
    return None if tree is None else np.ascontiguousarray(tree[-(leaves - 1) :])


def _lopsided(labels: np.ndarray, small: int, spec: Cluster, fitted: Fitted) -> list[str]:
    """What is to be said of dense groups: crowds too small for a segment, and the next step."""
    if spec.algorithm not in ("dbscan", "hdbscan"):
        return []
    least = least_size(labels.size, spec)
    said = [f"{plural(small, 'crowd')} of under {least:,} customers count as no segment."] if small else []
    return [*said, *filter(None, [advice(labels, spec, fitted.eps)])]


def _notes(
    k: int, agreement: float | None, labels: np.ndarray, matrix: Matrix, found: Candidate, spec: Cluster
) -> tuple[str, ...]:
    notes = []
    if agreement is not None and agreement < SAME_NAMES:
        notes.append(f"The segments depend on the start: another start agrees by {agreement:.2f} only.")
    if spec.k is not None and found.problem:
        notes.append(f"With {k} segments, {found.problem}.")
    empty = int((~matrix.fitted).sum())
    if empty:
        notes.append(f"{empty:,} customers have a missing value and get no segment.")
    nobody = int((labels == 0).sum()) - empty
    if nobody:
        why = "can't be scored by the rules" if spec.algorithm == "rules" else "fit no group"
        notes.append(f"{nobody:,} customers {why} and get no segment.")
    return tuple(notes)
