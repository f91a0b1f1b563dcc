"""Where each segment of a study began: by this, what a team gives a segment stays with it."""

from dataclasses import fields, replace
from typing import Final

from core.cluster import ALGORITHMS
from core.pipeline.stages import Results
from core.pipeline.study import resolved
from core.spec import Cluster, Lens, Study

Origin = tuple[str, int]
"""The query of the study in which a segment began, and its number there."""

_OF_NUMBER: Final = ("kmeans", "hierarchical", "mixture")
"""Methods that are told the number of segments; for others the smallest allowed decides."""


def origins(study: Study, results: Results) -> dict[int, Origin]:
    """The origin of each segment, by the number that it has here; “No segment” has none.

    Parameters
    ----------
    study : Study
    results : Results
        With its profile, and its match where there is a reference. A segment that the reference has began
        where it began there; any other one in the study itself, under the number that it has without a
        reference.
    """
    assert results.profile is not None
    found, own = results.match, _query(study, results)
    if found is None or not found.now:
        return {s.number: (own, s.number) for s in results.profile.segments if s.number}
    there = {then.number: then.origin for then in found.then}
    return {now.number: there[now.number] if now.kept else (own, at) for at, now in enumerate(found.now, 1)}


def _query(study: Study, results: Results) -> str:
    """What makes the study's segments, automatic values written out, and nothing that does not."""
    settled = resolved(study.alone, replace(results, match=None, comparison=None))
    algorithm = settled.cluster.algorithm
    decides = "k" if algorithm in _OF_NUMBER else "min_share"
    used = {"algorithm", decides, *ALGORITHMS[algorithm].params}
    idle = {f.name: None for f in fields(Cluster) if f.name not in used}
    return replace(settled, lens=Lens()).with_(**idle).query()[1:]
