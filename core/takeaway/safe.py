"""Text that a spreadsheet takes as text, whatever it begins with."""

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_BEGINS: Final = r"^([=+\-@\t\r\n])"


def safe_text(value: str) -> str:
    """Text that a spreadsheet takes as text: `'` before a cell that would begin a formula."""
    return "'" + value if value.startswith(FORMULA) else value


def safe_texts(texts: pa.Array) -> pa.Array:
    """`safe_text` of every one."""
    return pc.replace_substring_regex(texts, _BEGINS, r"'\1")
