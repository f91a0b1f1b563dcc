"""Names of data sets and files as they are kept: text that can be stored, printed and shown."""

import unicodedata
from typing import Final

LONGEST_NAME: Final = 120

_REPLACED: Final = ("Cc", "Cs")
_REPLACEMENT: Final = "\ufffd"


def printable(text: str) -> str:
    """The text with a replacement sign for each byte that was no UTF-8 and each control character."""
    return "".join(_REPLACEMENT if unicodedata.category(sign) in _REPLACED else sign for sign in text)


def tidy(name: str) -> str:
    """A name in one line, printable and not too long; empty where nothing is left."""
    return printable(" ".join(name.split()))[:LONGEST_NAME].strip()
