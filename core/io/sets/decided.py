"""What persons have decided about the reading of a file, and how one more decision joins the others."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Final

from core.io.dataset import Dataset, ReaderChoice
from core.io.reading import ReadAs

AUTO: Final = "auto"
"""A decision taken back: the content judges again."""

_DAYFIRST: Final = "dayfirst"


def merged(before: Dataset | None, given: Mapping[str, str]) -> ReadAs:
    """What had been decided for a data set, where there is one, with the fields of `ReadAs` given now.

    A field that is not given, or empty, stays as it was decided; `auto` leaves it to the content.
    """
    known = {field.name for field in fields(ReadAs)}
    now = {name: value for name, value in given.items() if name in known and value}
    decided = {c.key: c.value for c in before.choices if c.chosen} if before else {}
    both = {**decided, **now}
    return ReadAs(**{name: "" if value == AUTO else value for name, value in both.items()})


def day_order(dataset: Dataset) -> str:
    """`yes` or `no` where a person has decided whether the day comes first in open dates, else empty."""
    return next((c.value for c in dataset.choices if c.key == _DAYFIRST and c.chosen), "")


def said_while_reading(dataset: Dataset) -> dict[str, str]:
    """The questions that are answered by how a person wanted the file to be read."""
    return {_DAYFIRST: day_order(dataset)} if day_order(dataset) else {}


def with_day_order(dataset: Dataset, answer: str) -> Dataset:
    """The data set whose reading says the same of days and months as the answer to `dayfirst`."""
    said = ReaderChoice(key=_DAYFIRST, value=answer, chosen=True)
    known = any(c.key == _DAYFIRST for c in dataset.choices)
    choices = (
        replace(c, value=answer, chosen=True) if c.key == _DAYFIRST else c
        for c in (*dataset.choices, *(() if known else (said,)))
    )
    return replace(dataset, choices=tuple(choices))
