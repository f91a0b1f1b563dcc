"""Tables whose values stand apart by blanks, mostly set in columns: written anew with tabs."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from core.io.readers.encoding import Text
from core.io.readers.layout import Layout
from core.io.readers.pieces import blocks

_TWO: Final = re.compile(rb"[ \t]{2,}|\t")
_QUOTED: Final = rb'("(?:[^"]|"")*+")|'
_BETWEEN: Final = {
    " ": re.compile(_QUOTED + rb"[ \t]+"),
    "  ": re.compile(_QUOTED + rb"[ \t]{2,}|\t"),
}
_PLAIN: Final[dict[str, Callable[[bytes], list[bytes]]]] = {
    " ": bytes.split,
    "  ": lambda line: _TWO.split(line.strip()),
}


def as_tabs(text: Text, layout: Layout, folder: Path) -> tuple[Text, Layout]:
    """A copy of a text with a tab between two values, its lines at their numbers.

    Parameters
    ----------
    text : Text
    layout : Layout
        With a separator of `core.io.readers.layout.BLANKS`.
    folder : Path
        Where the copy may lie.
    """
    path = folder / "tabs"
    values, between = _PLAIN[layout.separator], _BETWEEN[layout.separator]
    with path.open("wb") as file:
        for block in blocks(text.path, text.start):
            file.writelines(
                b"\t".join(values(line)) + b"\n" if b'"' not in line else _marked(line, between)
                for line in block.splitlines()
            )
    return replace(text, path=path, start=0), replace(layout, separator="\t")


def _marked(line: bytes, between: re.Pattern[bytes]) -> bytes:
    """A line with quotation marks: blanks between these stay."""
    return between.sub(lambda found: found[1] or b"\t", line.strip()) + b"\n"
