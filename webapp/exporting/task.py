"""A list that was asked for in the dialog, written by the worker."""

import json
from typing import Any

import numpy as np

from core import pipeline
from core.child import Progress
from core.io.store import Store
from core.pipeline import Results
from core.spec import Study
from core.takeaway import Listed
from core.takeaway.choices import Choices
from core.takeaway.take import take
from webapp import exports, inbox
from webapp.cache import open_door
from webapp.exporting.names import named, stem
from webapp.selection import rows_shown, shown
from webapp.settings import Settings


def written(payload: dict[str, Any], progress: Progress) -> bytes:
    """Write the list that a payload of the dialog describes, and return what to say of it as JSON."""
    settings = Settings.from_env()
    choices = _choices(settings, payload)
    try:
        return _written(settings, payload, choices, progress)
    finally:
        if choices.leave_out is not None:
            choices.leave_out.unlink(missing_ok=True)


def _written(settings: Settings, payload: dict[str, Any], choices: Choices, progress: Progress) -> bytes:
    study = _study(payload)
    store, door = Store(settings.data_dir), open_door(settings)
    through = door.of(study.source.ds).through
    results = pipeline.as_shown(
        study, store, "profile", through, _begins(progress), lambda ds: door.of(ds).through
    )
    dataset, (listed, at) = store.get(study.source.ds), _listed(study, results, payload["everybody"])
    path = exports.file_of(settings, dataset.id, payload["key"], choices.form)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = exports.part_of(path)
    try:
        made = take(part, listed, at, choices, (store.engine, dataset, study.clean), progress)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    begins = stem(study, listed.names, results.customers.as_of)
    told = {
        "ds": dataset.id,
        "form": choices.form,
        "name": named(begins, str(made.exported), ending=choices.form),
        "said": made.sentence,
        "notes": made.notes,
    }
    return json.dumps(told).encode()


def _listed(study: Study, results: Results, everybody: bool) -> tuple[Listed, np.ndarray]:
    """The customers, and the places of those who were asked for."""
    if study.lens.segment or not everybody:  # whom cleaning left out has no segment
        return Listed.of(results), np.flatnonzero(shown(results, study, study.lens.segment))
    listed = Listed.everybody(results, study)
    assert listed.rows is not None
    return listed, np.searchsorted(listed.rows, rows_shown(results, study))


def _study(payload: dict[str, Any]) -> Study:
    """The study of the page; everybody of it but for who was asked for as shown."""
    study = Study.parse(payload["query"]).with_(segment=payload["segment"])
    return study if payload["who"] == "shown" else study.with_(show=[], label="all")


def _choices(settings: Settings, payload: dict[str, Any]) -> Choices:
    held = payload["held"] or "0"
    return Choices(
        purpose=payload["purpose"] or "list",
        form=payload["form"] or "csv",
        columns=tuple(dict.fromkeys(payload["columns"])),
        personal=tuple(dict.fromkeys(payload["personal"])),
        consent=payload["consent"],
        held=int(held) if held.isascii() and held.isdigit() else -1,
        marked=payload["control"] == "marked",
        leave_out=inbox.folder(settings) / payload["file"] if payload["file"] else None,
    )


def _begins(progress: Progress) -> Progress:
    """The first tenth of the work: mostly the study is there already."""
    return lambda stage, share: progress(stage, share / 10)
