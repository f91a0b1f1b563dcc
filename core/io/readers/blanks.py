"""Tables whose values stand apart by blanks or at fixed positions: written anew with tabs."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from core.io.readers import positions
from core.io.readers.encoding import Text
from core.io.readers.layout import POSITIONS, Layout
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
        With `POSITIONS` or one of `BLANKS` of `core.io.readers.layout` as separator.
    folder : Path
        Where the copy may lie.
    """
    path = folder / "tabs"
    turned = partial(_cut, layout.spans) if layout.separator == POSITIONS else _apart(layout.separator)
    with path.open("wb") as file:
        for block in blocks(text.path, text.start):
            file.writelines(turned(line) + b"\n" for line in block.splitlines())
    return replace(text, path=path, start=0), replace(layout, separator="\t")


def _apart(separator: str) -> Callable[[bytes], bytes]:
    values, between = _PLAIN[separator], _BETWEEN[separator]
    return lambda line: b"\t".join(values(line)) if b'"' not in line else _marked(line, between)


def _marked(line: bytes, between: re.Pattern[bytes]) -> bytes:
    """A line with quotation marks: blanks between these stay."""
    return between.sub(lambda found: found[1] or b"\t", line.strip())


def _cut(spans: Sequence[positions.Span], line: bytes) -> bytes:
    """A line cut at positions; one that does not stand in the columns stays whole, and so fits no table."""
    text = line.decode()
    values = positions.cut(text, spans)
    if values is None:
        return text.replace("\t", " ").encode()
    return "\t".join(values).encode() if any(values) else b""
