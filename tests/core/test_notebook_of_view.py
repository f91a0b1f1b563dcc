"""The notebook of a view runs and finds the numbers of the page again."""

import json

import matplotlib as mpl
import pytest

from core.io.store import Store
from core.notebook import differing, notebook
from core.pipeline import Results
from tests.core.small import SAMPLE


def test_its_cells_run_and_find_the_same_numbers(
    store: Store, demo_results: Results, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(store.home))
    mpl.use("agg")
    cells = json.loads(notebook(SAMPLE, demo_results, "Demo"))["cells"]
    names: dict[str, object] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)  # noqa: S102 (the notebook that was just made)
    assert "numbers are those of the page, to 1e-9" in capsys.readouterr().out


def test_a_number_that_differs_is_named() -> None:
    assert differing({"a": 1.0, "b": 2.0}, {"a": 1.0 + 1e-12, "b": 2.1, "c": 0.0}) == ["b", "c"]
