"""Customer numbers that are spelled in more than one way: 0001, 1 and 1.0; A-7 and a-7."""

import pyarrow as pa
import pyarrow.compute as pc


def canonical(ids: pa.Array) -> pa.Array:
    """Customer numbers in one spelling: without blanks, leading zeros and `.0`, in lower case."""
    plain = pc.utf8_lower(pc.replace_substring_regex(ids, r"\s+", ""))
    whole = pc.replace_substring_regex(plain, r"^(\d+)[.,]0+$", r"\1")
    return pc.replace_substring_regex(whole, r"^0+([0-9a-z])", r"\1")
