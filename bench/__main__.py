"""`python -m bench [SUITE …]`: measure and print one table; how to read it stands in bench/__init__.py."""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator
from typing import Final

from bench import (
    agreement,
    chance,
    clustering_dense,
    clustering_kmeans,
    clustering_mixture,
    clustering_tree,
    eda,
    export,
    features,
    first_load,
    large_pages,
    lists,
    pages,
    profiles,
    quality,
    reading,
    report,
    silhouette,
    stability,
    start,
    study,
)
from bench.row import Row, table

SUITES: Final[dict[str, Callable[[], Iterator[Row]]]] = {
    "agreement": agreement.rows,
    "pages": pages.rows,
    "lists": lists.rows,
    "start": start.rows,
    "first_load": first_load.rows,
    "large_pages": large_pages.rows,
    "reading": reading.rows,
    "features": features.rows,
    "export": export.rows,
    "report": report.rows,
    "quality": quality.rows,
    "eda": eda.rows,
    "clustering_kmeans": clustering_kmeans.rows,
    "clustering_tree": clustering_tree.rows,
    "clustering_mixture": clustering_mixture.rows,
    "clustering_dense": clustering_dense.rows,
    "study": study.rows,
    "profiles": profiles.rows,
    "chance": chance.rows,
    "stability": stability.rows,
    "silhouette": silhouette.rows,
}


def main() -> None:
    """Run the suites that were named, all without a name."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the product.")
    parser.add_argument("suite", nargs="*", choices=[[], *SUITES], help="; ".join(SUITES))
    chosen = parser.parse_args().suite or list(SUITES)
    rows: list[Row] = []
    for name in chosen:
        print(f"{name} …", file=sys.stderr)
        rows += SUITES[name]()
    print(f"{os.cpu_count()} processors, Python {platform.python_version()}, {platform.system()}\n")
    print(table(rows))


if __name__ == "__main__":
    main()
