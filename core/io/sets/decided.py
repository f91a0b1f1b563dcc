"""What persons have decided about the reading of a file, and how one more decision joins the others."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Final

from core.io.dataset import Dataset
from core.io.reading import ReadAs

AUTO: Final = "auto"
"""A decision taken back: the content judges again."""


def merged(before: Dataset | None, given: Mapping[str, str]) -> ReadAs:
    """What had been decided for a data set, where there is one, with the fields of `ReadAs` given now.

    A field that is not given, or empty, stays as it was decided; `auto` leaves it to the content.
    """
    known = {field.name for field in fields(ReadAs)}
    now = {name: value for name, value in given.items() if name in known and value}
    decided = {c.key: c.value for c in before.choices if c.chosen} if before else {}
    both = {**decided, **now}
    return ReadAs(**{name: "" if value == AUTO else value for name, value in both.items()})
