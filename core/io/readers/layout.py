"""How the values of a text table stand: what separates them, and which line holds their names.

Judged by the first lines. A separator is right where it cuts most lines into as many values as the others and
nothing stands above the names; among several, where more columns become numbers or dates.
"""

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.errors import UserError
from core.io.columns.values import check_width
from core.io.readers import positions
from core.io.readers.cut import POSITIONS, SAMPLE, Row, rows_of, width_of
from core.io.readers.encoding import Text
from core.io.readers.header import LOOKED_AT, first_row, names_of, typed_columns
from core.io.readers.pieces import LONGEST_LINE, PIECE

BLANKS: Final = (" ", "  ")
"""One blank or more between two values; two blanks or more, where values have blanks inside."""

SEPARATORS: Final = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "bar",
    " ": "blanks",
    "  ": "two or more blanks",
    POSITIONS: "columns at fixed positions",
}
_WORDS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "blank": " ", "blanks": "  "}

MOSTLY: Final = 0.8
_A_QUARTER: Final = 0.25
_A_TENTH: Final = 0.1
_NO_FIT: Final = (0.0,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where a text table stands in its file.

    Attributes
    ----------
    separator : str
        One character, one of `BLANKS`, or `POSITIONS`.
    names : tuple of str
        As written, maybe empty or repeated; all empty in a file without column names.
    header : int or None
        Number of the line that the names stand on, from 1.
    data : int
        Number of the line after the names: the first that may hold values.
    above : tuple of str
        Lines above the table that are not empty; they are left out.
    lines : tuple of str
        The file's first lines, for a person to choose the header among.
    spans : tuple of positions.Span
        Where the values stand, for `POSITIONS`.
    """

    separator: str
    names: tuple[str, ...]
    header: int | None
    data: int
    above: tuple[str, ...]
    lines: tuple[str, ...]
    spans: tuple[positions.Span, ...] = ()


def layout_of(text: Text, separator: str, header: str) -> Layout:
    """Judge separator and header of a text, as far as a person has not chosen them.

    Parameters
    ----------
    text : Text
    separator, header : str
        Fields of `ReadAs`; empty to judge.

    Raises
    ------
    UserError
        For a file without a line, too many columns, or a choice that does not fit.
    """
    lines = first_lines(text)
    if not any(line.strip() for line in lines):
        raise UserError("This file is empty.", "Choose the file that holds the data.")
    found = _layout(lines, _separator(separator), header) if separator else _best(lines, header)
    check_width(len(found.names))
    if found.separator == POSITIONS:
        begin = found.header - 1 if header and found.header else 0
        columns = positions.found(lines[begin:])
        found = replace(found, spans=columns.spans if columns else ((0, LONGEST_LINE),))
    if not header:
        _check_above(found)
    return found


def first_lines(text: Text) -> list[str]:
    """The first lines of a text, with their ends; without the last where it is cut."""
    with text.path.open("rb") as file:
        file.seek(text.start)
        head = file.read(PIECE)
        if text.longest:  # the first line may be long: it then says how many columns there are
            head += file.read(LONGEST_LINE)
        whole = not file.read(1)
    lines = list(io.StringIO(head.decode(errors="ignore"), newline=""))
    return lines if whole or len(lines) < 2 else lines[:-1]


def offset(text: Text, line: int) -> int:
    """Where one of the first lines, counted from 1, begins in the file."""
    return text.start + sum(len(one.encode()) for one in first_lines(text)[: line - 1])


def _check_above(layout: Layout) -> None:
    """Refuse a mark above the table that takes in lines which look like its rows: they would be lost."""
    sign, width = layout.separator, len(layout.names)
    above = [line for line in layout.lines[: (layout.header or layout.data) - 1] if line.strip()]
    if width < 2 or len(sign) > 1 or sign == " " or '"' not in "".join(above):
        return
    for row in rows_of(layout.lines, sign):
        inside = layout.lines[row.line - 1 : row.end - 1]
        over = row.line < (layout.header or layout.data) and len(inside) > 1
        if over and all(line.count(sign) == width - 1 for line in inside):
            raise UserError(
                f"A quotation mark that opens on line {row.line:,} takes in the rows after it.",
                f"Remove the quotation mark on line {row.line:,}, or say which line holds the column names.",
            )


def _separator(chosen: str) -> str:
    found = _WORDS.get(chosen, chosen)
    if found not in (*BLANKS, POSITIONS) and (
        len(found) != 1 or not found.isascii() or found.isalnum() or found in '"\r\n'
    ):
        raise UserError(
            f"“{chosen[:20]}” can't separate values.",
            "Choose , or ; or | or another sign; or tab, blank (one or more), blanks (two or more), columns.",
        )
    return found


# ---- judging ----


def _best(lines: Sequence[str], header: str) -> Layout:
    found = [_layout(lines, one, header) for one in SEPARATORS]
    fits = [_fit(layout, lines) for layout in found]
    best = found[fits.index(max(fits))]
    if max(fits) > _NO_FIT:
        return best
    # one value on each line: rather a separator that stands in none of them
    return next((one for one in found if not any(one.separator in line for line in lines)), best)


def _fit(layout: Layout, lines: Sequence[str]) -> tuple[float, ...]:
    """How well a separator fits the first lines; the greatest is the best."""
    width, begin = len(layout.names), layout.header or layout.data
    rows = rows_of(lines, layout.separator)
    table = [row for row in rows if row.line >= begin]
    body = [row.cells for row in table if row.line >= layout.data and len(row.cells) == width]
    if not table:  # a line inside a value of several lines, or beyond the sample
        return _NO_FIT
    size, fitting = Counter(len(row.cells) for row in table).most_common(1)[0]
    if min(width, size) < 2 or fitting < max(2, _A_QUARTER * len(rows)):
        return _NO_FIT
    share = fitting / len(table)
    typed = sum(typed_columns(body, width)) / min(width, LOOKED_AT)
    if layout.separator == POSITIONS:
        return _fit_of_positions(lines, share, typed)
    if layout.separator in BLANKS:
        return _fit_of_blanks(layout, rows, share, typed)
    return (float(share >= 0.5), float(not layout.above), round(share, 1), round(typed, 1), width)


def _fit_of_blanks(layout: Layout, rows: Sequence[Row], share: float, typed: float) -> tuple[float, ...]:
    """Blanks stand inside of texts as well: a sign goes before them unless they alone make numbers of all.

    Where some lines have more values than the table, the others lack some, which blanks do not show.
    """
    wider = [row for row in rows if len(row.cells) > len(layout.names)]
    if len(layout.separator) > 1 and len(wider) > _A_TENTH * len(rows):
        return _NO_FIT
    if share == 1 and typed == 1 and not layout.above:
        return (1.0, 1.0, 1.0, 0.95, len(layout.names))
    if share < MOSTLY or not typed:
        return _NO_FIT
    return (0.5, round(share, 1), float(len(layout.separator)))


def _fit_of_positions(lines: Sequence[str], share: float, typed: float) -> tuple[float, ...]:
    """Positions go before blanks where empty values make these cut lines unlike each other."""
    columns = positions.found(lines)
    return (0.6,) if columns and columns.ragged and share == 1 and typed else _NO_FIT


def _layout(lines: Sequence[str], separator: str, header: str) -> Layout:
    rows = rows_of(lines, separator)
    if header:
        return _chosen(lines, rows, separator, header)
    width = width_of(rows)
    first = first_row(rows, width)
    names, row = names_of(rows, first, width)
    begin = rows[first].line if row is None else row.line
    if row and row.end == row.line + 1:
        names = _without_stray_marks(names, lines[row.line - 1], separator)
    return Layout(
        separator=separator,
        names=names,
        header=row.line if row else None,
        data=row.end if row else begin,
        above=tuple(line for line in lines[: begin - 1] if line.strip()),
        lines=tuple(lines[:SAMPLE]),
    )


def _without_stray_marks(names: tuple[str, ...], line: str, separator: str) -> tuple[str, ...]:
    """The names of a line in which marks in odd places have joined two, so that the first seemed to lack."""
    sign = re.escape(separator)
    value = rf'(?:"(?:[^"]|"")*"|[^"{sign}]*)'
    if names[0] or re.fullmatch(rf"{value}(?:{sign}{value})*", line.strip("\r\n")):
        return names
    apart = tuple(name.strip(' "\r\n') for name in line.split(separator))
    return apart if len(apart) == len(names) else names


def _chosen(lines: Sequence[str], rows: Sequence[Row], separator: str, header: str) -> Layout:
    if header == "none":
        width = width_of(rows)
        first = rows[first_row(rows, width)].line
        names, line, data = ("",) * width, None, first
    else:
        row = _chosen_row(lines, separator, header)
        names, line, data, first = tuple(row.cells), row.line, row.end, row.line
    return Layout(
        separator=separator,
        names=names,
        header=line,
        data=data,
        above=tuple(text for text in lines[: first - 1] if text.strip()),
        lines=tuple(lines[:SAMPLE]),
    )


def _chosen_row(lines: Sequence[str], separator: str, header: str) -> Row:
    number = int(header) if re.fullmatch(r"\d{1,9}", header) else 0
    most = min(len(lines), SAMPLE)
    if not 1 <= number <= most:
        raise UserError(
            f"There is no line “{header[:20]}” among the first {most:,} of this file.",
            "Give the number of the line with the column names, counted from 1, or none.",
        )
    rows = rows_of(lines[number - 1 :], separator)
    if not rows or rows[0].line != 1:
        raise UserError(f"Line {number:,} is empty.", "Give the number of the line with the column names.")
    return Row(line=number, end=number + rows[0].end - 1, cells=rows[0].cells)
