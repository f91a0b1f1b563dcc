"""Run the models of a comparison and set them beside each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np

from core.cluster import ALGORITHMS
from core.cluster.contract import Progress
from core.compare.agreement import adjusted_information, adjusted_rand
from core.compare.result import Comparison, Model, Moves, Part
from core.compare.words import details, distinct, title
from core.effect import Grouped
from core.errors import UserError
from core.groups import Verdict
from core.matched import matched, shared, together
from core.profile import Profile
from core.spec import PARAMS, Study
from core.stability import Stability

FEWEST: Final = int(PARAMS["k"][1].low or 0)
MOST: Final = int(PARAMS["k"][1].high or 0)


class Studied(Grouped, Protocol):
    """Customers with everything about their segments, as `core.pipeline.Results` has it."""

    @property
    def verdict(self) -> Verdict | None:
        """Whether there are groups."""

    @property
    def stability(self) -> Stability | None:
        """How repeatable the segments are."""

    @property
    def profile(self) -> Profile | None:
        """Their names, sizes and value."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be known of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A study, what it came to or why it did not, and the study with automatic values written out."""

    study: Study
    settled: Study
    results: Studied | None = None
    problem: str = ""
    hint: str = ""


Make = Callable[[Study, Progress], tuple[Study, Studied]]
"""Another study of the same data: with automatic values written out, and its results."""


def comparison(study: Study, own: tuple[Study, Studied], make: Make, progress: Progress) -> Comparison:
    """Set a study beside the others that it is compared with.

    Parameters
    ----------
    study : Study
        Its `against` says what differs in the others; without any they are one segment fewer and one more.
    own : (Study, Studied)
        The study with automatic values written out, and its results.
    make : callable (Study, Progress) -> (Study, Studied)
        A model for which it raises UserError is told with that sentence.
    """
    settled, results = own
    first = Run(study=study.with_(against=None), settled=settled, results=results)
    assert results.clustering is not None
    texts = study.lens.against or usual(study, results.clustering.k)
    others = [(text, study.other(text)) for text in texts]
    same = [text for text, other in others if other == first.study]
    others = [(text, other) for text, other in others if other != first.study]
    runs = [first]
    for at, (_, other) in enumerate(others):
        runs.append(_run(other, make, _part(progress, at, len(others))))
    found = _beside(runs, ["", *(text for text, _ in others)])
    return replace(
        found, notes=tuple(f"“{text}” is how this view groups customers already." for text in same)
    )


def usual(study: Study, k: int) -> tuple[str, ...]:
    """What a study of k segments is compared with where nothing is asked for, as `against` says it."""
    if not ALGORITHMS[study.cluster.algorithm].chooses_k:
        return (f"algorithm:kmeans~k:{min(max(k, FEWEST), MOST)}",)
    return tuple(f"k:{n}" for n in (k - 1, k + 1) if FEWEST <= n <= MOST)


def _run(other: Study, make: Make, progress: Progress) -> Run:
    try:
        settled, results = make(other, progress)
    except UserError as error:
        return Run(study=other, settled=other, problem=error.message, hint=error.hint)
    return Run(study=other, settled=settled, results=results)


def _beside(runs: Sequence[Run], texts: Sequence[str]) -> Comparison:
    own = runs[0].results
    assert own is not None
    moves = tuple(_moves(own, r.results, at) for at, r in enumerate(runs) if at and r.results is not None)
    kept, customers = _in_all(own, moves)
    rand, information, both = _agreement(runs)
    return Comparison(
        models=_models(runs, texts, {m.model: m.match for m in moves}),
        rand=rand,
        information=information,
        shared=both,
        moves=moves,
        kept=kept,
        customers=customers,
    )


def _models(runs: Sequence[Run], texts: Sequence[str], matches: dict[int, np.ndarray]) -> tuple[Model, ...]:
    first = runs[0]
    assert first.results is not None
    customers, spaces = first.results.customers, _spaces(runs)
    more = [details(first.study, r.study, customers) for r in runs]
    names = distinct([title(r.study, _k(r)) for r in runs], more)
    found = []
    for at, run in enumerate(runs):
        model = Model(
            name=names[at],
            differs=texts[at],
            settled=first.settled.apart(run.settled),
            details=more[at],
            space=spaces[at],
            problem=run.problem,
            hint=run.hint,
        )
        if run.results is not None:
            notes = tuple(n for n in run.results.notes if n not in first.results.notes)
            model = replace(_filled(model, run.results, matches.get(at)), notes=notes)
        found.append(model)
    return tuple(found)


def _k(run: Run) -> int | None:
    return run.results.clustering.k if run.results is not None and run.results.clustering else None


def _filled(model: Model, results: Studied, match: np.ndarray | None) -> Model:
    """A model with what its results say."""
    clustering, stability = results.clustering, results.stability
    assert clustering is not None
    scored = next((c for c in clustering.candidates if c.k == clustering.k), None)
    return replace(
        model,
        k=clustering.k,
        parts=_parts(results, match),
        silhouette=clustering.silhouette,
        inertia=clustering.inertia,
        calinski_harabasz=scored.calinski_harabasz if scored else None,
        davies_bouldin=scored.davies_bouldin if scored else None,
        groups=results.verdict.kind if results.verdict else "",
        sampled=stability.rows if stability and stability.jaccard.size else 0,
        approximate=clustering.approximate,
    )


def _parts(results: Studied, match: np.ndarray | None) -> tuple[Part, ...]:
    profile, stability = results.profile, results.stability
    assert profile is not None
    here = {s.number: s.number for s in profile.segments}
    if match is not None:
        here = {int(there): own for own, there in enumerate(match.tolist()) if there >= 0}
    return tuple(
        Part(
            number=s.number,
            name=s.name,
            size=s.size,
            share=s.share,
            value_share=s.value_share,
            jaccard=_jaccard(stability, at) if s.number else None,
            like=here.get(s.number, -1),
        )
        for at, s in enumerate(profile.segments)
    )


def _jaccard(stability: Stability | None, at: int) -> float | None:
    if stability is None or not stability.jaccard.size:
        return None
    found = float(stability.jaccard[at])
    return None if np.isnan(found) else found


def _spaces(runs: Sequence[Run]) -> list[int]:
    """A number per model, the same where customers are compared on the same numbers."""
    seen: list[np.ndarray] = []
    found = []
    for run in runs:
        prepared = run.results.matrix if run.results is not None else None
        if prepared is None:
            found.append(-1)
            continue
        at = next((i for i, x in enumerate(seen) if np.array_equal(x, prepared.x)), len(seen))
        seen += [prepared.x] if at == len(seen) else []
        found.append(at)
    return found


def _moves(own: Studied, other: Studied | None, at: int) -> Moves:
    assert other is not None and own.matrix is not None and other.matrix is not None
    assert own.clustering is not None and other.clustering is not None
    here, there = shared(own.customers, own.matrix, other.customers, other.matrix)
    was, now = own.clustering.labels[here], other.clustering.labels[there]
    pairs = _counted(was, now)
    match = matched(pairs)
    labels = np.full(own.matrix.rows.size, -1, dtype=np.int16)
    labels[here] = now
    whole = np.full(int(own.clustering.labels.max(initial=0)) + 1, -1, dtype=np.int16)
    whole[: match.size] = match  # a segment may have nobody in the other model
    return Moves(
        model=at,
        kept=int(pairs[match >= 0, match[match >= 0]].sum()),
        shared=here.size,
        left=own.matrix.rows.size - here.size,
        joined=other.matrix.rows.size - there.size,
        pairs=pairs,
        match=whole,
        there=labels,
    )


def _in_all(own: Studied, moves: Sequence[Moves]) -> tuple[int, int]:
    """Customers whose segment is the same in every model, and customers of every model."""
    assert own.clustering is not None
    labels = own.clustering.labels
    known = np.logical_and.reduce([m.there >= 0 for m in moves] or [np.ones(labels.size, dtype=bool)])
    stays = np.logical_and.reduce([m.match[labels] == m.there for m in moves] or [known])
    return int((known & stays).sum()), int(known.sum())


def _agreement(runs: Sequence[Run]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both indices and the number of shared customers of every two models."""
    m = len(runs)
    rand, information, both = np.full((m, m), np.nan), np.full((m, m), np.nan), np.zeros((m, m), np.int64)
    for i, one in enumerate(runs):
        for j, other in enumerate(runs[:i]):
            if one.results is None or other.results is None:
                continue
            pairs = _pairs(one.results, other.results)
            rand[i, j] = rand[j, i] = adjusted_rand(pairs)
            information[i, j] = information[j, i] = adjusted_information(pairs)
            both[i, j] = both[j, i] = pairs.sum()
    for i, one in enumerate(runs):
        if one.results is not None and one.results.matrix is not None:
            rand[i, i] = information[i, i] = 1.0
            both[i, i] = one.results.matrix.rows.size
    return rand, information, both


def _pairs(one: Studied, other: Studied) -> np.ndarray:
    assert one.matrix is not None and other.matrix is not None
    assert one.clustering is not None and other.clustering is not None
    at, there = shared(one.customers, one.matrix, other.customers, other.matrix)
    return _counted(one.clustering.labels[at], other.clustering.labels[there])


def _counted(was: np.ndarray, now: np.ndarray) -> np.ndarray:
    return together(was, now, int(was.max(initial=0)), int(now.max(initial=0)))


def _part(progress: Progress, at: int, parts: int) -> Progress:
    return lambda stage, share: progress(f"{stage} ({at + 1} of {parts} to compare)", (at + share) / parts)
