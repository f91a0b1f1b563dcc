"""The one way through the house: from a Study to its results, each stage by its own key."""

from core.pipeline.entitled import called, entitled
from core.pipeline.grouping import ago_of, grouping_of, others_of
from core.pipeline.named import named
from core.pipeline.origins import Origin, origins
from core.pipeline.run import quality_of, run
from core.pipeline.shown import as_shown, in_currency
from core.pipeline.stages import (
    COMPARED_ONLY,
    NEEDS,
    OF_ROWS,
    STAGES,
    Results,
    Through,
    job_key,
    keep_nothing,
    key_of,
    no_cache,
    stages_of,
)
from core.pipeline.study import all_notes, resolved, settled

__all__ = [
    "COMPARED_ONLY",
    "NEEDS",
    "OF_ROWS",
    "STAGES",
    "Origin",
    "Results",
    "Through",
    "ago_of",
    "all_notes",
    "as_shown",
    "called",
    "entitled",
    "grouping_of",
    "in_currency",
    "job_key",
    "keep_nothing",
    "key_of",
    "named",
    "no_cache",
    "origins",
    "others_of",
    "quality_of",
    "resolved",
    "run",
    "settled",
    "stages_of",
]
