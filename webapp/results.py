"""A study's results for a page: from the cache, else from a job; never computed in a web process."""

from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from core import codec
from core.change import Change
from core.compare import Comparison
from core.errors import UserError
from core.features.cohort import asks_ago, asks_others, included
from core.io.meaning.roles import problem
from core.io.store import Store
from core.pipeline import STAGES, Results, all_notes, entitled, job_key, key_of, named, settled, stages_of
from core.spec import Study
from webapp.cache import Door, open_door
from webapp.jobs import Job, Jobs
from webapp.settings import Settings

PATIENCE: Final = 0.45
"""Seconds a request waits for a job before it shows progress."""

T = TypeVar("T")


class Pending(Exception):
    """The result is being computed; `job` says how far it is."""

    def __init__(self, job: Job) -> None:
        super().__init__(job.key)
        self.job = job


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the pages need from outside: made once per app, and opened by each process when first used."""

    settings: Settings
    store: Store
    jobs: Jobs
    door: Door

    @classmethod
    def of(cls, settings: Settings) -> "Services":
        """The services over a data directory."""
        return cls(
            settings=settings, store=Store(settings.data_dir), jobs=Jobs(settings), door=open_door(settings)
        )

    def results(self, study: Study, need: str, patience: float | None = None, fresh: bool = True) -> Results:
        """The results of a study.

        Parameters
        ----------
        need : str
            One of `core.pipeline.NEEDS`.
        patience : float, optional
            Seconds to wait for a job; `PATIENCE` where it is not given.
        fresh : bool
            Whether a job that has failed is tried anew; else its error is raised.

        Raises
        ------
        Pending
            When the job is not over within `patience`.
        UserError
            When the study can't be settled.
        """
        refusal = problem(self.store.get(study.source.ds))
        if refusal is not None:
            raise refusal
        found = self._cached(study, need) or self._computed(study, need, _patience(patience), fresh)
        if found.clustering is not None and found.comparison is None and asks_others(study.lens.show):
            found = replace(found, comparison=self.comparison(study, patience, fresh))
        if found.clustering is not None and found.change is None and asks_ago(study.lens.show):
            found = replace(found, change=self.change(study, patience, fresh))
        return entitled(study, found, self.store.kept.given)

    def comparison(
        self, study: Study, patience: float | None = None, fresh: bool = True
    ) -> Comparison | None:
        """The other ways to group the customers that a study is compared with; raises as `results` does."""
        found: Comparison | None = self._stage(study, "comparison")
        return found or self._computed(study, "compare", _patience(patience), fresh).comparison

    def change(self, study: Study, patience: float | None = None, fresh: bool = True) -> Change | None:
        """Where the customers of a study were 30 days ago; raises as `results` does."""
        found: Change | None = self._stage(study, "change")
        return found or self._computed(study, "profiles", _patience(patience), fresh).change

    def _stage(self, study: Study, name: str) -> Any:
        """One of `STAGES` as it is kept, else None."""
        data = self.door.of(study.source.ds).get(key_of(study, name))
        return None if data is None else _decoded(STAGES[name][1], data)

    def kept_stamp(self) -> str:
        """A text that changes with every name, colour, note, action and saved view that a team keeps."""
        return self.store.kept.stamp()

    def grouped(self, study: Study) -> Results | None:
        """The customers and segments of a study where they are kept; nothing is computed."""
        return self._kept(study, ("customers", "matrix", "clustering"))

    def _cached(self, study: Study, need: str) -> Results | None:
        return self._kept(study, stages_of(study, need)) if self.comparable(study) else None

    def comparable(self, study: Study) -> bool:
        """Whether the data set of the study's reference is still here; without a reference it is."""
        try:
            return study.reference is None or bool(self.store.get(study.reference.source.ds))
        except UserError:
            return False

    def _kept(self, study: Study, names: tuple[str, ...]) -> Results | None:
        found: dict[str, Any] = {}
        for name in names:
            stage = self._stage(study, name)
            if stage is None:
                return None
            found[name] = stage
        results = settled(Results(**found))
        return _with_notes(study, results if results.match is None else named(results, results.match))

    def _computed(self, study: Study, need: str, patience: float, fresh: bool) -> Results:
        key = job_key(study, need)
        handed = self._handed_over(key)
        if handed is not None:
            return _with_notes(study, handed)
        job = self.jobs.status(key)
        if job is None or (job.over and (fresh or job.state not in ("failed", "cancelled"))):
            job = self.jobs.submit("study", key, {"query": study.query(), "need": need}, study.source.ds)
        job = self.jobs.wait(key, patience) or job
        if job.state == "failed":
            raise UserError(job.message, job.hint, job.offer)
        if job.state == "cancelled":
            raise UserError("This was cancelled.", "Reload the page to compute it after all.")
        handed = self._handed_over(key)
        if handed is None:
            raise Pending(job)
        return _with_notes(study, handed)

    def _handed_over(self, key: str) -> Results | None:
        """What a job left for us: the answer does not depend on the cache."""
        job = self.jobs.status(key)
        data = self.jobs.result(key) if job is not None and job.state == "done" else None
        return None if data is None else _decoded(Results, data)


def _decoded(kind: type[T], data: bytes) -> T | None:
    try:
        return codec.decode(kind, data)
    except (ValueError, KeyError, IndexError, TypeError):
        return None


def _with_notes(study: Study, found: Results) -> Results:
    _, notes = included(found.customers, study.cohort.where)
    if found.matrix is None or found.clustering is None:
        return replace(found, notes=(*found.customers.notes, *notes))
    said = all_notes(found.customers, notes, found.matrix, found.clustering, found.match)
    return replace(found, notes=said)


def _patience(seconds: float | None) -> float:
    return PATIENCE if seconds is None else seconds
