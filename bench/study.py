"""A whole study of very many customers, from the stored table to the profiles; in processes of their own.

`python -m bench.study add FILE HOME` stores a table and prints its data set, `python -m bench.study run HOME
QUERY` runs a study and prints JSON.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from bench.clustering_kmeans import SPREAD
from bench.clustering_tree import planted
from bench.row import Row

CUSTOMERS: Final = 1_000_000
COLUMNS: Final = tuple(f"x{i}" for i in range(12))


def rows() -> Iterator[Row]:
    """The table's lines on a whole study."""
    from core.cluster.budget import needs
    from core.spec import Cluster

    with TemporaryDirectory() as home:
        _write(Path(home) / "customers.parquet")
        ds = _child("add", f"{home}/customers.parquet", f"{home}/store")
        done = json.loads(_child("run", f"{home}/store", f"ds={ds}&cols={','.join(COLUMNS)}"))
    expected = needs(Cluster(), CUSTOMERS, len(COLUMNS))
    name = f"A whole study, {CUSTOMERS:,} × {len(COLUMNS)}"
    said = "what is kept free for it"
    yield Row(name=f"{name}, wall", ours=done["wall"], unit="s", runs=1)
    yield Row(name=f"{name}, cpu; peer: {said}", ours=done["cpu"], peer=expected.seconds, unit="s", runs=1)
    yield Row(name=f"{name}, memory", ours=done["memory"], unit="MiB", digits=0, runs=1)


def _write(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    spends = np.exp(planted(CUSTOMERS, SPREAD)[0])
    columns = {name: spends[:, i] for i, name in enumerate(COLUMNS)}
    pq.write_table(pa.table({"customer": [f"c{i:07d}" for i in range(CUSTOMERS)], **columns}), path)


def _child(*words: str) -> str:
    command = [sys.executable, "-m", "bench.study", *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()[-1]


def _add(path: str, home: str) -> str:
    from core.io.store import Store

    roles = {"customer": "id", COLUMNS[0]: "spend", **dict.fromkeys(COLUMNS[1:], "number")}
    return Store(Path(home)).add(Path(path), roles=roles).id


def _run(home: str, query: str) -> str:
    from core import loaded, pipeline
    from core.io.store import Store
    from core.spec import Study

    assert loaded
    began, cpu = time.perf_counter(), time.process_time()
    pipeline.run(Study.parse(query), Store(Path(home)))
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    memory = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    return json.dumps({"wall": wall, "cpu": cpu, "memory": memory})


def main() -> None:
    """Do one step, as the arguments say."""
    step, *words = sys.argv[1:]
    print({"add": _add, "run": _run}[step](*words))


if __name__ == "__main__":
    main()
