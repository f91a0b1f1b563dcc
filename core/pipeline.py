"""The one way through the house: from a Study to its results, each stage by its own key."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np

from core.choose import Clustering, cluster
from core.cluster.contract import Progress, silent
from core.codec import decode, encode
from core.features.cohort import included
from core.features.customers import Customers, LedgerRow
from core.features.matrix import Matrix, matrix
from core.io.dataset import Dataset
from core.profile import Profile, profile
from core.spec import Study

Through = Callable[[str, Callable[[], bytes]], bytes]
"""`through(key, make)` gives the bytes kept under a key, or makes and keeps them."""

T = TypeVar("T")
STAGES_OF: Final = ("customers", "matrix", "clustering", "profile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a study comes to. The later three are None where only the customer sheet was asked for."""

    customers: Customers
    matrix: Matrix | None = None
    clustering: Clustering | None = None
    profile: Profile | None = None
    notes: tuple[str, ...] = ()

    @property
    def ledger(self) -> tuple[LedgerRow, ...]:
        """The whole way from the file to the segmented customers."""
        return (*self.customers.ledger, *(self.matrix.ledger if self.matrix else ()))


def no_cache(key: str, make: Callable[[], bytes]) -> bytes:
    """A `Through` that keeps nothing."""
    return make()


def key_of(study: Study, stage: str) -> str:
    """Cache key of one of `customers`, `matrix`, `clustering`, `profile`."""
    part = {"customers": "clean", "matrix": "features", "clustering": "cluster", "profile": "cluster"}[stage]
    return f"{stage}-{study.key(part)}"


def run(
    study: Study, store: Any, need: str = "profile", through: Through = no_cache, progress: Progress = silent
) -> Results:
    """Run a study in this process.

    Parameters
    ----------
    study : Study
    store : core.io.store.Store
    need : str
        `customers` for the customer sheet alone, `profile` for everything.
    through : callable
        Keeps the stages' bytes; nothing is kept by default.
    progress : callable

    Raises
    ------
    UserError
        When the study can't be settled: an unknown data set, nobody left, fewer customers than segments.
    """
    dataset = store.get(study.source.ds)
    _refuse(dataset)
    progress("Reading the data", 0.02)
    customers = _kept(Customers, key_of(study, "customers"), through, lambda: _sheet(study, store, dataset))
    if need == "customers":
        return Results(customers=customers)
    mask, notes = included(customers, study.cohort.where)
    progress("Preparing what customers are compared on", 0.1)
    prepared = _kept(
        Matrix, key_of(study, "matrix"), through, lambda: matrix(customers, mask, study.features, study.clean)
    )
    inner = _within(progress, 0.15, 0.9)
    found = _kept(
        Clustering,
        key_of(study, "clustering"),
        through,
        lambda: cluster(prepared, _value(customers, prepared), study.cluster, inner),
    )
    progress("Describing the segments", 0.92)
    profiled = _kept(Profile, key_of(study, "profile"), through, lambda: profile(customers, prepared, found))
    return Results(
        customers=customers,
        matrix=prepared,
        clustering=found,
        profile=profiled,
        notes=all_notes(customers, notes, prepared, found),
    )


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
        else:
            values["k"] = results.clustering.k
    return study.with_(**values)


def _refuse(dataset: Dataset) -> None:
    from core.io.roles import problem

    found = problem(dataset)
    if found is not None:
        raise found


def _sheet(study: Study, store: Any, dataset: Dataset) -> Customers:
    from core.features.sheet import customer_sheet

    return customer_sheet(store.engine, dataset, study.source, study.clean)


def _value(customers: Customers, prepared: Matrix) -> np.ndarray | None:
    return customers.number("monetary")[prepared.rows] if customers.has("monetary") else None


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
