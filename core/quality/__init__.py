"""What a data set looks like and what is wrong with it, with the money that each problem touches."""

from typing import TYPE_CHECKING

from core.quality.contract import Bins, ColumnQuality, Level, Period, Problem, Quality, Spread

if TYPE_CHECKING:  # the web process reads a report without loading what makes one
    from core.io.dataset import Dataset
    from core.io.engine import Engine

__all__ = [
    "Bins",
    "ColumnQuality",
    "Level",
    "Period",
    "Problem",
    "Quality",
    "Spread",
    "report",
    "with_unusual",
]


def report(engine: "Engine", dataset: "Dataset") -> Quality:
    """The quality report of a data set: its columns, and its problems by the money they touch.

    It looks at the file as it stands, before any step of the recipe. A log whose columns for customer, date
    or money are not known yet has no money. Rows whose numbers rarely occur together are not looked for:
    `with_unusual` adds them.
    """
    from core.quality.build import built

    return built(engine, dataset)


def with_unusual(quality: Quality, engine: "Engine", dataset: "Dataset") -> Quality:
    """The report, with the rows whose numbers rarely occur together among its problems.

    It fits a model: to load what fits models takes longer than all of the report.
    """
    from core.quality.build import with_unusual as added

    return added(quality, engine, dataset)
