"""The stages of one study, each from the ones before."""

from dataclasses import replace
from typing import Any

import numpy as np

from core.choose import Clustering, cluster, without_groups
from core.clean import Compared
from core.cluster import budget
from core.cluster.contract import Progress, Rules, silent
from core.cluster.rules import rules_of
from core.features.cohort import of_study
from core.features.compared import compared, width
from core.features.customers import Customers
from core.features.matrix import Matrix, matrix
from core.groups import Verdict, verdict
from core.io.dataset import Dataset
from core.match import Match, note
from core.pipeline.stages import OF_ROWS, Results, Through, key_of, staged, within
from core.profile import Profile, profile
from core.silhouette import Belonging, belonging
from core.spec import Study


def stages(
    study: Study, store: Any, dataset: Dataset, wanted: tuple[str, ...], through: Through, progress: Progress
) -> Results:
    """The stages of one study, up to the last that is wanted."""
    progress("Reading the data", 0.02)
    reading = within(progress, 0.02, 0.1)
    customers = staged(
        Customers, key_of(study, "customers"), through, lambda: _sheet(study, store, dataset, reading)
    )
    if "matrix" not in wanted:
        return Results(customers=customers)
    prepared = prepared_of(study, store, dataset, customers, through, progress)
    return segmented(study, judged(study, prepared, through, progress), through, progress)


def segmented(study: Study, results: Results, through: Through, progress: Progress) -> Results:
    """Results with a matrix, and everything about its segments."""
    found = clustered(study, results, through, progress)
    found = _belonging(study, found, through)
    progress("Describing the segments", 0.92)
    return described(study, found, through)


def described(study: Study, found: Results, through: Through) -> Results:
    """Results with a clustering, and who its segments are."""
    assert found.matrix is not None and found.clustering is not None
    made = (found.customers, found.matrix, found.clustering)
    return replace(found, profile=staged(Profile, key_of(study, "profile"), through, lambda: profile(*made)))


def prepared_of(
    study: Study, store: Any, dataset: Dataset, customers: Customers, through: Through, progress: Progress
) -> Results:
    """Results with a customer sheet, and what its customers are compared on."""
    who = of_study(customers, study.cohort)
    progress("Preparing what customers are compared on", 0.1)

    def make() -> Matrix:
        budget.check(study.cluster, int(who.mask.sum()), width(customers, study.features))
        came = _as_they_came(study, store, dataset, through)
        return matrix(customers, who.mask, study.features, study.clean, came, who.met)

    prepared = staged(Matrix, key_of(study, "matrix"), through, make)
    return Results(customers=customers, matrix=prepared, notes=who.notes)


def _as_they_came(study: Study, store: Any, dataset: Dataset, through: Through) -> tuple[Compared, ...]:
    """The compared columns before the steps that change rows of the file; none where there are no such."""
    if not any(name in study.changed("clean") for name in OF_ROWS):
        return ()
    other = study.with_(**dict.fromkeys(OF_ROWS))
    plain = stages(other, store, dataset, ("customers",), through, silent).customers
    rows = np.flatnonzero(of_study(plain, study.cohort).mask)
    return compared(plain, rows, study.features)[0]


def judged(study: Study, results: Results, through: Through, progress: Progress) -> Results:
    """Results with a matrix, and whether there are groups in it."""
    progress("Asking whether there are groups at all", 0.12)
    prepared = results.matrix
    assert prepared is not None
    found = staged(Verdict, key_of(study, "verdict"), through, lambda: verdict(prepared.x, prepared.names, 0))
    return replace(results, verdict=found)


def clustered(study: Study, results: Results, through: Through, progress: Progress) -> Results:
    """Results with a matrix and the notes on the cohort, and their clustering and all notes."""
    customers, prepared = results.customers, results.matrix
    assert prepared is not None
    inner = within(progress, 0.15, 0.92)
    found = staged(
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
    by_rules = rules(study, customers, prepared)
    return cluster(prepared, value_of(customers, prepared), study.cluster, progress, by_rules)


def _belonging(study: Study, results: Results, through: Through) -> Results:
    """Results with a clustering, and how well single customers belong to its segments."""
    prepared, found = results.matrix, results.clustering
    assert prepared is not None and found is not None
    x, labels, seed = prepared.x, found.labels[prepared.fitted], study.cluster.seed
    drawn = staged(Belonging, key_of(study, "belonging"), through, lambda: belonging(x, labels, seed))
    return replace(results, belonging=drawn)


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


def refuse(dataset: Dataset) -> None:
    """Refuse a data set whose roles make no study possible.

    Raises
    ------
    UserError
    """
    from core.io.meaning.roles import problem

    found = problem(dataset)
    if found is not None:
        raise found


def _sheet(study: Study, store: Any, dataset: Dataset, progress: Progress) -> Customers:
    from core.features.sheet import customer_sheet

    return customer_sheet(store.engine, dataset, study.source, study.clean, progress)


def value_of(customers: Customers, prepared: Matrix) -> np.ndarray | None:
    """Spend of the study's customers, by which segments are numbered; None without money."""
    return customers.number("monetary")[prepared.rows] if customers.has("monetary") else None


def rules(study: Study, customers: Customers, prepared: Matrix) -> Rules | None:
    """What the RFM rules say of the customers, where these are the method."""
    if study.cluster.algorithm != "rules":
        return None
    return rules_of(customers, prepared.rows[prepared.fitted])
