"""Column names: as shown, and as slugs that are safe in SQL, URLs and component ids."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

LONGEST_NAME: Final = 200
LONGEST_SLUG: Final = 60


def shown_names(raw: Sequence[str]) -> tuple[list[str], list[str]]:
    """Unique, non-empty column names, and the decisions that took, in words.

    An empty name becomes `column_3`, a repeated one `name_2`.
    """
    tidy = [" ".join(name.split())[:LONGEST_NAME] for name in raw]
    named = [name or f"column_{i}" for i, name in enumerate(tidy, 1)]
    unique = _unique(named)
    unnamed = [new for old, new in zip(tidy, unique, strict=True) if not old]
    renamed = [f"“{old}” → “{new}”" for old, new in zip(tidy, unique, strict=True) if old and old != new]
    decisions = []
    if unnamed:
        decisions.append(f"Columns without a name are called {listed(unnamed)}.")
    if renamed:
        decisions.append(f"Repeated column names were numbered: {listed(renamed)}.")
    return unique, decisions


def slugs(names: Sequence[str]) -> list[str]:
    """Unique slugs made of a-z, 0-9 and _: `Annual Income (k$)` becomes `annual_income_k`."""
    return _unique([_slug(name) or f"column_{i}" for i, name in enumerate(names, 1)])


def listed(words: Sequence[str], most: int = 5) -> str:
    """Words joined by commas; beyond `most` the rest is counted."""
    rest = len(words) - most
    return ", ".join(words[:most]) + (f" and {rest:,} more" if rest > 0 else "")


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST_SLUG].rstrip("_")


def _unique(names: Sequence[str]) -> list[str]:
    taken: set[str] = set()
    every = set(names)
    found = []
    for name in names:
        new, number = name, 2
        while new in taken or (new != name and new in every):
            new, number = f"{name}_{number}", number + 1
        taken.add(new)
        found.append(new)
    return found
