"""What was judged of the layout of a text table: in words, as choices, and what a person must look at."""

import re
from typing import Final

from core.io.dataset import ReaderChoice
from core.io.readers.layout import MOSTLY, POSITIONS, SEPARATORS, Layout

_KEYS: Final = {"\t": "tab", " ": "blank", "  ": "blanks"}
_MAY_SEPARATE: Final = {
    ",": "commas",
    ";": "semicolons",
    "\t": "tabs",
    r"\|": "bars",
    r"\S {2,}\S": "runs of blanks",
}
_SHOWN_LINES: Final = 8


def choices(layout: Layout, *, separator: str, header: str) -> tuple[ReaderChoice, ...]:
    """Separator and header as something that can be chosen otherwise."""
    offered = tuple((_KEYS.get(one, one), label) for one, label in SEPARATORS.items())
    known = layout.separator in SEPARATORS
    own = () if known else ((layout.separator, f"“{layout.separator}”"),)
    return (
        ReaderChoice(
            key="separator",
            value=_KEYS.get(layout.separator, layout.separator),
            options=(*own, *offered),
            chosen=bool(separator),
        ),
        ReaderChoice(
            key="header",
            value=str(layout.header or "none"),
            options=(("none", "no column names"), *_shown(layout)),
            chosen=bool(header),
        ),
    )


def decisions(layout: Layout) -> tuple[str, ...]:
    """Separator and header in words."""
    label = SEPARATORS.get(layout.separator, f"“{layout.separator}”")
    said = f"Values separated by {label}." if len(layout.names) > 1 else "One value on each line."
    if layout.separator == POSITIONS and len(layout.names) > 1:
        said = "Values stand in columns, each cut out at its positions."
    return said, *_header_in_words(layout)


def _header_in_words(layout: Layout) -> tuple[str, ...]:
    above = len(layout.above)
    lines = "1 line above was" if above == 1 else f"{above:,} lines above were"
    first = f" (the first: “{layout.above[0].strip()[:60]}”)" if above else ""
    if layout.header is None:
        return ("No line holds column names.", *([f"The {lines} left out{first}."] if above else []))
    if not above:
        return ()
    return (f"Column names stand on line {layout.header:,}; the {lines} left out{first}.",)


def warnings(layout: Layout) -> tuple[str, ...]:
    """A sentence for names that quotation marks join, or lines left whole though they hold a separator."""
    return _joined_names(layout) if len(layout.names) > 1 else _whole_lines(layout)


def _joined_names(layout: Layout) -> tuple[str, ...]:
    last = layout.above[-1].strip() if layout.above and layout.header is None else ""
    if '"' in last and last.count(layout.separator) == len(layout.names) - 1:
        return (
            f"The line “{last[:60]}” above the table was left out. If it holds the column names, remove its "
            "quotation marks and upload the file again.",
        )
    held = [name for name in layout.names if len(layout.separator) == 1 and layout.separator in name]
    if held and layout.names[0] == "":
        return (
            f"The first column is taken for one without a name, as “{held[0][:60]}” in quotation marks is "
            "one name. If it is several, remove the quotation marks and upload the file again.",
        )
    return ()


def _whole_lines(layout: Layout) -> tuple[str, ...]:
    lines = [line.strip() for line in layout.lines if line.strip()]
    for sign, label in _MAY_SEPARATE.items():
        if sum(re.search(sign, line) is not None for line in lines) >= MOSTLY * len(lines):
            positions_too = " or columns" if " " in sign else ""
            return (
                f"Each line is read as one value, though most hold {label}; "
                f"choose {label}{positions_too} as the separator where they part values.",
            )
    return ()


def _shown(layout: Layout) -> tuple[tuple[str, str], ...]:
    full = [(n, line.strip()) for n, line in enumerate(layout.lines, 1) if line.strip()]
    offered = full[:_SHOWN_LINES] + [one for one in full[_SHOWN_LINES:] if one[0] == layout.header]
    return tuple((str(number), f"line {number:,}: {line[:60]}") for number, line in offered)
