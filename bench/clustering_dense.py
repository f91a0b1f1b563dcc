"""Dense groups of planted segments, beside scikit-learn's; every run in a process of its own.

`python -m bench.clustering_dense WHO METHOD COMPONENTS EPS FILE` measures one and prints JSON; WHO is `ours`
or `peer`, METHOD `dbscan` or `hdbscan`, COMPONENTS and EPS may be `auto`, FILE holds the compared numbers.
Labels are written beside FILE.
"""

import json
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from bench.clustering_tree import APART, planted
from bench.row import Row

PEERS: Final = 100_000
MANY: Final = 1_000_000
RUNS: Final = 3
Found = tuple[np.ndarray, float | None, np.ndarray | None]
"""Labels, the reach, and which customers are dense where that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds and MiB of a process, the work without the imports; the reach and everybody's crowd."""

    wall: float
    cpu: float
    memory: float
    eps: float | None
    labels: np.ndarray


def rows() -> Iterator[Row]:
    """The table's lines on dense groups."""
    with TemporaryDirectory() as home:
        folder = Path(home)
        some, many = planted(PEERS, APART)[0], planted(MANY, APART)
        two, six = _file(folder, some[:, :2]), _file(folder, some[:, :6])
        for said, reach in (("proposed", _proposed(two)), ("at the knee", _knee(two))):
            yield from _same(f"{PEERS:,} × 2, reach {said}", two, reach)
        peer = yield from _same(f"{PEERS:,} × 6, reach proposed", six, _proposed(six))
        ours = _least("ours", "dbscan", "6", "auto", _file(folder, many[0][:, :6]))
        yield from _beside(f"DBSCAN, {MANY:,} × 6, the reach proposed; peer: {PEERS:,}", ours, peer)
        path = _file(folder, many[0])
        for method, components, what in (
            ("dbscan", "auto", "DBSCAN, main directions"),
            ("dbscan", "12", "DBSCAN, all columns, a sample"),
            ("hdbscan", "auto", "HDBSCAN, main directions, a sample"),
        ):
            ours = _least("ours", method, components, "auto", path)
            yield from _beside(f"{what}, {MANY:,} × 12", ours, None)
            yield _agreement(f"{what}, {MANY:,} × 12", ours.labels, many[1])


def _file(folder: Path, x: np.ndarray) -> Path:
    path = folder / f"{len(x)}x{x.shape[1]}.npy"
    np.save(path, x)
    return path


def _proposed(path: Path) -> float:
    eps = _once("ours", "dbscan", "12", "auto", path).eps
    assert eps is not None
    return eps


def _knee(path: Path) -> float:
    """The reach at the knee of the k-distance curve, as textbooks have it."""
    from core.cluster.neighbours import neighbours, points
    from core.cluster.reach import knee
    from core.spec import Cluster

    return knee(np.sort(neighbours(points(np.load(path)), Cluster().min_samples).core))


def _same(name: str, path: Path, reach: float) -> Generator[Row, None, Measured]:
    """Both with the same reach, and how many dense customers they put into different crowds."""
    ours, peer = (_least(who, "dbscan", "12", str(reach), path) for who in ("ours", "peer"))
    yield from _beside(f"DBSCAN, {name}", ours, peer)
    dense = np.load(path.with_suffix(".dense.npy"))
    yield Row(
        name=f"DBSCAN, {name}: dense customers with another label than scikit-learn's",
        ours=float((ours.labels[dense] != peer.labels[dense]).sum()),
        unit=f"of {dense.size:,}",
        digits=0,
        runs=1,
    )
    return peer


def _beside(name: str, ours: Measured, peer: Measured | None) -> Iterator[Row]:
    for what, unit, digits in (("wall", "s", 2), ("cpu", "s", 2), ("memory", "MiB", 0)):
        yield Row(
            name=f"{name}, {what}",
            ours=getattr(ours, what),
            peer=getattr(peer, what) if peer else None,
            unit=unit,
            digits=digits,
            runs=RUNS,
        )


def _agreement(name: str, labels: np.ndarray, own: np.ndarray) -> Row:
    from sklearn.metrics import adjusted_rand_score

    agreement = adjusted_rand_score(own, labels)
    return Row(name=f"{name}, agreement with the plant", ours=agreement, unit="", digits=3, runs=1)


def _least(who: str, method: str, components: str, eps: str, path: Path) -> Measured:
    """The least of some runs of each figure."""
    found = [_once(who, method, components, eps, path) for _ in range(RUNS)]
    least = {what: min(getattr(one, what) for one in found) for what in ("wall", "cpu", "memory")}
    return replace(found[0], **least)


def _once(who: str, method: str, components: str, eps: str, path: Path) -> Measured:
    command = [sys.executable, "-m", "bench.clustering_dense", who, method, components, eps, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    labels = np.load(path.with_suffix(".labels.npy"))
    return Measured(**json.loads(done.stdout.splitlines()[-1]), labels=labels)


def _ours(x: np.ndarray, method: str, query: str) -> Found:
    from core.cluster import ALGORITHMS
    from core.cluster.contract import Case, silent
    from core.spec import Study

    found = ALGORITHMS[method].fit(Case(x=x, spec=Study.parse(query).cluster), silent)
    return next(iter(found.labels.values())), found.eps, None


def _peer(x: np.ndarray, method: str, query: str) -> Found:
    from sklearn.cluster import DBSCAN

    from core.spec import Study

    spec = Study.parse(query).cluster
    found = DBSCAN(eps=spec.eps, min_samples=spec.min_samples).fit(x)
    return found.labels_, spec.eps, found.core_sample_indices_


def main() -> None:
    """Measure once, as the arguments say."""
    who, method, components, reach, path = sys.argv[1:]
    x, query = np.load(path), f"components={components}&eps={reach}"
    work = {"ours": _ours, "peer": _peer}[who]
    work(x[:200], method, query)  # imports what it needs
    began, cpu = time.perf_counter(), time.process_time()
    labels, eps, dense = work(x, method, query)
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    memory = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    np.save(Path(path).with_suffix(".labels.npy"), labels)
    if dense is not None:
        np.save(Path(path).with_suffix(".dense.npy"), dense)
    print(json.dumps({"wall": wall, "cpu": cpu, "memory": memory, "eps": eps}))


if __name__ == "__main__":
    main()
