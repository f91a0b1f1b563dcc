"""A study run and reported on, with all that its data set's settings and its team add."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from core.cluster.contract import Progress, silent
from core.pipeline import Through, as_shown, keep_nothing, no_cache
from core.pipeline.stages import within
from core.report.page import report
from core.report.told import About
from core.spec import Study

RUNNING = 0.8
"""How much of the work the study is, as far as progress goes."""


def report_of(
    study: Study,
    store: Any,
    made: dt.date | None = None,
    address: str = "",
    through: Through = no_cache,
    progress: Progress = silent,
    elsewhere: Callable[[str], Through] = keep_nothing,
) -> str:
    """The report of a study as one HTML file.

    Parameters
    ----------
    store : core.io.store.Store
    made : date, optional
        The day it says it was made.
    address : str
        Where its page is, without the query; the report then links to it.
    through, progress, elsewhere
        As of `core.pipeline.run`.
    """
    running = within(progress, 0.0, RUNNING)
    results = as_shown(study, store, "profiles", through, running, elsewhere)
    ds = study.source.ds
    about = About(
        name=store.get(ds).name,
        display=store.display(ds),
        made=made,
        address=address,
        edits=store.kept.actions(ds),
    )
    return report(study, results, about, within(progress, RUNNING, 1.0))
