"""A study's results as pages show them: under the names that a team has given, in its currency."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from core.cluster.contract import Progress, silent
from core.io.settings import Display
from core.pipeline.entitled import entitled
from core.pipeline.run import run
from core.pipeline.stages import Results, Through, keep_nothing, no_cache
from core.spec import Study


def in_currency(results: Results, display: Display) -> Results:
    """The results with the currency sign of the data set's settings."""
    customers = results.customers
    return replace(results, customers=replace(customers, currency=display.sign(customers.currency)))


def as_shown(
    study: Study,
    store: Any,
    need: str = "profile",
    through: Through = no_cache,
    progress: Progress = silent,
    elsewhere: Callable[[str], Through] = keep_nothing,
) -> Results:
    """Run a study in this process; parameters and errors as of `core.pipeline.run`."""
    found = entitled(study, run(study, store, need, through, progress, elsewhere), store.kept.given)
    return in_currency(found, store.display(study.source.ds))
