"""A study's customers as a file that is read where it lies: lists page, sort and search it without a copy."""

from core.roll.asked import Asked, in_words
from core.roll.block import block
from core.roll.kept import Written, read, write
from core.roll.listed import SEGMENT, Listed, listed, with_segments
from core.roll.roll import LEFT_OUT, Roll
from core.roll.search import matches

__all__ = [
    "LEFT_OUT",
    "SEGMENT",
    "Asked",
    "Listed",
    "Roll",
    "Written",
    "block",
    "in_words",
    "listed",
    "matches",
    "read",
    "with_segments",
    "write",
]
