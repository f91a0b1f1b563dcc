"""What a team keeps beside its data sets, as values."""

from dataclasses import dataclass
from typing import Final

LONGEST_NAME: Final = 80
LONGEST_TEXT: Final = 2_000
MOST_VIEWS: Final = 200
"""Saved views of one data set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a team has given a segment.

    Attributes
    ----------
    name : str
        Empty for the automatic one.
    colour : int
        Place in the palette, 1 first; 0 for the automatic one.
    note : str
    author, changed : str
        Who gave it last, and when (ISO, UTC).
    """

    name: str = ""
    colour: int = 0
    note: str = ""
    author: str = ""
    changed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One text of a suggested action; an empty one takes the default again."""

    text: str
    author: str
    changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A saved view.

    Attributes
    ----------
    version : str
        The version of the data set that it was saved on.
    path, query : str
        The page and its query as it was, without `?`; automatic values are left open in it.
    settled : str
        The query with every automatic value written out; empty where the data set was deleted.
    current : bool
        Whether it is its data set's current one.
    """

    id: str
    version: str
    name: str
    owner: str
    note: str
    path: str
    query: str
    settled: str
    changed: str
    current: bool = False

    @property
    def here(self) -> bool:
        """Whether its data set is still here."""
        return bool(self.settled)
