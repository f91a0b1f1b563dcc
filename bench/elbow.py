"""yellowbrick's elbow with silhouettes, in an environment of its own: it needs an older scikit-learn.

`python bench/elbow.py FILE`, run there, measures once and prints JSON; FILE holds the compared numbers.
"""

import json
import os
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import Final

_NEEDS: Final = (
    "yellowbrick==1.5",
    "scikit-learn==1.4.2",
    "numpy==1.26.4",
    "scipy==1.12.0",
    "matplotlib==3.8.4",
    "setuptools<81",
)
_SECONDS: Final = 600


def elbow_python() -> Path | None:
    """The Python of the environment, made once in the user's cache folder; None where that can't be done."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = cache / "segment-atlas-bench" / f"yellowbrick-{sys.version_info.major}.{sys.version_info.minor}"
    python, made = home / "bin" / "python", home / "made"
    if made.exists():
        return python
    try:
        venv.create(home, clear=True, with_pip=True)
        command = [python, "-m", "pip", "install", "--quiet", "--only-binary=:all:", *_NEEDS]
        subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return None
    made.touch()
    return python


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
