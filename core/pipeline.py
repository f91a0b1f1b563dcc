"""The one way through the house: from a Study to its results, each stage by its own key."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

import numpy as np

from core.choose import Clustering, cluster, without_groups
from core.clean import Compared
from core.cluster import ALGORITHMS
from core.cluster.contract import Progress, Rules, silent
from core.cluster.rules import rules_of
from core.codec import decode, encode
from core.effect import Effects
from core.features.cohort import included
from core.features.compared import compared
from core.features.customers import Customers, LedgerRow
from core.features.matrix import Matrix, matrix
from core.groups import Verdict, verdict
from core.io.dataset import Dataset
from core.profile import Profile, profile
from core.quality import Quality, report, with_unusual
from core.spec import Clean, Study
from core.stability import Stability, stability
from core.trials import effects_of

Through = Callable[[str, Callable[[], bytes]], bytes]
"""`through(key, make)` gives the bytes kept under a key, or makes and keeps them."""

T = TypeVar("T")
STAGES: Final[dict[str, tuple[str, type[Any]]]] = {
    "customers": ("clean", Customers),
    "matrix": ("features", Matrix),
    "verdict": ("features", Verdict),
    "clustering": ("cluster", Clustering),
    "stability": ("cluster", Stability),
    "profile": ("cluster", Profile),
    "effects": ("cluster", Effects),
    "quality": ("source", Quality),
}
"""What is kept: its name, the last part of the Study it depends on, and its class."""

_STUDY: Final = ("customers", "matrix", "verdict", "clustering", "stability", "profile")
NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "customers": ("customers",),
    "profile": _STUDY,
    "effects": (*_STUDY, "effects"),
    "quality": ("customers", "quality"),
    "data": (*_STUDY, "effects", "quality"),
}
"""What may be asked for -> the stages it takes."""

COMPARED_ONLY: Final = ("missing", "constant", "outliers", "rare")
"""Choices of the recipe on the compared columns: the customer sheet does not depend on them."""


OF_ROWS: Final = ("blanks", "duplicates", "impossible")
"""Choices of the recipe that change or leave out rows of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a study comes to; what was not asked for is None."""

    customers: Customers
    matrix: Matrix | None = None
    verdict: Verdict | None = None
    clustering: Clustering | None = None
    stability: Stability | None = None
    profile: Profile | None = None
    effects: Effects | None = None
    quality: Quality | None = None
    notes: tuple[str, ...] = ()

    @property
    def ledger(self) -> tuple[LedgerRow, ...]:
        """The whole way from the file to the segmented customers."""
        return (*self.customers.ledger, *(self.matrix.ledger if self.matrix else ()))


def no_cache(key: str, make: Callable[[], bytes]) -> bytes:
    """A `Through` that keeps nothing."""
    return make()


def key_of(study: Study, name: str) -> str:
    """Cache key of one of `STAGES`."""
    if name == "quality":
        study = Study().with_(ds=study.source.ds)
    if name == "customers":
        study = replace(study, clean=replace(study.clean, **{f: getattr(Clean(), f) for f in COMPARED_ONLY}))
    return f"{name}-{study.key(STAGES[name][0])}"


def job_key(study: Study, need: str) -> str:
    """Name of the job that computes one of `NEEDS`; how the result is looked at makes no other job."""
    return key_of(study, need) if need == "customers" else f"{need}-{study.key('cluster')}"


def run(
    study: Study, store: Any, need: str = "profile", through: Through = no_cache, progress: Progress = silent
) -> Results:
    """Run a study in this process.

    Parameters
    ----------
    study : Study
    store : core.io.store.Store
    need : str
        One of `NEEDS`: `customers` for the customer sheet alone, `profile` for the segments, `effects` also
        for what each step of the recipe does to them, `quality` for the sheet and the quality report, `data`
        for all of these.
    through : callable
        Keeps the stages' bytes; nothing is kept by default.
    progress : callable

    Raises
    ------
    UserError
        When the study can't be settled: an unknown data set, nobody left, fewer customers than segments.
    """
    wanted = NEEDS[need]
    dataset = store.get(study.source.ds)
    _refuse(dataset)
    shares = _shares(wanted, progress)
    quality = quality_of(study, store, through, shares["quality"]) if "quality" in wanted else None
    results = _study(study, store, dataset, wanted, through, shares["study"])
    effects = None

    def regrouped(other: Study, progress: Progress) -> Results:
        return _regrouped(other, store, dataset, results, through, progress)

    if "effects" in wanted:
        effects = _kept(
            Effects,
            key_of(study, "effects"),
            through,
            lambda: effects_of(study, results, dataset, regrouped, shares["effects"]),
        )
    return replace(results, effects=effects, quality=quality)


def quality_of(study: Study, store: Any, through: Through = no_cache, progress: Progress = silent) -> Quality:
    """The quality report of a study's data set; it needs no roles that make a study possible."""
    progress("Looking for what is wrong with the data", 0.02)
    dataset = store.get(study.source.ds)

    def make() -> Quality:
        return with_unusual(report(store.engine, dataset), store.engine, dataset)

    return _kept(Quality, key_of(study, "quality"), through, make)


def _shares(wanted: tuple[str, ...], progress: Progress) -> dict[str, Progress]:
    """The progress of each part: how much of the whole work it is."""
    weights = {"quality": 1.0, "study": 2.0, "effects": 4.0}
    parts = {part: weights[part] for part in weights if part in wanted or part == "study"}
    shares, begun = {}, 0.0
    for part, weight in parts.items():
        end = begun + weight / sum(parts.values())
        shares[part] = _within(progress, begun, end)
        begun = end
    return shares


def _study(
    study: Study, store: Any, dataset: Dataset, wanted: tuple[str, ...], through: Through, progress: Progress
) -> Results:
    """The stages of one study, up to the last that is wanted."""
    progress("Reading the data", 0.02)
    reading = _within(progress, 0.02, 0.1)
    customers = _kept(
        Customers, key_of(study, "customers"), through, lambda: _sheet(study, store, dataset, reading)
    )
    if "matrix" not in wanted:
        return Results(customers=customers)
    prepared = _compared(study, store, dataset, customers, through, progress)
    found = _clustered(study, _judged(study, prepared, through, progress), through, progress)
    if "profile" not in wanted:
        return found
    found = _repeated(study, found, through, _within(progress, 0.85, 0.92))
    progress("Describing the segments", 0.92)
    assert found.matrix is not None and found.clustering is not None
    made = (customers, found.matrix, found.clustering)
    return replace(found, profile=_kept(Profile, key_of(study, "profile"), through, lambda: profile(*made)))


def _compared(
    study: Study, store: Any, dataset: Dataset, customers: Customers, through: Through, progress: Progress
) -> Results:
    mask, notes = included(customers, study.cohort.where)
    progress("Preparing what customers are compared on", 0.1)

    def make() -> Matrix:
        came = _as_they_came(study, store, dataset, through)
        return matrix(customers, mask, study.features, study.clean, came)

    prepared = _kept(Matrix, key_of(study, "matrix"), through, make)
    return Results(customers=customers, matrix=prepared, notes=notes)


def _as_they_came(study: Study, store: Any, dataset: Dataset, through: Through) -> tuple[Compared, ...]:
    """The compared columns before the steps that change rows of the file; none where there are no such."""
    if not any(name in study.changed("clean") for name in OF_ROWS):
        return ()
    other = study.with_(**dict.fromkeys(OF_ROWS))
    plain = _study(other, store, dataset, ("customers",), through, silent).customers
    rows = np.flatnonzero(included(plain, study.cohort.where)[0])
    return compared(plain, rows, study.features)[0]


def _judged(study: Study, results: Results, through: Through, progress: Progress) -> Results:
    """Results with a matrix, and whether there are groups in it."""
    progress("Asking whether there are groups at all", 0.12)
    prepared = results.matrix
    assert prepared is not None
    found = _kept(Verdict, key_of(study, "verdict"), through, lambda: verdict(prepared.x, prepared.names, 0))
    return replace(results, verdict=found)


def _clustered(study: Study, results: Results, through: Through, progress: Progress) -> Results:
    """Results with a matrix and the notes on the cohort, and their clustering and all notes."""
    customers, prepared = results.customers, results.matrix
    assert prepared is not None
    inner = _within(progress, 0.15, 0.85)
    found = _kept(
        Clustering,
        key_of(study, "clustering"),
        through,
        lambda: cluster(
            prepared, _value(customers, prepared), study.cluster, inner, _rules(study, customers, prepared)
        ),
    )
    if results.verdict is not None and results.verdict.kind == "none":
        found = without_groups(found)
    return replace(results, clustering=found, notes=all_notes(customers, results.notes, prepared, found))


def _repeated(study: Study, results: Results, through: Through, progress: Progress) -> Results:
    """Results with a clustering, and how repeatable its segments are."""
    prepared, found = results.matrix, results.clustering
    assert prepared is not None and found is not None
    labels, algorithm = found.labels[prepared.fitted], ALGORITHMS[study.cluster.algorithm]
    again = _kept(
        Stability,
        key_of(study, "stability"),
        through,
        lambda: stability(prepared.x, labels, algorithm, study.cluster, progress),
    )
    return replace(results, stability=again)


def _regrouped(
    other: Study, store: Any, dataset: Dataset, results: Results, through: Through, progress: Progress
) -> Results:
    """The other study's clustering: this one's, where the compared numbers are the same."""
    customers = _study(other, store, dataset, ("customers",), through, progress).customers
    after = _compared(other, store, dataset, customers, through, progress)
    one, same = results.matrix, after.matrix
    assert one is not None and same is not None
    values = [_value(r.customers, m) for r, m in ((results, one), (after, same))]
    equal = [(one.rows, same.rows), (one.fitted, same.fitted), (one.x, same.x)]
    if values[0] is not None and values[1] is not None:
        equal.append((values[0], values[1]))
    by_numbers = other.cluster.algorithm != "rules"
    if by_numbers and all(np.array_equal(a, b, equal_nan=True) for a, b in equal):
        return replace(after, clustering=results.clustering)
    return _clustered(other, after, through, progress)


def all_notes(
    customers: Customers, cohort_notes: tuple[str, ...], prepared: Matrix, found: Clustering
) -> tuple[str, ...]:
    """Everything a person should know about a study's results, in the order of the pipeline."""
    return (*customers.notes, *cohort_notes, *prepared.notes, *found.notes)


def resolved(study: Study, results: Results) -> Study:
    """The study with every automatic value written out as what it came to, so that a link is frozen.

    `transform=auto` is written out only where it came to the same for every column.
    """
    values: dict[str, Any] = {}
    if study.source.as_of is None and results.customers.as_of is not None:
        values["as_of"] = results.customers.as_of.isoformat()
    if results.matrix is not None and results.clustering is not None:
        values["cols"] = ",".join(results.matrix.columns)
        done = {p.transform for p in results.matrix.prepared if p.kind == "number"}
        if study.features.transform == "auto" and len(done) == 1:
            values["transform"] = done.pop()
        if study.cluster.algorithm == "dbscan":
            values["eps"] = results.clustering.eps
        elif study.cluster.algorithm != "rules":
            values["k"] = results.clustering.k
    return study.with_(**values)


def _refuse(dataset: Dataset) -> None:
    from core.io.meaning.roles import problem

    found = problem(dataset)
    if found is not None:
        raise found


def _sheet(study: Study, store: Any, dataset: Dataset, progress: Progress) -> Customers:
    from core.features.sheet import customer_sheet

    return customer_sheet(store.engine, dataset, study.source, study.clean, progress)


def _value(customers: Customers, prepared: Matrix) -> np.ndarray | None:
    return customers.number("monetary")[prepared.rows] if customers.has("monetary") else None


def _rules(study: Study, customers: Customers, prepared: Matrix) -> Rules | None:
    if study.cluster.algorithm != "rules":
        return None
    return rules_of(customers, prepared.rows[prepared.fitted])


def _kept(kind: type[T], key: str, through: Through, make: Callable[[], T]) -> T:
    made: list[T] = []

    def encoded() -> bytes:
        made.append(make())
        return encode(made[0])

    data = through(key, encoded)
    if made:
        return made[0]
    try:
        return decode(kind, data)
    except ValueError:
        return make()


def _within(progress: Progress, low: float, high: float) -> Progress:
    return lambda stage, share: progress(stage, low + (high - low) * share)
