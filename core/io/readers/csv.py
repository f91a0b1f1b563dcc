"""Text files: values between commas, semicolons, tabs, bars or blanks, in any usual encoding."""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Final

import pyarrow as pa

from core.errors import UserError
from core.io.readers import blanks, delimited, edges, encoding, layout, layout_words, quotes
from core.io.readers.delimited import Parsed
from core.io.readers.edges import Trimmed
from core.io.readers.encoding import Text
from core.io.readers.layout import Layout
from core.io.readers.scratch import scratch
from core.io.reading import Raw, ReadAs

TAKES: Final = ("separator", "encoding", "header")
"""What a person can choose otherwise, of `ReadAs`."""


def read(path: Path, as_: ReadAs) -> Raw:
    """Read a text file; every value stays text, rows that do not fit are set aside.

    Parameters
    ----------
    path : Path
    as_ : ReadAs
        Separator, encoding and header, where a person chose them.

    Raises
    ------
    UserError
        For a file that is empty, not text, or has a quotation mark that is never closed.
    """
    with ExitStack() as stack:
        text = encoding.as_utf8(path, as_.encoding, lambda: stack.enter_context(scratch(path)))
        found = layout.layout_of(text, as_.separator, as_.header)
        cut = text, found
        if found.separator in (*layout.BLANKS, layout.POSITIONS):
            cut = blanks.as_tabs(text, found, stack.enter_context(scratch(path)))
        parsed, doubts = _parsed(*cut)
    _check_misfits(parsed, found)
    doubts = (*layout_words.warnings(found), *doubts)
    return _raw(text, found, edges.trimmed(parsed, found.names, cut[1].separator), as_, doubts)


def looks_like_a_table(path: Path) -> bool:
    """Whether a text has two columns or more."""
    try:
        with ExitStack() as stack:
            text = encoding.as_utf8(path, "", lambda: stack.enter_context(scratch(path)))
            return len(layout.layout_of(text, "", "").names) > 1
    except UserError:
        return False


def _parsed(text: Text, found: Layout) -> tuple[Parsed, tuple[str, ...]]:
    """The rows, and what must be looked at for quotation marks."""
    begin = layout.offset(text, found.data)
    if not text.quoted:
        return delimited.parse(text, found, begin, spanning=False), ()
    look = partial(
        quotes.check, text, found.separator, len(found.names), layout.offset(text, found.header or found.data)
    )
    first = look()
    parsed = delimited.parse(text, found, begin, spanning=first.spanning)
    if parsed.rows + (found.header is not None) == first.rows:
        return parsed, first.warnings()
    # marks that cancel out within a line have hidden one that opens there
    closer = look(every=True)
    if closer.spanning == first.spanning:
        return parsed, closer.warnings()
    return delimited.parse(text, found, begin, spanning=closer.spanning), closer.warnings()


def _check_misfits(parsed: Parsed, found: Layout) -> None:
    rows = parsed.rows - parsed.blank
    if len(parsed.misfits) > rows / 2:
        width = len(found.names)
        columns = "1 column" if width == 1 else f"{width:,} columns"
        where = "The first line" if found.header == 1 else f"Line {found.header or found.data:,}"
        raise UserError(
            f"{where} has {columns}; {len(parsed.misfits):,} of {rows:,} rows have others.",
            "Say which line holds the column names, or save the file with one separator throughout.",
        )


def _raw(text: Text, found: Layout, table: Trimmed, as_: ReadAs, doubts: Sequence[str]) -> Raw:
    return Raw(
        names=table.names,
        columns=table.columns,
        numbers=pa.array(table.numbers),
        decisions=(
            *layout_words.decisions(found)[:1],
            f"Encoding {text.label}.",
            *layout_words.decisions(found)[1:],
            *table.decisions,
        ),
        warnings=(*text.warnings, *doubts, *table.warnings),
        aside=table.aside,
        choices=(
            *layout_words.choices(found, separator=as_.separator, header=as_.header),
            encoding.choice(text, chosen=bool(as_.encoding)),
        ),
    )
