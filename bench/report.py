"""The report and the notebook of a study of a million customers of twenty columns, in a process of its own.

`python -m bench.report HOME` keeps the customers there and prints the figures. Set beside the CPU seconds of
the study itself, from the stored table to what Profiles shows: what is written costs no reading of customers.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.large_pages import CUSTOMERS, stored
from bench.row import Row


def rows() -> Iterator[Row]:
    """The table's lines on the report and the notebook."""
    with TemporaryDirectory() as home:
        command = [sys.executable, "-m", "bench.report", home]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    for what in ("report", "notebook"):
        name = f"{what} of {CUSTOMERS:,} customers × 20"
        cpu, size = found[what]
        peer = found["study"]
        yield Row(name=f"{name}, cpu; peer: the study", ours=cpu, peer=peer, unit="s", runs=1, digits=2)
        yield Row(name=f"{name}, size", ours=size / 1000, unit="kB", runs=1, digits=0)


def measured(home: Path) -> dict[str, Any]:
    """CPU seconds of a study; CPU seconds and bytes of its report and its notebook."""
    from core import loaded
    from core.io.store import Store
    from core.notebook import notebook
    from core.pipeline import as_shown
    from core.report import About, report
    from core.spec import Study

    assert loaded
    store = Store(home)
    study = Study.parse(f"ds={stored(home)}")
    began = time.process_time()
    results = as_shown(study, store, "profiles")
    spent = time.process_time() - began
    return {
        "study": spent,
        "report": _written(lambda: report(study, results, About(name="Customers"))),
        "notebook": _written(lambda: notebook(study, results, "Customers")),
    }


def _written(make: Callable[[], str]) -> tuple[float, int]:
    began = time.process_time()
    text = make()
    return time.process_time() - began, len(text.encode())


def main() -> None:
    """Print the figures as JSON."""
    print(json.dumps(measured(Path(sys.argv[1]))))


if __name__ == "__main__":
    main()
