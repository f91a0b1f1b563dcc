"""A data set deleted with all that derives from it: jobs, what they returned, the cache, lists."""

from __future__ import annotations

from core.io.store import Store
from core.spec import DEMO
from webapp import exports, rolls
from webapp.cache import Door, mark_of
from webapp.jobs import Jobs
from webapp.settings import Settings


def delete(settings: Settings, store: Store, jobs: Jobs, door: Door, ds: str) -> None:
    """Delete the data set that `ds` is a version of, with everything that was made of any of its versions.

    A job that runs for it is cancelled first; what that job still writes is removed when it has ended.

    Raises
    ------
    UserError
        When there is no such data set, or it is the demo.
    """
    for version in () if store.is_demo(ds) else store.versions(ds):
        jobs.cancel_of(version.id)
    for gone in store.delete(ds):
        jobs.forget(gone)
        door.forget(mark_of(gone))
        exports.forget(settings, mark_of(gone))
        rolls.forget(settings, mark_of(gone))


def sweep(settings: Settings, store: Store, jobs: Jobs, door: Door) -> None:
    """Remove what is left of data sets that are not here any more, whoever deleted them.

    What was made is looked at before what is there: a data set comes first, then what is made of it.
    """
    asked, kept = jobs.data_sets(), door.marks() | exports.marks(settings) | rolls.marks(settings)
    here = store.ids() | {DEMO}
    for ds in asked - here:
        jobs.forget(ds)
    for mark in kept - {mark_of(ds) for ds in here}:
        door.forget(mark)
        exports.forget(settings, mark)
        rolls.forget(settings, mark)
