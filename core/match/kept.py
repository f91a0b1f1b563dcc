"""A study's results with the numbers and names of its reference."""

from dataclasses import replace

import numpy as np

from core.choose import Clustering
from core.match.result import Match
from core.profile import Profile


def kept(clustering: Clustering, profile: Profile, found: Match) -> tuple[Clustering, Profile]:
    """The same clustering and profile with other numbers and names; the segments stay in their order."""
    numbers = tuple(now.number for now in found.now)
    place = np.array([0, *numbers], dtype=clustering.labels.dtype)
    called = dict(enumerate(found.now, 1))
    segments = tuple(
        replace(s, number=called[s.number].number, name=called[s.number].name) if s.number else s
        for s in profile.segments
    )
    return (
        replace(clustering, labels=place[clustering.labels], numbers=numbers),
        replace(profile, segments=segments),
    )
