"""ydata-profiling's minimal report, in an environment of its own: it needs an older pandas.

`python bench/profiling.py FILE`, run there, measures once and prints JSON; FILE is a table as CSV.
"""

import json
import os
import sys
import time
from typing import Final

NEEDS: Final = ("ydata-profiling==4.18.4", "setuptools<81")


def main() -> None:
    """Measure once."""
    import pandas as pd
    from ydata_profiling import ProfileReport

    table = pd.read_csv(sys.argv[1])
    children = os.times()
    cpu = time.process_time()
    ProfileReport(table, minimal=True, progress_bar=False).to_html()
    spent, after = time.process_time() - cpu, os.times()
    spent += after.children_user + after.children_system - children.children_user - children.children_system
    print(json.dumps({"cpu": spent}))


if __name__ == "__main__":
    main()
