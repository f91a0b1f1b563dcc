"""What the worker's child runs: a study, or the reading of an upload. Ids and queries in, bytes out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from core import pipeline
from core.codec import encode
from core.io.store import Store
from core.spec import Study
from webapp.cache import open_door
from webapp.settings import Settings

Progress = Callable[[str, float], None]


def study(payload: dict[str, Any], progress: Progress) -> bytes:
    """Run a study; its stages go to the cache, and the whole result is returned for the hand-over."""
    settings = Settings.from_env()
    door = open_door(settings)
    results = pipeline.run(
        Study.parse(payload["query"]), Store(settings.data_dir), payload["need"], door.through, progress
    )
    return encode(results)


def read(payload: dict[str, Any], progress: Progress) -> bytes:
    """Read an upload into the store and return the id of its data set; the inbox file is then gone."""
    settings = Settings.from_env()
    path = settings.data_dir / "inbox" / Path(payload["file"]).name
    try:
        added = Store(settings.data_dir).add(path, filename=payload["filename"], progress=progress)
    finally:
        path.unlink(missing_ok=True)
    return added.id.encode()
