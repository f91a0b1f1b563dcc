"""Zip archives: which are workbooks, and how far one may unpack."""

from typing import Final

WORKBOOKS: Final = {
    "xl/workbook.xml": "an Excel workbook",
    "xl/workbook.bin": "an Excel workbook",
    "content.xml": "an OpenDocument workbook",
}
"""A member that only a workbook has -> what it is."""

RATIO: Final = 100
"""No table unpacks to more than so many times its size."""

_FREE: Final = 20 << 20


def inflates(unpacked: int, packed: int) -> bool:
    """Whether so many bytes, out of so many, are more than any table makes; up to 20 MB always pass."""
    return unpacked > _FREE and unpacked > RATIO * packed
