"""Profiles: who the segments are, in sizes, value, measures, labels and names."""

from core.profile.names import free_name, name_segments
from core.profile.profile import (
    Difference,
    LabelShare,
    MeasureProfile,
    Mix,
    Profile,
    Segment,
    Stats,
    profile,
)

__all__ = [
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
