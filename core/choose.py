"""The number of segments with its reason, and the finished clustering."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.cluster import ALGORITHMS
from core.cluster.contract import Algorithm, Case, Fitted, Progress, silent
from core.errors import UserError
from core.features.matrix import Matrix
from core.silhouette import Silhouette, silhouettes
from core.spec import Cluster
from core.words import plural

CANDIDATES: Final = range(3, 9)
TIED: Final = 0.02
MIN_CUSTOMERS: Final = 20
MIN_SEGMENT: Final = 5
SAME_NAMES: Final = 0.95
FIT_SHARE: Final = 0.65
"""How much of the work is the fit, for the progress bar; scores and map come after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One number of segments and how it does.

    `problem` says in words why it can't be taken; empty where it can.
    """

    k: int
    inertia: float
    silhouette: Silhouette | None
    smallest: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustering:
    """A finished clustering.

    Attributes
    ----------
    labels : int array (n,)
        Segment of each of the study's customers (`Matrix.rows`): 1…k by value, 0 for no segment.
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
    start_agreement : float or None
        Adjusted Rand index with the fit from the next seed (K-Means only).
    coords : float32 array (n, 2)
        Map positions on the first two principal components; NaN without a segment for want of values.
    explained : float
        Share of the variance that the map shows.
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


def cluster(
    matrix: Matrix, value: np.ndarray | None, spec: Cluster, progress: Progress = silent
) -> Clustering:
    """Fit, choose the number of segments, and number them by value.

    Parameters
    ----------
    matrix : Matrix
    value : float array (n,) or None
        Spend per customer of the study; segments are numbered by its mean, without it by size.
    spec : Cluster

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
        Case(x=x, spec=spec, ks=ks), lambda stage, share: progress(stage, FIT_SHARE * share)
    )
    if algorithm.chooses_k:
        fitted = _without_empty(fitted, spec)
    progress("Measuring how clearly apart the segments are", 0.7)
    scores = silhouettes(x, fitted.labels, spec.seed)
    candidates = tuple(_candidate(x, k, fitted.labels[k], scores[k], spec) for k in sorted(fitted.labels))
    suggested = _suggest(candidates) if algorithm.chooses_k else None
    k, reason = _settle(algorithm, candidates, suggested, spec)
    raw = fitted.labels[k]
    numbered, order = _by_value(raw, x, value[matrix.fitted] if value is not None else None)
    labels = np.zeros(matrix.rows.size, dtype=np.int16)
    labels[matrix.fitted] = numbered
    progress("Drawing the map", 0.85)
    coords, explained = _map(matrix)
    found = next(c for c in candidates if c.k == k)
    agreement = _other_start(x, raw, k, spec, algorithm)
    return Clustering(
        algorithm=spec.algorithm,
        k=k,
        labels=labels,
        centres=np.array([x[raw == old].mean(axis=0) for old in order]).reshape(k, x.shape[1]),
        inertia=found.inertia,
        silhouette=found.silhouette,
        candidates=candidates,
        suggested_k=suggested,
        reason=reason,
        elbow=elbow([c.k for c in candidates], [c.inertia for c in candidates])
        if algorithm.chooses_k
        else None,
        start_agreement=agreement,
        coords=coords,
        explained=explained,
        eps=fitted.eps,
        curve=_thinned(fitted),
        tree=_top(fitted.tree, max(12, k)),
        notes=_notes(k, agreement, labels, matrix, found, spec),
    )


def elbow(ks: Sequence[int], inertias: Sequence[float]) -> int | None:
    """The knee of the inertia curve: the point farthest below the line between its ends (Satopää 2011).

    None where the curve bends by less than a tenth of its height: no such point is an answer too.
    """
    if len(ks) < 4 or inertias[0] <= inertias[-1]:
        return None
    across = (np.array(ks) - ks[0]) / (ks[-1] - ks[0])
    down = (inertias[0] - np.array(inertias)) / (inertias[0] - inertias[-1])
    gain = down - across
    return int(ks[int(np.argmax(gain))]) if gain.max() >= 0.1 else None


def least_size(customers: int, spec: Cluster) -> int:
    """Customers that the smallest segment must have: the study's share of them, and at least five."""
    return max(MIN_SEGMENT, int(np.ceil(spec.min_share / 100 * customers - 1e-9)))


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


def _numbers_of_segments(rows: int, different: int, spec: Cluster) -> tuple[int, ...]:
    """2 to 8 and the one asked for, as far as the customers allow."""
    most = max(2, min(max(CANDIDATES), rows // 10))
    ks = {*range(2, most + 1), *([spec.k] if spec.k else [])}
    if spec.k and spec.k > most:
        ks |= set(range(2, min(spec.k, rows // 10) + 1))
    return tuple(sorted(k for k in ks if k <= min(different, rows)))


def _candidate(
    x: np.ndarray, k: int, labels: np.ndarray, score: Silhouette | None, spec: Cluster
) -> Candidate:
    inertia = sum(float(((x[labels == s] - x[labels == s].mean(axis=0)) ** 2).sum()) for s in range(k))
    sizes = np.bincount(labels[labels >= 0], minlength=k) if k else np.zeros(1, dtype=int)
    smallest, least = int(sizes.min()), least_size(len(x), spec)
    problem = ""
    if smallest < least:
        problem = f"the smallest segment has {plural(smallest, 'customer')}, under {least:,}"
    return Candidate(k=k, inertia=inertia, silhouette=score, smallest=smallest, problem=problem)


def _suggest(candidates: Sequence[Candidate]) -> int | None:
    able = [c for c in candidates if c.k in CANDIDATES and not c.problem and c.silhouette is not None]
    if not able:
        return None
    best = max(_value(c) for c in able)
    return min(c.k for c in able if _reaches(c, best))


def _reaches(candidate: Candidate, best: float) -> bool:
    score = candidate.silhouette
    assert score is not None
    if score.high is not None:
        return score.high >= best
    return best - score.value <= TIED


def _value(candidate: Candidate) -> float:
    return candidate.silhouette.value if candidate.silhouette else -1.0


def _settle(
    algorithm: Algorithm, candidates: Sequence[Candidate], suggested: int | None, spec: Cluster
) -> tuple[int, str]:
    if not algorithm.chooses_k:
        k = candidates[0].k
        if k == 0:
            return 0, "no crowd was dense enough"
        reach = f"with reach {spec.eps:g}" if spec.eps else "at the proposed reach"
        return k, f"that many crowds are dense enough {reach}"
    if spec.k is not None:
        if spec.k == suggested:  # a link with the number written out says what the automatic one said
            return suggested, _reason(candidates, suggested)
        other = "" if suggested is None else f"; {suggested} would be suggested"
        return spec.k, f"the number you chose{other}"
    if suggested is not None:
        return suggested, _reason(candidates, suggested)
    two = next((c for c in candidates if c.k == 2), None)
    if two is None or two.problem:
        raise UserError(
            "These customers do not fall into two segments that are large enough.",
            "Limit or leave out extreme values, allow smaller segments, or choose other attributes.",
        )
    return 2, "no number from 3 to 8 keeps every segment large enough"


def _reason(candidates: Sequence[Candidate], chosen: int) -> str:
    by_k = {c.k: c for c in candidates}
    able = [c for c in candidates if c.k in CANDIDATES and not c.problem]
    best = max(able, key=_value)
    blocked = [c for c in candidates if c.k > chosen and c.problem and _value(c) > _value(by_k[chosen])]
    if best.k != chosen:
        values = f"{_value(by_k[chosen]):.2f} and {_value(best):.2f}"
        return f"as clearly apart as {best.k} ({values}{_edge(best, candidates)}), and simpler"
    if blocked:
        return f"{blocked[0].k} would be clearer, but {blocked[0].problem}"
    if len(able) == 1:
        return "the only number from 3 to 8 that keeps every segment large enough"
    span = f"{min(c.k for c in able)} to {max(c.k for c in able)}"
    return f"the most clearly apart of {span} ({_value(best):.2f}){_edge(best, candidates)}"


def _edge(best: Candidate, candidates: Sequence[Candidate]) -> str:
    """Says so where the best is the last number that was tried on either side: beyond may be better."""
    tried = [c.k for c in candidates if c.k in CANDIDATES]
    if best.k == max(tried):
        return ", the most that was tried"
    return ", the fewest that were tried" if best.k == min(tried) else ""


def _by_value(raw: np.ndarray, x: np.ndarray, value: np.ndarray | None) -> tuple[np.ndarray, list[int]]:
    """Labels 1…k by mean spend (without it by size), and the old label of each number."""
    k = int(raw.max()) + 1 if raw.size else 0

    def rank(segment: int) -> tuple[float, int, list[float]]:
        own = raw == segment
        known = value[own][~np.isnan(value[own])] if value is not None else np.empty(0)
        mean = float(known.mean()) if known.size else -np.inf
        return (-mean, -int(own.sum()), x[own].mean(axis=0).tolist())

    order = sorted(range(k), key=rank)
    new = np.zeros(k + 1, dtype=np.int16)
    new[order] = np.arange(1, k + 1)
    new[k] = 0  # label −1 reads the last place
    return new[raw], order


def _map(matrix: Matrix) -> tuple[np.ndarray, float]:
    """First two principal components, each signed so that its largest loading is positive."""
    x = matrix.x - matrix.x.mean(axis=0)
    values, vectors = np.linalg.eigh(x.T @ x)
    axes = vectors[:, ::-1][:, :2]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    coords = np.full((matrix.rows.size, 2), np.nan, dtype=np.float32)
    placed = x @ axes
    coords[matrix.fitted, : placed.shape[1]] = placed
    if placed.shape[1] < 2:
        coords[matrix.fitted, 1] = 0
    total = float(values.sum())
    return coords, float(values[::-1][:2].sum() / total) if total else 1.0


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
        notes.append(f"{nobody:,} customers fit no group and get no segment.")
    return tuple(notes)
