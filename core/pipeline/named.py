"""A study's segments with the numbers and names of its reference."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from core.choose import SAME_NAMES
from core.cluster.contract import Progress
from core.effect import effect
from core.errors import UserError
from core.io.dataset import Dataset
from core.match import Match, kept, match, note
from core.pipeline.origins import origins
from core.pipeline.stages import Results, Through, key_of, named_by, staged
from core.pipeline.study import clustered, described, prepared_of, refuse, resolved, stages
from core.spec import Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Where the stages of several data sets are kept."""

    ds: str
    through: Through
    elsewhere: Callable[[str], Through]

    def of(self, ds: str) -> Through:
        """The `through` of a data set."""
        return self.through if ds == self.ds else self.elsewhere(ds)


def named_by_reference(study: Study, store: Any, results: Results, keep: Keep, progress: Progress) -> Results:
    """Results with a profile, their segments numbered and named as in the study's reference.

    Why there is no reference to be had is never kept: it may be there the next time.
    """
    try:
        found = _match(study, store, results, keep, progress)
    except UserError as error:
        found = Match(problem=str(error) if study.cluster.ref else "")
    return named(results, found)


def _match(study: Study, store: Any, results: Results, keep: Keep, progress: Progress) -> Match:
    """The study's segments beside those of its reference, which is run for it as far as it must be."""
    progress("Comparing with the saved segments", 0.1)
    other = named_by(study)
    assert other is not None
    there, here = store.get(other.source.ds), store.get(study.source.ds)
    by_id = there.id == here.id or all(d.kind == "log" or d.table.one("id") for d in (there, here))

    def make() -> Match:
        before = reference(other, store, there, keep, progress)
        if not study.cluster.ref:
            return _begun(_of_first_start(before, results), other, before)
        return _begun(match(before, results, resolved(other, before).query()[1:], by_id), other, before)

    return staged(Match, key_of(study, "match"), keep.of(here.id), make)


def reference(other: Study, store: Any, dataset: Dataset, keep: Keep, progress: Progress) -> Results:
    """A study's segments with the numbers and names that they have there, and nothing else about them."""
    refuse(dataset)
    through = keep.of(dataset.id)
    customers = stages(other, store, dataset, ("customers",), through, progress).customers
    prepared = prepared_of(other, store, dataset, customers, through, progress)
    found = described(other, clustered(other, prepared, through, progress), through)
    return found if named_by(other) is None else named(found, _match(other, store, found, keep, progress))


def _of_first_start(first: Results, results: Results) -> Match:
    """Numbers and names from the first start, where another gives the same segments; else nothing."""
    found, agreement = match(first, results, ""), effect(first, results).agreement
    same = len(found.then) == len(found.now) and all(now.kept for now in found.now)
    return found if same and agreement is not None and agreement >= SAME_NAMES else Match()


def _begun(found: Match, other: Study, before: Results) -> Match:
    """A match with the origins of the reference's segments."""
    there = origins(other, before)
    return replace(found, then=tuple(replace(then, origin=there[then.number]) for then in found.then))


def named(results: Results, found: Match) -> Results:
    """Results with a profile, their segments numbered and named by a match, and all notes."""
    clustering, described, prepared = results.clustering, results.profile, results.matrix
    assert clustering is not None and described is not None and prepared is not None
    if found.now:
        clustering, described = kept(clustering, described, found)
    notes = (*results.notes, *filter(None, [note(found)]))
    return replace(results, match=found, clustering=clustering, profile=described, notes=notes)
