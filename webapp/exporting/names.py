"""Names of files with customers: the segment, the day, how many."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Final

from core.spec import Study

LONGEST: Final = 60


def named(*parts: str, ending: str) -> str:
    """A file's name of some parts, in ASCII."""
    stem = re.sub(r"[^a-zA-Z0-9_.]+", "-", "-".join(filter(None, parts))).strip("-.")
    return f"{stem or 'list'}.{ending}"


def stem(study: Study, names: Mapping[int, str], day: dt.date | None) -> str:
    """The beginning of the name of a list: whose customers, on which day."""
    words = "customers"
    if study.lens.segment:
        number = int(study.lens.segment) if study.lens.segment.isdigit() else 0
        name = re.sub(r"[^a-z0-9]+", "-", names.get(number, "").lower())[:LONGEST].strip("-")
        words = f"segment-{study.lens.segment}-{name}"
    return "-".join(filter(None, (words.strip("-"), day.isoformat() if day else "")))
