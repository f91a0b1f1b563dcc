"""The notebook runs from top to bottom, and its numbers are those of `python -m core run`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from webapp.settings import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SECONDS = 240

TELL = """
import json
from core.commands.run import as_document
print(json.dumps(as_document(study, store, results)))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for everything that the kernel and the commands write."""
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def executed(home: Path) -> nbformat.NotebookNode:
    """segmentation.ipynb after a run, with one more cell that prints what `core run --json` prints."""
    notebook = nbformat.read(ROOT / "notebooks" / "segmentation.ipynb", as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(TELL))
    client = NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(ROOT / "notebooks")}},
    )
    with pytest.MonkeyPatch.context() as environment:
        for name, value in surroundings(home).items():
            environment.setenv(name, value)
        return client.execute()


def surroundings(home: Path) -> dict[str, str]:
    """Nothing is read from or written to anybody's own settings."""
    return {
        "DATA_DIR": str(home / "data"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_DATA_DIR": str(home / "jupyter"),
        "JUPYTER_CONFIG_DIR": str(home / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }


def printed(cell: nbformat.NotebookNode) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def test_it_runs_from_top_to_bottom(executed: nbformat.NotebookNode) -> None:
    said = [out for cell in executed.cells for out in cell.get("outputs", []) if out.get("name") == "stderr"]
    assert said == []


def test_its_numbers_are_those_of_the_command_line(executed: nbformat.NotebookNode, home: Path) -> None:
    environment = {**os.environ, "DATA_DIR": str(home / "data")}
    command = [sys.executable, "-m", "core", "run", "", "--json"]
    run = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS, check=True
    )
    assert json.loads(printed(executed.cells[-1])) == json.loads(run.stdout)


def test_it_draws_with_matplotlib_and_with_plotly(executed: nbformat.NotebookNode) -> None:
    kinds = [
        kind for cell in executed.cells for out in cell.get("outputs", []) for kind in out.get("data", {})
    ]
    assert kinds.count("image/png") >= 4
    assert kinds.count("application/vnd.plotly.v1+json") >= 3


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_it_is_kept_without_outputs(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    kept = [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")]
    assert kept == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_it_knows_core_alone(path: Path) -> None:
    code = "\n".join(
        cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"
    )
    assert "webapp" not in code and "dash" not in code
