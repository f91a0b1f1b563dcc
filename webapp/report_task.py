"""A report or a notebook of a study, written by the worker to a file for its reading."""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from core.child import Progress
from core.io.store import Store
from core.spec import Study
from webapp import exports
from webapp.cache import open_door
from webapp.settings import Settings

ENDINGS: Final = {"report": "html", "notebook": "ipynb"}
"""What can be written -> the ending of its file."""


def written(payload: dict[str, Any], progress: Progress) -> bytes:
    """Write what a payload asks for (`what`, `query`, `key`, `made`, `address`); nothing is returned."""
    settings = Settings.from_env()
    os.environ.setdefault("MPLCONFIGDIR", str(settings.data_dir / "matplotlib"))  # its list of fonts
    study, store = Study.parse(payload["query"]), Store(settings.data_dir)
    text = MAKERS[payload["what"]](settings, store, study, payload, progress)
    _keep(exports.file_of(settings, study.source.ds, payload["key"], ENDINGS[payload["what"]]), text)
    return b""


def _report(
    settings: Settings, store: Store, study: Study, payload: dict[str, Any], progress: Progress
) -> str:
    from core.report import report_of

    door = open_door(settings)
    return report_of(
        study,
        store,
        made=dt.date.fromisoformat(payload["made"]),
        address=payload["address"],
        through=door.of(study.source.ds).through,
        progress=progress,
        elsewhere=lambda ds: door.of(ds).through,
    )


def _notebook(
    settings: Settings, store: Store, study: Study, payload: dict[str, Any], progress: Progress
) -> str:
    from core.notebook import notebook_of

    door = open_door(settings)
    through = door.of(study.source.ds).through
    return notebook_of(study, store, through, progress, lambda ds: door.of(ds).through)


MAKERS: Final[dict[str, Callable[[Settings, Store, Study, dict[str, Any], Progress], str]]] = {
    "report": _report,
    "notebook": _notebook,
}


def _keep(path: Path, text: str) -> None:
    """The file, complete or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = exports.part_of(path)
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
