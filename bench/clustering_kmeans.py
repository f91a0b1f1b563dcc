"""K-Means of planted segments beside scikit-learn's and yellowbrick's; every run in a process of its own.

`python -m bench.clustering_kmeans TASK WHO FILE` measures one and prints JSON; WHO is `ours` or `peer`, FILE
holds the compared numbers.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from bench.clustering_tree import planted
from bench.elbow import NEEDS
from bench.environment import python_with
from bench.row import Row

KS: Final = tuple(range(2, 13))
MANY, SOME, FEW = 1_000_000, 100_000, 10_000
SPREAD: Final = 1.0
"""Of a planted segment's log-normal spends, whose middles are spread by 1.5: they overlap here and there."""

RUNS: Final = 3
STARTS: Final = 10
_MACHINES: Final[dict[str, dict[str, str]]] = {
    "as it is": {},
    "Haswell": {"OPENBLAS_CORETYPE": "Haswell"},
    "Prescott": {"OPENBLAS_CORETYPE": "Prescott"},
    "two BLAS threads": {"OPENBLAS_NUM_THREADS": "2"},
    "no SIMD": {"NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX"},
}

Found = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds and MiB of a process, its work without the imports, and what it found."""

    wall: float
    cpu: float
    memory: float
    found: Found = field(default_factory=dict)


def rows() -> Iterator[Row]:
    """The table's lines on K-Means."""
    with TemporaryDirectory() as home:
        files = {n: Path(home) / f"{n}.npy" for n in (MANY, SOME, FEW)}
        for n, path in files.items():
            np.save(path, planted(n, SPREAD)[0])
        yield from _sweeps(files)
        yield from _small_sweep(files[FEW])
        yield from _one(files[MANY])
        yield from _pass(files[MANY])
        yield _alike(files[MANY])


def _sweeps(files: Mapping[int, Path]) -> Iterator[Row]:
    """All numbers of segments, of very many customers beside one start of the peer and of many beside ten."""
    span = f"{KS[0]} to {KS[-1]}"
    for n, task, starts in ((MANY, "sweep", "one start"), (SOME, "sweep_of_ten", "ten starts")):
        name = f"K-Means {span}, {n:,} × 12, {starts} of the peer's"
        ours, peer = _least(task, "ours", files[n]), _least(task, "peer", files[n])
        yield from _beside(name, ours, peer)
        spread = {who: one.found["inertia"] for who, one in (("ours", ours), ("peer", peer))}
        yield _row(f"{name}, sum of spreads", *(sum(spread[who].values()) for who in spread), "", 0)
        worst = max(100 * (spread["ours"][k] / spread["peer"][k] - 1) for k in spread["ours"])
        yield _row(f"{name}, the worst spread above the peer's", worst, None, "%", 3)


def _small_sweep(path: Path) -> Iterator[Row]:
    """Beside yellowbrick's elbow with exact silhouettes."""
    python = python_with("yellowbrick", NEEDS, 600)
    if python is None:
        print("yellowbrick can't be installed here: no line on its elbow", file=sys.stderr)
        return
    name = f"K-Means {KS[0]} to {KS[-1]} with silhouettes, {FEW:,} × 12, peer: yellowbrick"
    yield from _beside(name, _least("sweep", "ours", path), _least("elbow", "peer", path, python))


def _one(path: Path) -> Iterator[Row]:
    name = f"K-Means 6, {MANY:,} × 12, {STARTS} starts"
    ours, peer = _least("one", "ours", path), _least("one", "peer", path)
    yield from _beside(name, ours, peer)
    above = 100 * (ours.found["inertia"]["6"] / peer.found["inertia"]["6"] - 1)
    yield _row(f"{name}, spread above the peer's", above, None, "%", 4)


def _pass(path: Path) -> Iterator[Row]:
    """A pass over all rows for all numbers of segments; its peer is the machine's floor."""
    found = _least("pass", "ours", path).found
    name = f"Every customer's nearest centre of {sum(KS)} in {len(KS)} fits, {MANY:,} × 12"
    yield _row(f"{name}; peer: its products of matrices", found["pass"], found["floor"], "s", 3)


def _alike(path: Path) -> Row:
    hashes = {_run("labels", "ours", path, more=more).found["labels"] for more in _MACHINES.values()}
    said = ", ".join(_MACHINES)
    return _row(f"K-Means 6, {MANY:,} × 12, different labelings over: {said}", len(hashes), None, "", 0, 1)


def _beside(name: str, ours: Measured, peer: Measured) -> Iterator[Row]:
    for what, unit, digits in (("wall", "s", 2), ("cpu", "s", 2), ("memory", "MiB", 0)):
        yield _row(f"{name}, {what}", getattr(ours, what), getattr(peer, what), unit, digits)


def _row(name: str, ours: float, peer: float | None, unit: str, digits: int, runs: int = RUNS) -> Row:
    return Row(name=name, ours=ours, peer=peer, unit=unit, digits=digits, runs=runs)


def _least(task: str, who: str, path: Path, python: Path | None = None) -> Measured:
    """The least of some runs of each figure; all of them find the same."""
    runs = [_run(task, who, path, python) for _ in range(RUNS)]
    least = {what: min(getattr(one, what) for one in runs) for what in ("wall", "cpu", "memory")}
    return Measured(**least, found=min(runs, key=lambda one: one.wall).found)


def _run(
    task: str, who: str, path: Path, python: Path | None = None, more: Mapping[str, str] | None = None
) -> Measured:
    program = ["-m", "bench.clustering_kmeans", task, who] if python is None else ["bench/elbow.py"]
    command = [str(python or sys.executable), *program, str(path)]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, **(more or {})}
    )
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def _ours(x: np.ndarray, ks: tuple[int, ...]) -> dict[int, np.ndarray]:
    from core.cluster import kmeans
    from core.cluster.contract import Case, silent
    from core.spec import Cluster

    return kmeans.fit(Case(x=x, spec=Cluster(n_init=STARTS), ks=ks), silent).labels


def _sweep(x: np.ndarray) -> Found:
    """All fits with the elbow, silhouettes and both other criteria."""
    from core.choose.criteria import criteria
    from core.choose.suggest import elbow
    from core.silhouette import silhouettes

    labels = _ours(x, KS)
    silhouettes(x, labels, 0)
    measured = criteria(x, labels)
    elbow(KS, [measured[k].inertia for k in KS])
    return {"inertia": {k: one.inertia for k, one in measured.items()}}


def _of_one(x: np.ndarray) -> Found:
    from core.choose.criteria import criteria

    return {"inertia": {6: criteria(x, _ours(x, (6,)))[6].inertia}}


def _theirs(ks: tuple[int, ...], starts: int) -> Callable[[np.ndarray], Found]:
    from sklearn.cluster import KMeans

    def work(x: np.ndarray) -> Found:
        return {"inertia": {k: KMeans(k, n_init=starts, random_state=0).fit(x).inertia_ for k in ks}}

    return work


def _labels(x: np.ndarray) -> Found:
    return {"labels": hashlib.sha256(_ours(x, (6,))[6].tobytes()).hexdigest()}


def _pass_and_floor(x: np.ndarray) -> Found:
    """Seconds of one pass, and of its products of matrices at the speed of large square ones."""
    from core.cluster.lloyd import gridded, polished
    from core.threads import several, threads

    grid = gridded(x).x
    centres = [grid[np.random.default_rng(k).choice(len(grid), k, replace=False)] for k in KS]
    square = np.random.default_rng(0).normal(size=(2_000, 2_000))
    with several() as pool:
        product = _fastest(lambda: list(pool.map(lambda _: square @ square, range(threads()))))
        done = _fastest(lambda: list(pool.map(lambda c: polished(grid, c, 0), centres[::-1])))
    speed = 2 * len(square) ** 3 * threads() / product
    return {"pass": done, "floor": 2 * x.size * sum(KS) / speed}


def _fastest(work: Callable[[], object]) -> float:
    found = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def _work(task: str, who: str) -> Callable[[np.ndarray], Found]:
    if who == "ours":
        tasks = {"one": _of_one, "labels": _labels, "pass": _pass_and_floor}
        return tasks.get(task, _sweep)
    ks, starts = {"sweep": (KS, 1), "sweep_of_ten": (KS, STARTS), "one": ((6,), STARTS)}[task]
    return _theirs(ks, starts)


def main() -> None:
    """Measure once, as the arguments say."""
    task, who, path = sys.argv[1:]
    work, x = _work(task, who), np.load(path)
    began, cpu = time.perf_counter(), time.process_time()
    found = work(x)
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    memory = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    print(json.dumps({"wall": wall, "cpu": cpu, "memory": memory, "found": found}))


if __name__ == "__main__":
    main()
