"""yellowbrick's elbow with silhouettes, in an environment of its own: it needs an older scikit-learn.

`python bench/elbow.py FILE`, run there, measures once and prints JSON; FILE holds the compared numbers.
"""

import json
import sys
import time
from pathlib import Path
from typing import Final

NEEDS: Final = (
    "yellowbrick==1.5",
    "scikit-learn==1.4.2",
    "numpy==1.26.4",
    "scipy==1.12.0",
    "matplotlib==3.8.4",
    "setuptools<81",
)


def main() -> None:
    """Measure once."""
    import matplotlib

    matplotlib.use("agg")
    import numpy as np
    from sklearn.cluster import KMeans
    from yellowbrick.cluster import KElbowVisualizer

    x = np.load(sys.argv[1])
    began, cpu = time.perf_counter(), time.process_time()
    KElbowVisualizer(KMeans(random_state=0), k=(2, 13), metric="silhouette").fit(x)
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    memory = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    print(json.dumps({"wall": wall, "cpu": cpu, "memory": memory}))


if __name__ == "__main__":
    main()
