"""Marks of charts about segments: a segment's customers, and those of them who have something in common."""

from collections.abc import Sequence

from core.features.cohort import of_segment
from core.figures.drawn import Mark
from core.profile.profile import Segment
from core.words import cut


def segment_marks(segments: Sequence[Segment]) -> tuple[Mark, ...]:
    """A mark per segment, known by its number, in the order of the table's rows."""
    return tuple(
        Mark(
            key=str(s.number),
            conditions=(of_segment(s.number),),
            customers=s.size,
            said=said_in(s),
            row=at,
        )
        for at, s in enumerate(segments)
    )


def said_in(segment: Segment) -> str:
    """A segment, to stand after a number of customers: `in “Big buyers”`; not escaped."""
    return f"in “{cut(segment.name, 60)}”" if segment.number else "without a segment"
