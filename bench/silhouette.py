"""Silhouettes of eleven labelings, beside scikit-learn's of one; every timed run in a process of its own.

`python -m bench.silhouette WHO ROWS` measures one and prints JSON; WHO is `exact`, `sampled` or `peer`.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from bench.clustering_tree import OVERLAPPING, planted
from bench.row import Row

EXACT: Final = 20_000
MANY: Final = 1_000_000
DRAWS: Final = 500
KS: Final = tuple(range(2, 13))
PEER_K: Final = 6
RUNS: Final = 2


def rows() -> Iterator[Row]:
    """The table's lines on silhouettes."""
    ours, peer = _least("exact", EXACT), _least("peer", EXACT)
    for what, unit, digits in (("wall", "s", 2), ("cpu", "s", 2), ("memory", "MiB", 0)):
        name = f"Silhouette, exact, {len(KS)} labelings of {EXACT:,}; peer: one, {what}"
        yield Row(name=name, ours=ours[what], peer=peer[what], unit=unit, digits=digits, runs=RUNS)
    yield Row(
        name=f"Silhouette, exact: difference from scikit-learn's at k = {PEER_K}",
        ours=abs(ours["value"] - peer["value"]) * 1e9,
        unit="billionths",
        digits=3,
        runs=RUNS,
    )
    sampled = _least("sampled", MANY)
    for what, unit, digits in (("wall", "s", 2), ("cpu", "s", 2), ("memory", "MiB", 0)):
        name = f"Silhouette, sampled, {len(KS)} labelings of {MANY:,}, {what}"
        yield Row(name=name, ours=sampled[what], unit=unit, digits=digits, runs=RUNS)
    for k, inside in coverage(DRAWS).items():
        yield Row(
            name=f"Silhouette, sampled, k = {k}: the exact value inside of {DRAWS} intervals; peer: required",
            ours=inside,
            peer=0.93 * DRAWS,
            unit="",
            digits=0,
            runs=DRAWS,
        )


def coverage(draws: int) -> dict[int, int]:
    """How many intervals of samples hold the exact value, for three numbers of segments."""
    from core.silhouette import sampled, silhouettes

    x, labelings = _labeled(EXACT, (3, 6, 10))
    exact = silhouettes(x, labelings, 0)
    inside = dict.fromkeys(labelings, 0)
    for seed in range(draws):
        for k, found in sampled(x, labelings, seed).items():
            true = exact[k]
            assert found and true and found.low is not None and found.high is not None
            inside[k] += found.low <= true.value <= found.high
    return inside


def _labeled(n: int, ks: tuple[int, ...]) -> tuple[np.ndarray, dict[int, np.ndarray]]:
    """Planted segments that overlap, and K-Means' labels of them."""
    from core.cluster import kmeans
    from core.cluster.contract import Case, silent
    from core.spec import Cluster

    x = planted(n, OVERLAPPING)[0]
    return x, kmeans.fit(Case(x=x, spec=Cluster(n_init=2), ks=ks), silent).labels


def _least(who: str, n: int) -> dict[str, float]:
    """The least of some runs of each figure."""
    command = [sys.executable, "-m", "bench.silhouette", who, str(n)]
    done = [subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(RUNS)]
    found = [json.loads(one.stdout.splitlines()[-1]) for one in done]
    return {what: min(one[what] for one in found) for what in found[0]}


def _value(who: str, x: np.ndarray, labelings: dict[int, np.ndarray]) -> float:
    from core.silhouette import sampled, silhouettes

    if who == "peer":
        from sklearn.metrics import silhouette_score

        return float(silhouette_score(x, labelings[PEER_K]))
    found: Any = {"exact": silhouettes, "sampled": sampled}[who](x, labelings, 0)[PEER_K]
    return float(found.value)


def main() -> None:
    """Measure once, as the arguments say."""
    who, n = sys.argv[1], int(sys.argv[2])
    x, labelings = _labeled(n, KS)
    began, cpu = time.perf_counter(), time.process_time()
    value = _value(who, x, labelings)
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    memory = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    print(json.dumps({"wall": wall, "cpu": cpu, "memory": memory, "value": value}))


if __name__ == "__main__":
    main()
