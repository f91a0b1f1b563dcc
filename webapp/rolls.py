"""The rolls of studies: files that the worker writes, mapped by every process that lists customers."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np

from core.errors import UserError
from core.features.cohort import asks_ago, asks_others
from core.io.meaning.roles import problem
from core.pipeline import Results, ago_of, entitled, job_key, key_of, others_of
from core.roll import LEFT_OUT, Roll, Written, read, write
from core.roll.outline import outlined_comparison
from core.spec import Study
from webapp.cache import MARK_DIGITS, mark_of
from webapp.results import PATIENCE, Pending, Services
from webapp.settings import Settings

KEPT_SECONDS: Final = 30 * 86_400
STRAY_SECONDS: Final = 3600
KEPT_OPEN: Final = 4


def roll(services: Services, study: Study, patience: float = PATIENCE) -> Roll:
    """A study's roll, from its file; a file that is not there, or is damaged, is written by a job.

    Raises
    ------
    Pending
        When the job is not over within `patience` seconds.
    UserError
        When the study can't be settled, or its roll can't be written.
    """
    file = name(services, study)
    found = _OPEN.roll(folder(services.settings), file)
    if found is not None:
        return _beside(services, study, found, patience)
    services.store.get(study.source.ds)
    key = f"roll-{file}"
    job = services.jobs.submit("roll", key, {"query": study.query(), "roll": file}, study.source.ds)
    job = services.jobs.wait(key, patience) or job
    if job.state in ("failed", "cancelled"):
        raise UserError(job.message or "This was cancelled.", job.hint or "Reload the page to try again.")
    if not job.over:
        raise Pending(job)
    found = _OPEN.roll(folder(services.settings), file)
    if found is None:
        raise UserError(
            "The list of customers can't be kept.", "Ask whoever runs this app to make room on the disk."
        )
    return _beside(services, study, found, patience)


def outline(services: Services, study: Study, fresh: bool = True) -> Results:
    """A study's results for a page about one customer, under the names that the team has given.

    They are those of the roll, which hold nobody: no stage is read for them. Where there is no roll, or the
    data set of the study's reference is gone, they are those of the stages.

    Raises
    ------
    Pending, UserError
        As `Services.results` does.
    """
    found = kept(services, study) if services.comparable(study) else None
    if found is None:
        return services.results(study, "profile", fresh=fresh)
    refusal = problem(services.store.get(study.source.ds))
    if refusal is not None:
        raise refusal
    seen = found.outline
    if asks_others(study.lens.show):
        seen = replace(seen, comparison=outlined_comparison(services.comparison(study, fresh=fresh)))
    return entitled(study, seen, services.store.kept.given)


def kept(services: Services, study: Study) -> Roll | None:
    """A study's roll where its file is there; nothing is written for it."""
    found = _OPEN.roll(folder(services.settings), name(services, study))
    return None if found is None else _beside(services, study, found, PATIENCE)


def _beside(services: Services, study: Study, found: Roll, patience: float) -> Roll:
    """A roll that knows the other models, and 30 days ago, where the study shows customers by these."""
    show, labels = study.lens.show, found.labels
    rows = np.flatnonzero(labels != LEFT_OUT)
    if asks_others(show):
        comparison = services.comparison(study, patience)
        found = replace(found, others=lambda: others_of(comparison, labels[rows], labels.size, rows))
    if asks_ago(show):
        change, profile = services.change(study, patience), found.outline.profile
        found = replace(found, ago=lambda: ago_of(change, profile, labels[rows], labels.size, rows))
    return found


def keep(settings: Settings, name: str, study: Study, results: Results) -> None:
    """Write a study's roll under its name; a disk that is full costs nothing but the time to try again."""
    with suppress(OSError):
        write(folder(settings), name, key_of(study, "customers"), study, results)


def name_of(study: Study) -> str:
    """The name of the file of a study's roll: it depends on all that the segments do."""
    key = job_key(study, "profile")
    return f"{mark_of(study.source.ds)}-{sha256(key.encode()).hexdigest()[:32]}.arrow"


def folder(settings: Settings) -> Path:
    """Folder of the rolls."""
    return settings.data_dir / "rolls"


def marks(settings: Settings) -> frozenset[str]:
    """The marks of the data sets of which a roll is here."""
    return frozenset(path.name[:MARK_DIGITS] for path in folder(settings).glob("*-*.arrow*"))


def forget(settings: Settings, mark: str) -> None:
    """Remove every roll of the data set with this mark."""
    for path in folder(settings).glob(f"{mark}-*"):
        path.unlink(missing_ok=True)


def sweep(settings: Settings, *, idle: bool = False) -> None:
    """Remove rolls that nobody has opened for a month, and the longest unused beyond `CACHE_MB` in all.

    What broke off goes after an hour, or where no job runs (`idle`).
    """
    now, found = time.time(), []
    for path in folder(settings).glob("*"):
        with suppress(OSError):
            status = path.stat()
            age = now - status.st_mtime
            whole = path.suffix == ".arrow"
            if age > KEPT_SECONDS or (not whole and (idle or age > STRAY_SECONDS)):
                path.unlink()
            elif whole:
                found.append((age, status.st_size, path))
    room = settings.cache_mb * 1024**2
    for _, size, path in sorted(found):
        room -= size
        if room < 0:
            path.unlink(missing_ok=True)


def name(services: Services, study: Study) -> str:
    """The name of a study's roll as things are: a reference whose data set is gone gives no names."""
    reference = study.reference
    if reference is not None:
        try:
            services.store.get(reference.source.ds)
        except UserError:
            return name_of(study.alone)
    return name_of(study)


_Stamp = tuple[tuple[int, int], ...]


@dataclass(slots=True)
class _Open:
    """The rolls that this process has mapped last, while their files are the same."""

    kept: OrderedDict[Path, tuple[_Stamp, Written, Roll]] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def roll(self, home: Path, name: str) -> Roll | None:
        """The roll of this name as it is now, None where it is not there or damaged."""
        path = home / name
        with self.lock:
            found = self.kept.pop(path, None)
            if found is None or found[0] != _stamp(home, found[1]):
                try:
                    made, written = read(home, name)
                except ValueError:
                    return None
                found = (_stamp(home, written), written, made)
            self.kept[path] = found
            while len(self.kept) > KEPT_OPEN:
                self.kept.popitem(last=False)
        _used(home, found[1])
        return found[2]


_OPEN: Final = _Open()


def _stamp(home: Path, written: Written) -> _Stamp:
    """What tells one file from another of the same name; its time of use does not."""
    found = []
    for name in (written.roll, written.sheet):
        try:
            status = (home / name).stat()
        except OSError:
            return ()
        found.append((status.st_ino, status.st_size))
    return tuple(found)


def _used(home: Path, written: Written) -> None:
    """The files are young again: a sweep takes others first."""
    for name in (written.roll, written.sheet):
        with suppress(OSError):
            os.utime(home / name)
