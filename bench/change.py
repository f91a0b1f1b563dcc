"""Where the customers of a large log were 30 days ago; each figure in a process of its own.

`python -m bench.change WHO FOLDER` prints CPU seconds as JSON, after the imports. The peer makes the nine
measures of that day with a plain groupby, and places nobody.
"""

import datetime as dt
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Final

from bench import large_log
from bench.row import Row

LINES: Final = 10_000_000
COLUMNS: Final = ("recency", "orders", "monetary")


def rows() -> Iterator[Row]:
    """The table's lines on the change over 30 days."""
    with TemporaryDirectory() as home:
        large_log.make(Path(home), LINES)
        ours, peer = (_child(who, home) for who in ("ours", "pandas"))
    name = f"change over 30 days, log of {LINES:,} lines, {ours['customers']:,.0f} customers, cpu"
    said = "pandas groupby of that day's nine measures"
    whole = ours["sheet"] + ours["placed"]
    yield Row(name=f"{name}; peer: {said}", ours=whole, peer=peer["cpu"], unit="s", runs=1)
    yield Row(name=f"{name}; of it the sheet of that day", ours=ours["sheet"], unit="s", runs=1, digits=2)
    yield Row(name=f"{name}; of it who was where", ours=ours["placed"], unit="s", runs=1, digits=2)


def _child(who: str, folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.change", who, folder]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    return found


def _ours(folder: Path) -> dict[str, float]:
    from core import loaded
    from core.change import DAYS, change
    from core.cluster.contract import silent
    from core.features.log_sheet import log_sheet
    from core.io.engine import Engine
    from core.io.query.repeated import repeated
    from core.pipeline.stages import STUDY, no_cache
    from core.pipeline.study import stages
    from core.spec import Study

    assert loaded
    engine = Engine(folder / "data")
    repeated(engine, large_log.CONTENT)
    store, dataset = SimpleNamespace(engine=engine), large_log.dataset_of(LINES)
    study = Study().with_(ds=dataset.id, cols=COLUMNS, k=5)
    now = stages(study, store, dataset, STUDY, no_cache, silent)
    assert now.customers.as_of and now.matrix and now.clustering
    earlier = study.with_(as_of=(now.customers.as_of - dt.timedelta(days=DAYS)).isoformat())
    began = time.process_time()
    then = log_sheet(engine, dataset, earlier.source, earlier.clean, silent)
    read = time.process_time()
    change(now.customers, now.matrix, now.clustering, study.cohort, then)
    return {"customers": len(now.customers), "sheet": read - began, "placed": time.process_time() - read}


def _pandas(folder: Path) -> dict[str, float]:
    path = folder / "data" / large_log.CONTENT / "table.parquet"
    last = dt.date(2023, 12, 31)  # of the generated log
    began = time.process_time()
    large_log.grouped(path, last - dt.timedelta(days=30))
    return {"cpu": time.process_time() - began}


def main() -> None:
    """Measure once, as the first argument says."""
    who, folder = sys.argv[1:]
    print(json.dumps({"ours": _ours, "pandas": _pandas}[who](Path(folder))))


if __name__ == "__main__":
    main()
