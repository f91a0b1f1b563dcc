"""What became of the segments of a reference study."""

from dataclasses import dataclass
from typing import Final, Literal

MOSTLY: Final = 0.5
"""More than so much of a segment's customers is most of them: only one other segment can hold most."""

PIECE: Final = 0.1
"""Least share of a segment that is said to have split off."""

Fate = Literal["kept", "split", "merged", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A share of one segment's customers, and the segment of the other study that holds them; 0 for none."""

    number: int
    name: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """A segment of the reference.

    Attributes
    ----------
    size : int
        Its customers in the reference.
    kept : bool
        Whether a segment of the study has its number.
    parts : tuple of Part
        Where its customers are now, of those in both studies, the largest share first; empty where customers
        can't be followed.
    origin : (str, int)
        Query of the study in which it began and its number there, as `core.pipeline.origins` has it.
    """

    number: int
    name: str
    size: int
    kept: bool
    parts: tuple[Part, ...] = ()
    origin: tuple[str, int] = ("", 0)

    @property
    def into(self) -> int | None:
        """The number of the segment that holds most of its customers now; None where none does."""
        return next((p.number for p in self.parts if p.number and p.share > MOSTLY), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """A segment of the study.

    Attributes
    ----------
    number, name : int, str
        The reference's where it is `kept`; else the next free number, and its own name.
    own : str
        The name that it would have by itself.
    parts : tuple of Part
        Where its customers were, of those in both studies, the largest share first.
    """

    number: int
    name: str
    own: str
    kept: bool
    parts: tuple[Part, ...] = ()

    @property
    def out_of(self) -> int | None:
        """The number of the reference's segment that most of its customers were in; None without one."""
        return next((p.number for p in self.parts if p.number and p.share > MOSTLY), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A study's segments beside those of its reference.

    Attributes
    ----------
    reference : str
        Query of the reference with every automatic value written out, without its `?`.
    customers, shared, joined, moved : int
        Customers of the reference, of both studies, of this one only; and those of both that are in another
        segment.
    by : str
        What they were matched by: `customers`, `centres`, or `rules` where both have the same rules.
    then : tuple of Then
    now : tuple of Now
        In the order of `Clustering.centres`.
    problem : str
        Why there is no reference to be had, with what to do; else empty.
    """

    reference: str = ""
    customers: int = 0
    shared: int = 0
    joined: int = 0
    moved: int = 0
    by: str = ""
    then: tuple[Then, ...] = ()
    now: tuple[Now, ...] = ()
    problem: str = ""

    def fate(self, segment: Then) -> Fate:
        """What became of a segment of the reference."""
        if len(self.split(segment)) > 1:
            return "split"
        into = segment.into
        if into is not None and len(self.merged(into)) > 1:
            return "merged"
        return "kept" if segment.kept else "gone"

    def split(self, segment: Then) -> tuple[Now, ...]:
        """The pieces of a segment of the reference: what is mostly made of it, where they are most of it."""
        shares = {p.number: p.share for p in segment.parts}
        own = [n for n in self.now if n.out_of == segment.number and shares.get(n.number, 0.0) >= PIECE]
        return tuple(own) if sum(shares[n.number] for n in own) > MOSTLY else ()

    def merged(self, number: int) -> tuple[Then, ...]:
        """The segments of the reference whose customers are mostly in one segment of the study."""
        return tuple(t for t in self.then if t.into == number)

    def gone(self, number: int) -> Then | None:
        """The segment of the reference with a number that the study does not have, or None."""
        return next((t for t in self.then if t.number == number and not t.kept), None)
