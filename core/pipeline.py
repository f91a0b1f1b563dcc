"""The one way through the house: from a Study to its results, each stage by its own key."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

import numpy as np

from core.choose import SAME_NAMES, Clustering, cluster, without_groups
from core.clean import Compared
from core.cluster import ALGORITHMS, budget
from core.cluster.contract import Progress, Rules, silent
from core.cluster.rules import rules_of
from core.codec import decode, encode
from core.compare import Comparison, comparison
from core.effect import Effects, effect
from core.errors import UserError
from core.features.cohort import of_study
from core.features.compared import compared, width
from core.features.customers import Customers, LedgerRow
from core.features.matrix import Matrix, matrix
from core.groups import Verdict, verdict
from core.io.dataset import Dataset
from core.match import Match, kept, match, note
from core.memory import give_back
from core.profile import Profile, profile
from core.quality import Quality, report, with_unusual
from core.silhouette import Belonging, belonging
from core.spec import Clean, Lens, Study
from core.stability import Stability
from core.trials import effects_of

Through = Callable[[str, Callable[[], bytes]], bytes]
"""`through(key, make)` gives the bytes kept under a key, or makes and keeps them."""

T = TypeVar("T")
STAGES: Final[dict[str, tuple[str, type[Any]]]] = {
    "customers": ("clean", Customers),
    "matrix": ("features", Matrix),
    "verdict": ("features", Verdict),
    "clustering": ("cluster", Clustering),
    "belonging": ("cluster", Belonging),
    "profile": ("cluster", Profile),
    "match": ("cluster", Match),
    "effects": ("cluster", Effects),
    "comparison": ("lens", Comparison),
    "quality": ("source", Quality),
}
"""What is kept: its name, the last part of the Study it depends on, and its class."""

_STUDY: Final = ("customers", "matrix", "verdict", "clustering", "belonging", "profile")
NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "customers": ("customers",),
    "profile": _STUDY,
    "effects": (*_STUDY, "effects"),
    "compare": (*_STUDY, "comparison"),
    "quality": ("customers", "quality"),
    "data": (*_STUDY, "effects", "quality"),
}
"""What may be asked for -> the stages it takes; more with a reference (`stages_of`)."""

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
    belonging: Belonging | None = None
    profile: Profile | None = None
    match: Match | None = None
    effects: Effects | None = None
    comparison: Comparison | None = None
    quality: Quality | None = None
    notes: tuple[str, ...] = ()

    @property
    def ledger(self) -> tuple[LedgerRow, ...]:
        """The whole way from the file to the segmented customers."""
        return (*self.customers.ledger, *(self.matrix.ledger if self.matrix else ()))


def no_cache(key: str, make: Callable[[], bytes]) -> bytes:
    """A `Through` that keeps nothing."""
    return make()


def keep_nothing(ds: str) -> Through:
    """The `Through` of a data set where nothing is kept."""
    return no_cache


def named_by(study: Study) -> Study | None:
    """The study from which one takes numbers and names: its reference, else its own from the first start."""
    if study.reference is not None:
        return study.reference
    starts = "seed" in ALGORITHMS[study.cluster.algorithm].params
    return study.with_(seed=None) if starts and "seed" in study.changed("cluster") else None


def stages_of(study: Study, need: str) -> tuple[str, ...]:
    """The stages that one of `NEEDS` takes."""
    names = NEEDS[need]
    return (*names, "match") if "profile" in names and named_by(study) is not None else names


def key_of(study: Study, name: str) -> str:
    """Cache key of one of `STAGES`; a reference changes numbers and names, and no stage before."""
    study = study if name in ("match", "comparison") else study.alone
    if name == "quality":
        study = Study().with_(ds=study.source.ds)
    if name == "customers":
        study = replace(study, clean=replace(study.clean, **{f: getattr(Clean(), f) for f in COMPARED_ONLY}))
    if name == "comparison":  # of how the result is looked at, only this counts
        study = replace(study, lens=Lens(against=study.lens.against))
    return f"{name}-{study.key(STAGES[name][0])}"


def job_key(study: Study, need: str) -> str:
    """Name of the job that computes one of `NEEDS`; how the result is looked at makes no other job."""
    own = {"customers": "customers", "compare": "comparison"}
    return key_of(study, own[need]) if need in own else f"{need}-{study.key('cluster')}"


def run(
    study: Study,
    store: Any,
    need: str = "profile",
    through: Through = no_cache,
    progress: Progress = silent,
    elsewhere: Callable[[str], Through] = keep_nothing,
) -> Results:
    """Run a study in this process.

    Parameters
    ----------
    study : Study
    store : core.io.store.Store
    need : str
        One of `NEEDS`: `customers` for the customer sheet alone, `profile` for the segments, `effects` also
        for what each step of the recipe does to them, `compare` also for other ways to group the customers,
        `quality` for the sheet and the quality report, `data` for all of these but the comparison.
    through : callable
        Keeps the stages' bytes; nothing is kept by default.
    progress : callable
    elsewhere : callable
        The `through` of another data set, by its id: that of the study's reference.

    Raises
    ------
    UserError
        When the study can't be settled: an unknown data set, nobody left, fewer customers than segments.
    """
    wanted = stages_of(study, need)
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
    if "match" in wanted:
        keep = _Keep(ds=dataset.id, through=through, elsewhere=elsewhere)
        results = _named(study, store, results, keep, shares["match"])
    if "comparison" in wanted:
        problem = results.match is not None and results.match.problem
        own = study.alone if problem else study
        results = _beside(own, store, dataset, results, through, shares["comparison"])
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
    weights = {"quality": 1.0, "study": 2.0, "effects": 4.0, "match": 1.0, "comparison": 4.0}
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
    return _segmented(study, _judged(study, prepared, through, progress), through, progress)


def _segmented(study: Study, results: Results, through: Through, progress: Progress) -> Results:
    """Results with a matrix, and everything about its segments."""
    found = _clustered(study, results, through, progress)
    found = _belonging(study, found, through)
    progress("Describing the segments", 0.92)
    return _described(study, found, through)


def _described(study: Study, found: Results, through: Through) -> Results:
    """Results with a clustering, and who its segments are."""
    assert found.matrix is not None and found.clustering is not None
    made = (found.customers, found.matrix, found.clustering)
    return replace(found, profile=_kept(Profile, key_of(study, "profile"), through, lambda: profile(*made)))


def _compared(
    study: Study, store: Any, dataset: Dataset, customers: Customers, through: Through, progress: Progress
) -> Results:
    who = of_study(customers, study.cohort)
    progress("Preparing what customers are compared on", 0.1)

    def make() -> Matrix:
        budget.check(study.cluster, int(who.mask.sum()), width(customers, study.features))
        came = _as_they_came(study, store, dataset, through)
        return matrix(customers, who.mask, study.features, study.clean, came, who.met)

    prepared = _kept(Matrix, key_of(study, "matrix"), through, make)
    return Results(customers=customers, matrix=prepared, notes=who.notes)


def _as_they_came(study: Study, store: Any, dataset: Dataset, through: Through) -> tuple[Compared, ...]:
    """The compared columns before the steps that change rows of the file; none where there are no such."""
    if not any(name in study.changed("clean") for name in OF_ROWS):
        return ()
    other = study.with_(**dict.fromkeys(OF_ROWS))
    plain = _study(other, store, dataset, ("customers",), through, silent).customers
    rows = np.flatnonzero(of_study(plain, study.cohort).mask)
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
    inner = _within(progress, 0.15, 0.92)
    found = _kept(
        Clustering,
        key_of(study, "clustering"),
        through,
        lambda: _grouped(study, customers, prepared, inner),
    )
    notes = all_notes(customers, results.notes, prepared, found)
    return settled(replace(results, clustering=found, notes=notes))


def settled(results: Results) -> Results:
    """Results as they are shown: where there are no clear groups no number of segments is suggested."""
    found = results.clustering
    if found is None:
        return results
    if results.verdict is not None and results.verdict.kind == "none":
        found = without_groups(found)
    return replace(results, clustering=found, stability=found.stability)


def _grouped(study: Study, customers: Customers, prepared: Matrix, progress: Progress) -> Clustering:
    rows, columns = prepared.x.shape
    budget.check(study.cluster, rows, columns, held=prepared.x.nbytes)
    rules = _rules(study, customers, prepared)
    return cluster(prepared, _value(customers, prepared), study.cluster, progress, rules)


def _belonging(study: Study, results: Results, through: Through) -> Results:
    """Results with a clustering, and how well single customers belong to its segments."""
    prepared, found = results.matrix, results.clustering
    assert prepared is not None and found is not None
    x, labels, seed = prepared.x, found.labels[prepared.fitted], study.cluster.seed
    drawn = _kept(Belonging, key_of(study, "belonging"), through, lambda: belonging(x, labels, seed))
    return replace(results, belonging=drawn)


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


def _beside(
    study: Study, store: Any, dataset: Dataset, results: Results, through: Through, progress: Progress
) -> Results:
    """Results with the other ways to group their customers; what these are compared on is made once."""
    plain = replace(results, match=None)  # what they are compared with is no difference between them

    def made(other: Study, progress: Progress) -> tuple[Study, Results]:
        if key_of(other, "matrix") == key_of(study, "matrix"):
            found = _segmented(other, plain, through, progress)
        else:
            found = _study(other, store, dataset, _STUDY, through, progress)
        return resolved(other, found), found

    own = (resolved(study, plain), plain)
    found = _kept(
        Comparison,
        key_of(study, "comparison"),
        through,
        lambda: comparison(study, own, made, progress),
    )
    return replace(results, comparison=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keep:
    """Where the stages of several data sets are kept."""

    ds: str
    through: Through
    elsewhere: Callable[[str], Through]

    def of(self, ds: str) -> Through:
        """The `through` of a data set."""
        return self.through if ds == self.ds else self.elsewhere(ds)


def _named(study: Study, store: Any, results: Results, keep: _Keep, progress: Progress) -> Results:
    """Results with a profile, their segments numbered and named as in the study's reference.

    Why there is no reference to be had is never kept: it may be there the next time.
    """
    try:
        found = _match(study, store, results, keep, progress)
    except UserError as error:
        found = Match(problem=str(error) if study.cluster.ref else "")
    return named(results, found)


def _match(study: Study, store: Any, results: Results, keep: _Keep, progress: Progress) -> Match:
    """The study's segments beside those of its reference, which is run for it as far as it must be."""
    progress("Comparing with the saved segments", 0.1)
    other = named_by(study)
    assert other is not None
    there, here = store.get(other.source.ds), store.get(study.source.ds)
    by_id = there.id == here.id or all(d.kind == "log" or d.table.one("id") for d in (there, here))

    def make() -> Match:
        before = _reference(other, store, there, keep, progress)
        if not study.cluster.ref:
            return _of_first_start(before, results)
        return match(before, results, resolved(other, before).query()[1:], by_id)

    return _kept(Match, key_of(study, "match"), keep.of(here.id), make)


def _reference(other: Study, store: Any, dataset: Dataset, keep: _Keep, progress: Progress) -> Results:
    """A study's segments with the numbers and names that they have there, and nothing else about them."""
    _refuse(dataset)
    through = keep.of(dataset.id)
    customers = _study(other, store, dataset, ("customers",), through, progress).customers
    prepared = _compared(other, store, dataset, customers, through, progress)
    found = _described(other, _clustered(other, prepared, through, progress), through)
    return found if named_by(other) is None else named(found, _match(other, store, found, keep, progress))


def _of_first_start(first: Results, results: Results) -> Match:
    """Numbers and names from the first start, where another gives the same segments; else nothing."""
    found, agreement = match(first, results, ""), effect(first, results).agreement
    same = len(found.then) == len(found.now) and all(now.kept for now in found.now)
    return found if same and agreement is not None and agreement >= SAME_NAMES else Match()


def named(results: Results, found: Match) -> Results:
    """Results with a profile, their segments numbered and named by a match, and all notes."""
    clustering, described, prepared = results.clustering, results.profile, results.matrix
    assert clustering is not None and described is not None and prepared is not None
    if found.now:
        clustering, described = kept(clustering, described, found)
    notes = (*results.notes, *filter(None, [note(found)]))
    return replace(results, match=found, clustering=clustering, profile=described, notes=notes)


def all_notes(
    customers: Customers,
    cohort_notes: tuple[str, ...],
    prepared: Matrix,
    found: Clustering,
    matched: Match | None = None,
) -> tuple[str, ...]:
    """Everything a person should know about a study's results, in the order of the pipeline."""
    compared = [note(matched)] if matched is not None else []
    return (*customers.notes, *cohort_notes, *prepared.notes, *found.notes, *filter(None, compared))


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
    if results.match is not None and results.match.reference:
        values["ref"] = results.match.reference
    if results.comparison is not None:
        values["against"] = [model.settled for model in results.comparison.models[1:]]
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
        give_back()
        return made[0]
    try:
        return decode(kind, data)
    except ValueError:
        return make()


def _within(progress: Progress, low: float, high: float) -> Progress:
    return lambda stage, share: progress(stage, low + (high - low) * share)
