"""Family trees of planted segments, beside scikit-learn's; every run in a process of its own.

`python -m bench.clustering_tree WHO LINKAGE FILE` measures one and prints JSON; WHO is `ours` or `peer`, FILE
holds the compared numbers.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from bench.row import Row

COLUMNS: Final = 12
SHARES: Final = (0.35, 0.25, 0.15, 0.12, 0.08, 0.05)
APART, OVERLAPPING = 0.6, 1.5
"""Spread of a planted segment's log-normal spends, where the segments' middles are spread by 1.5."""

PEERS: Final = 10_000
EXACT: Final = 30_000
MANY: Final = 1_000_000
COMPARED: Final = 20_000
RUNS: Final = 3
_KS: Final = tuple(range(2, 9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds and MiB of a process: its work without the imports, its peak of memory with everything."""

    wall: float
    cpu: float
    memory: float


def rows() -> Iterator[Row]:
    """The table's lines on family trees."""
    with TemporaryDirectory() as home:
        files = {n: Path(home) / f"{n}.npy" for n in (PEERS, EXACT, MANY)}
        for n, path in files.items():
            np.save(path, planted(n, APART)[0])
        for linkage in ("ward", "average", "complete", "single"):
            peer = _least("peer", linkage, files[PEERS])
            yield from _beside(f"{linkage}, {PEERS:,}", _least("ours", linkage, files[PEERS]), peer)
            yield from _beside(
                f"{linkage}, {MANY:,}; peer: {PEERS:,}", _least("ours", linkage, files[MANY]), peer
            )
            if linkage == "ward":
                yield from _beside(f"ward, {EXACT:,}", _least("ours", linkage, files[EXACT]), None)
    for spread, what in ((APART, "well apart"), (OVERLAPPING, "overlapping")):
        yield _agreement(spread, what)


def planted(n: int, spread: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Compared numbers (n, 12) of customers in six unequal segments, and the segment of each.

    Spends are log-normal; they are compared by their logarithms, standardised.
    """
    rng = np.random.default_rng(seed)
    middle = rng.normal(0, 1.5, (len(SHARES), COLUMNS))
    own = rng.choice(len(SHARES), n, p=SHARES)
    spend = np.exp(rng.normal(middle[own], spread))
    x = np.log(spend)
    return (x - x.mean(axis=0)) / x.std(axis=0), own


def _beside(name: str, ours: Measured, peer: Measured | None) -> Iterator[Row]:
    for what, unit, digits in (("wall", "s", 2), ("cpu", "s", 2), ("memory", "MiB", 0)):
        yield Row(
            name=f"Tree, {name} × {COLUMNS}, {what}",
            ours=getattr(ours, what),
            peer=getattr(peer, what) if peer else None,
            unit=unit,
            digits=digits,
            runs=RUNS,
        )


def _least(who: str, linkage: str, path: Path) -> Measured:
    """The least of some runs of each figure."""
    command = [sys.executable, "-m", "bench.clustering_tree", who, linkage, str(path)]
    done = [subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(RUNS)]
    found = [json.loads(one.stdout.splitlines()[-1]) for one in done]
    return Measured(**{what: min(one[what] for one in found) for what in ("wall", "cpu", "memory")})


def _agreement(spread: float, what: str) -> Row:
    """How small groups agree with Ward's own answer for the six planted; as a peer, half of the rows do."""
    from sklearn.metrics import adjusted_rand_score

    from core.cluster.leaves import Leaves, equal_rows, micro_clusters
    from core.cluster.lloyd import gridded
    from core.cluster.merges import cut
    from core.cluster.ward import ward

    def labels(leaves: Leaves) -> np.ndarray:
        return cut(ward(leaves, lambda share: None), len(SHARES))[leaves.of]

    x = gridded(planted(COMPARED, spread)[0]).x
    exact, half = labels(equal_rows(x, 0)), slice(None, None, 2)
    return Row(
        name=f"Ward, {COMPARED:,} {what}: agreement of small groups with exact; peer: of half the rows",
        ours=adjusted_rand_score(exact, labels(micro_clusters(x, 0))),
        peer=adjusted_rand_score(exact[half], labels(equal_rows(x[half], 0))),
        unit="",
        digits=3,
        runs=1,
    )


def _ours(x: np.ndarray, linkage: str) -> Callable[[], object]:
    from core.cluster import hierarchical
    from core.cluster.contract import Case, silent
    from core.spec import Cluster

    return lambda: hierarchical.fit(Case(x=x, spec=Cluster(linkage=linkage), ks=_KS), silent)


def _peer(x: np.ndarray, linkage: str) -> Callable[[], object]:
    from sklearn.cluster import AgglomerativeClustering

    return lambda: AgglomerativeClustering(len(SHARES), linkage=linkage).fit(x)


def main() -> None:
    """Measure once, as the arguments say."""
    who, linkage, path = sys.argv[1:]
    work = {"ours": _ours, "peer": _peer}[who](np.load(path), linkage)
    began, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    memory = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    print(json.dumps({"wall": wall, "cpu": cpu, "memory": memory}))


if __name__ == "__main__":
    main()
