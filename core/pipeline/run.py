"""A study run in this process, as far as is asked for."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from core.cluster.contract import Progress, silent
from core.compare import Comparison, comparison
from core.effect import Effects
from core.features.cohort import asks_ago, asks_others
from core.features.spent import NOTHING_SPENT, Spent
from core.io.dataset import Dataset
from core.pipeline.named import Keep, named_by_reference
from core.pipeline.profiles import profiled
from core.pipeline.stages import (
    PROFILES,
    STUDY,
    Results,
    Through,
    keep_nothing,
    key_of,
    no_cache,
    staged,
    stages_of,
    within,
)
from core.pipeline.study import clustered, prepared_of, refuse, resolved, segmented, stages, value_of
from core.quality import Quality, report, with_unusual
from core.spec import Study
from core.trials import effects_of


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
        One of `NEEDS`: `customers` for the customer sheet alone, `months` also for what each customer spent
        month by month, `profile` for the segments, `profiles` also
        for how they differ, what separates them, their rules and where they were before, `effects` for what
        each step of the recipe does to them, `compare` also for other ways to group the customers,
        `quality` for the sheet and the quality report, `data` for all of these but the comparison. The
        comparison is made, too, where the study shows customers by what they are in another model.
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
    if "clustering" in wanted and asks_others(study.lens.show) and "comparison" not in wanted:
        wanted = (*wanted, "comparison")
    if "clustering" in wanted and asks_ago(study.lens.show):
        wanted = tuple(dict.fromkeys((*wanted, *PROFILES)))
    dataset = store.get(study.source.ds)
    refuse(dataset)
    shares = _shares(wanted, progress)
    quality = quality_of(study, store, through, shares["quality"]) if "quality" in wanted else None
    results = stages(study, store, dataset, wanted, through, shares["study"])
    effects = None
    if "spent" in wanted:
        results = _with_spent(study, store, dataset, results, through, shares["study"])
    if "differences" in wanted:
        results = profiled(study, store, dataset, results, through, shares["differences"])

    def regrouped(other: Study, progress: Progress) -> Results:
        return _regrouped(other, store, dataset, results, through, progress)

    if "effects" in wanted:
        effects = staged(
            Effects,
            key_of(study, "effects"),
            through,
            lambda: effects_of(study, results, dataset, regrouped, shares["effects"]),
        )
    if "match" in wanted:
        keep = Keep(ds=dataset.id, through=through, elsewhere=elsewhere)
        results = named_by_reference(study, store, results, keep, shares["match"])
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

    return staged(Quality, key_of(study, "quality"), through, make)


def _with_spent(
    study: Study, store: Any, dataset: Dataset, results: Results, through: Through, progress: Progress
) -> Results:
    """Results with what each customer spent month by month: of a customer table nothing."""
    sheet = results.customers

    def make() -> Spent:
        from core.features.spending import spending

        if sheet.kind != "log":
            return NOTHING_SPENT
        adding = within(progress, 0.1, 1.0)
        return spending(store.engine, dataset, study.source, study.clean, sheet, adding)

    return replace(results, spent=staged(Spent, key_of(study, "spent"), through, make))


def _shares(wanted: tuple[str, ...], progress: Progress) -> dict[str, Progress]:
    """The progress of each part: how much of the whole work it is."""
    weights = {
        "quality": 1.0,
        "study": 2.0,
        "differences": 2.0,
        "effects": 4.0,
        "match": 1.0,
        "comparison": 4.0,
    }
    parts = {part: weights[part] for part in weights if part in wanted or part == "study"}
    shares, begun = {}, 0.0
    for part, weight in parts.items():
        end = begun + weight / sum(parts.values())
        shares[part] = within(progress, begun, end)
        begun = end
    return shares


def _regrouped(
    other: Study, store: Any, dataset: Dataset, results: Results, through: Through, progress: Progress
) -> Results:
    """The other study's clustering: this one's, where the compared numbers are the same."""
    customers = stages(other, store, dataset, ("customers",), through, progress).customers
    after = prepared_of(other, store, dataset, customers, through, progress)
    one, same = results.matrix, after.matrix
    assert one is not None and same is not None
    values = [value_of(r.customers, m) for r, m in ((results, one), (after, same))]
    equal = [(one.rows, same.rows), (one.fitted, same.fitted), (one.x, same.x)]
    if values[0] is not None and values[1] is not None:
        equal.append((values[0], values[1]))
    by_numbers = other.cluster.algorithm != "rules"
    if by_numbers and all(np.array_equal(a, b, equal_nan=True) for a, b in equal):
        return replace(after, clustering=results.clustering)
    return clustered(other, after, through, progress)


def _beside(
    study: Study, store: Any, dataset: Dataset, results: Results, through: Through, progress: Progress
) -> Results:
    """Results with the other ways to group their customers; what these are compared on is made once."""
    plain = replace(results, match=None)  # what they are compared with is no difference between them

    def made(other: Study, progress: Progress) -> tuple[Study, Results]:
        if key_of(other, "matrix") == key_of(study, "matrix"):
            found = segmented(other, plain, through, progress)
        else:
            found = stages(other, store, dataset, STUDY, through, progress)
        return resolved(other, found), found

    own = (resolved(study, plain), plain)
    found = staged(
        Comparison,
        key_of(study, "comparison"),
        through,
        lambda: comparison(study, own, made, progress),
    )
    return replace(results, comparison=found)
