"""What the bench has a child of the worker's fork server do; it loads nothing that a job would have to."""

import json
import time
from pathlib import Path

from core.child import Progress


def reported(path: str, home: str, progress: Progress) -> bytes:
    """Seconds of CPU from a file to its data set and quality report with unusual combinations."""
    began = time.process_time()
    from core.io.store import Store
    from core.quality import report, with_unusual

    store = Store(Path(home))
    dataset = store.add(Path(path))
    with_unusual(report(store.engine, dataset), store.engine, dataset)
    return json.dumps(time.process_time() - began).encode()


def read_by_pandas(path: str, home: str, progress: Progress) -> bytes:
    """Seconds of CPU of `pandas.read_csv` alone, pandas being loaded."""
    import pandas as pd

    began = time.process_time()
    pd.read_csv(path)
    return json.dumps(time.process_time() - began).encode()
