"""Whole views as they were last made: what a page shows of a study, kept as the JSON that a browser gets."""

import functools
import hashlib
import importlib.metadata
import json
from dataclasses import dataclass, replace
from typing import Any

from plotly.io.json import to_json_plotly

from core.io.dataset import Dataset
from core.io.settings import Display
from core.pipeline import Results
from core.spec import Study
from webapp.explained import with_terms
from webapp.results import Services
from webapp.settings import ROOT

Plain = list[dict[str, Any]]
"""Components as JSON has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A page's view.

    Attributes
    ----------
    top, view : list of dict
        The shell above the page, and what stands on it below the notes.
    notes : tuple of str
        What the study's results came with.
    """

    top: Plain
    view: Plain
    notes: tuple[str, ...]

    @classmethod
    def of(cls, top: list[Any], view: list[Any], notes: tuple[str, ...]) -> "Kept":
        """The view of these components."""
        return cls(**json.loads(to_json_plotly({"top": top, "view": view})), notes=notes)

    @classmethod
    def read(cls, data: bytes) -> "Kept":
        """A view as `written` has put it down."""
        found = json.loads(data)
        return cls(top=found["top"], view=found["view"], notes=tuple(found["notes"]))

    def explained(self, results: Results, display: Display) -> "Kept":
        """The view with the text of every (i)."""
        return replace(self, view=with_terms(self.view, results, display))

    def written(self) -> bytes:
        """The view as bytes."""
        return json.dumps(
            {"top": self.top, "view": self.view, "notes": self.notes}, separators=(",", ":")
        ).encode()


def key_of_view(
    services: Services, name: str, study: Study, dataset: Dataset, display: Display, before: Study | None
) -> str:
    """Name of a view: everything that it shows, also what stands in no study, such as data sets' names."""
    beside = repr((dataset, display, services.kept_stamp(), before and before.query()))
    stamp = hashlib.sha256(beside.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return f"view-{name}-{study.key('lens')}-{_release()}-{stamp}"


@functools.cache
def _release() -> str:
    """Hash of what makes views of results: another release of the app shows no views of this one."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        digest.update(path.read_bytes())
    for package in ("dash", "dash-bootstrap-components", "dash-ag-grid", "plotly"):
        digest.update(importlib.metadata.version(package).encode())
    return digest.hexdigest()[:16]
