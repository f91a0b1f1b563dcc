"""E-mail addresses: which can be written to, which are one and the same, and as an ad audience wants them."""

from hashlib import sha256
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_NEVER: Final = r"\s@,;<>()\[\]\""
_VALID: Final = (
    rf"^[^{_NEVER}'=+\-][^{_NEVER}]{{0,63}}"
    rf"@[^{_NEVER}_.\-][^{_NEVER}_]*\.[^{_NEVER}_.\d][^{_NEVER}_.]+$"
)
"""One @, no blanks or marks of lists, a domain with a dot. An address that a spreadsheet would take for a
formula (`=`, `+`, `-` first) cannot be written down safely and counts as none."""

_LONGEST: Final = 254


def addresses(values: pa.Array) -> pa.Array:
    """E-mail addresses trimmed and in small letters; missing where there is none that can be written to."""
    found = pc.utf8_lower(pc.utf8_trim_whitespace(values))
    valid = pc.and_(
        pc.match_substring_regex(found, _VALID),
        pc.and_(pc.less_equal(pc.utf8_length(found), _LONGEST), pc.invert(pc.match_substring(found, ".."))),
    )
    return pc.if_else(pc.fill_null(valid, False), found, None)


def same(found: pa.Array) -> np.ndarray:
    """A number of each address (n,), equal for equal ones, −1 where it is missing."""
    return np.asarray(
        pc.fill_null(found.dictionary_encode().indices, -1).to_numpy(zero_copy_only=False), dtype=np.int64
    )


def everywhere(mask: np.ndarray, address: np.ndarray) -> np.ndarray:
    """What holds for one customer of an address holds for all of them.

    Parameters
    ----------
    mask : bool array (n,)
    address : int array (n,)
        As `same` gives them.
    """
    known = address >= 0
    marked = np.zeros(int(address.max(initial=-1)) + 1, dtype=bool)
    marked[address[mask & known]] = True
    return mask | (known & marked[np.where(known, address, 0)] if marked.size else mask)


def audience(found: pa.Array) -> pa.Array:
    """SHA-256 of each address in hexadecimal digits, as ad audiences are matched by."""
    return pa.array(
        [None if v is None else sha256(v.encode()).hexdigest() for v in found.to_pylist()], pa.string()
    )
