"""The flags that say how a file is to be read, where that is not left to its content."""

import argparse
from collections.abc import Mapping
from typing import Final

from core.io.sets.decided import AUTO

HELP: Final[Mapping[str, str]] = {
    "separator": "what stands between values: , or ; or | or another sign; tab, blank, blanks, columns",
    "encoding": "encoding of a text, such as utf-8 or cp1252",
    "decimal": "the sign before decimals: , or .",
    "dayfirst": "whether dates have the day before the month: yes or no",
    "sheet": "name of a workbook's sheet",
    "header": "number of the line with the column names, from 1; none without one",
    "member": "name of the file inside an archive",
}
"""Field of `core.io.reading.ReadAs` -> what can be given."""


def flags(parser: argparse.ArgumentParser) -> None:
    """Declare one flag for each thing that a reader decides."""
    judged = f"judged by the content of the file where not given; {AUTO} takes an earlier choice back"
    group = parser.add_argument_group("reading", judged)
    for name, text in HELP.items():
        group.add_argument(f"--{name}", default="", help=text)


def given(arguments: argparse.Namespace) -> dict[str, str]:
    """The fields of `ReadAs` that were given."""
    return {name: value for name in HELP if (value := getattr(arguments, name))}
