"""Which place of the palette each segment has: its number's, or the one that a team has chosen for it."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

COLOURS: Final = 12
"""Places of the palette."""


class Coloured(Protocol):
    """A segment as far as its colour goes."""

    @property
    def number(self) -> int:
        """1…k, 0 for no segment."""

    @property
    def size(self) -> int:
        """Its customers."""

    @property
    def colour(self) -> int | None:
        """Its place in the palette where that was settled; 0 for grey."""


def places(segments: Sequence[Coloured]) -> dict[int, int]:
    """Place of each segment by number, 1 first; 0 is grey: no segment, and those that are not among the 12.

    Above 12 segments only the 12 largest have colours.
    """
    automatic = _by_number(segments)
    return {s.number: automatic[s.number] if s.colour is None else s.colour for s in segments}


def chosen_places(segments: Sequence[Coloured], chosen: Mapping[int, int]) -> dict[int, int]:
    """Place of each segment where a team has chosen some; no two have the same.

    Parameters
    ----------
    chosen : mapping of int to int
        Number of a segment -> its place; of two with the same place the first one has it. A segment whose
        place is taken goes to the place that the other one left, else to the first that is free.
    """
    automatic = _by_number(segments)
    found: dict[int, int] = {}
    for number, place in chosen.items():
        if number in automatic and place not in found.values():
            found[number] = place
    for number in sorted(n for n in automatic if automatic[n] and n not in found):
        found[number] = _free(automatic, found, number)
    return {number: found.get(number, 0) for number in automatic}


def _free(automatic: Mapping[int, int], found: Mapping[int, int], number: int) -> int:
    """The segment's own place, else what the one on it has left, else the first that is free and nobody's."""
    taken, place, seen = {p: n for n, p in found.items()}, automatic[number], set[int]()
    while place in taken and place not in seen:
        seen.add(place)
        place = automatic[taken[place]]
    if place and place not in taken:
        return place
    spare = [p for p in range(1, COLOURS + 1) if p not in taken]
    return next((p for p in spare if p not in automatic.values()), spare[0] if spare else 0)


def _by_number(segments: Sequence[Coloured]) -> dict[int, int]:
    real = [s for s in segments if s.number > 0]
    if len(real) <= COLOURS:
        return {s.number: s.number if 0 < s.number <= COLOURS else 0 for s in segments}
    largest = sorted(real, key=lambda s: (-s.size, s.number))[:COLOURS]
    place = {number: at for at, number in enumerate(sorted(s.number for s in largest), 1)}
    return {s.number: place.get(s.number, 0) for s in segments}
