"""A million customers with 20 columns as CSV, beside pandas; each in a process of its own.

The list is read where it lies, in a mapped file like a roll's. Memory is what streaming adds to a process
that has opened it: its own, looked at after every piece, and the most that was resident, with pages of the
mapped file, which belong to the machine's file cache. pandas has the whole table in memory beforehand.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pyarrow as pa

from bench.row import Row

CUSTOMERS: Final = 1_000_000
MEASURES: Final = 17
RUNS: Final = 3

_MEMORY: Final = """
import json, sys, time

def memory(name):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name)) / 1024
"""
_OURS: Final = f"""{_MEMORY}
from pathlib import Path
import numpy as np
from core.features.customers import Customers, Measure
from core.roll.mapped import mapped
from core.takeaway import Listed, csv_of

def listed(path):
    table, release = mapped(Path(path))
    slugs = table.column_names[1:-2]
    measures = tuple(Measure(slug=slug, label=slug, unit="number") for slug in slugs)
    customers = Customers(kind="customers", table=table, measures=measures, labels=(), ledger=())
    labels = table["segment"].to_numpy()
    names = {{n: f"Segment {{n}}" for n in range(1, 6)}}
    unusual = table["unusual"].to_numpy()
    return Listed(customers=customers, labels=labels, names=names, unusual=unusual, release=release)

found = listed(sys.argv[1])
at = np.arange(len(found))
for piece in csv_of(found, at[:20_000]):
    pass
open("/proc/self/clear_refs", "w").write("5")
before, whole = memory("RssAnon"), memory("VmRSS")
most, size, began = before, 0, time.process_time()
for piece in csv_of(found, at):
    size += len(piece)
    most = max(most, memory("RssAnon"))
cpu = time.process_time() - began
print(json.dumps([cpu, most - before, memory("VmHWM") - whole, size / 1e6]))
"""
_PANDAS: Final = f"""{_MEMORY}
import pyarrow as pa, pandas
frame = pa.ipc.open_file(sys.argv[1]).read_all().to_pandas()
frame.head(20_000).to_csv("/dev/null", index=False)
open("/proc/self/clear_refs", "w").write("5")
before, whole, began = memory("RssAnon"), memory("VmRSS"), time.process_time()
frame.to_csv("/dev/null", index=False)
print(json.dumps([time.process_time() - began, 0.0, memory("VmHWM") - whole, 0.0]))
"""


def rows() -> Iterator[Row]:
    """The table's lines on exports."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "customers.arrow")
        _write(path)
        runs = [(_run(_OURS, path), _run(_PANDAS, path)) for _ in range(RUNS)]
    ours, theirs = (min(one[side][0] for one in runs) for side in (0, 1))
    own, most, size = (max(one[0][at] for one in runs) for at in (1, 2, 3))
    peer = max(one[1][2] for one in runs)
    name = f"{CUSTOMERS:,} customers × {MEASURES + 3} columns and who is unusual, as CSV"
    yield Row(name=f"{name}, CPU, beside pandas", ours=ours, peer=theirs, unit="s", runs=RUNS, digits=2)
    yield Row(name=f"{name}, own memory that streaming adds", ours=own, unit="MiB", runs=RUNS)
    yield Row(
        name=f"{name}, resident memory at most, mapped file included",
        ours=most,
        peer=peer,
        unit="MiB",
        runs=RUNS,
    )
    yield Row(name=f"{name}, size", ours=size, unit="MB", runs=RUNS)


def _write(path: Path) -> None:
    rng = np.random.default_rng(0)
    columns: dict[str, object] = {"id": pa.array([f"C{i:07d}" for i in range(CUSTOMERS)])}
    for at in range(MEASURES):
        values = rng.gamma(2.0, 50.0, CUSTOMERS).round(2) if at % 2 else rng.integers(0, 400, CUSTOMERS)
        columns[f"measure_{at}"] = values.astype(np.float64)
    columns["segment"] = rng.integers(1, 6, CUSTOMERS).astype(np.int16)
    columns["unusual"] = (rng.random(CUSTOMERS) < 0.02).astype(np.int8)
    table = pa.table(columns)
    with pa.OSFile(str(path), "wb") as out, pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)


def _run(code: str, path: Path) -> list[float]:
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    found: list[float] = json.loads(done.stdout)
    return found
