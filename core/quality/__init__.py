"""What a data set looks like and what is wrong with it, with the money that each problem touches."""

from typing import TYPE_CHECKING

from core.quality.contract import Bins, ColumnQuality, Level, Period, Problem, Quality, Spread

if TYPE_CHECKING:  # the web process reads a report without loading what makes one
    from core.io.dataset import Dataset
    from core.io.engine import Engine

__all__ = ["Bins", "ColumnQuality", "Level", "Period", "Problem", "Quality", "Spread", "report"]


def report(engine: "Engine", dataset: "Dataset") -> Quality:
    """The quality report of a data set: its columns, and its problems by the money they touch.

    It looks at the file as it stands, before any step of the recipe. A log whose columns for customer, date
    or money are not known yet has no money.
    """
    from core.quality.build import built

    return built(engine, dataset)
