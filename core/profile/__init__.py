"""Profiles: who the segments are, in sizes, value, measures, labels and names."""

from core.profile.baskets import Bought
from core.profile.measured import Difference, MeasureProfile, Stats
from core.profile.mixes import Mix
from core.profile.names import free_name, name_segments
from core.profile.profile import (
    LabelShare,
    Profile,
    Segment,
    profile,
)

__all__ = [
    "Bought",
    "Difference",
    "LabelShare",
    "MeasureProfile",
    "Mix",
    "Profile",
    "Segment",
    "Stats",
    "free_name",
    "name_segments",
    "profile",
]
