"""The customer that a page is about, and how its values are said."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.arrow import taken
from core.features.customers import Measure
from core.placed import ByRules, Placed, by_rules, placed
from core.profile import MeasureProfile, Profile, Segment
from core.profile.profile import SMALL
from core.roll import LEFT_OUT, Roll
from core.words import about, exact, flag
from webapp.page import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The customer that a page is about.

    Attributes
    ----------
    row : int
        Of the roll.
    segment : Segment or None
        None for a customer whom cleaning left out of the segments.
    place : Placed
    rules : ByRules or None
        Where it is the RFM rules that decide.
    values : mapping of str to value
        The row of the sheet.
    """

    scene: Scene
    roll: Roll
    row: int
    segment: Segment | None
    place: Placed
    rules: ByRules | None
    values: dict[str, Any]

    @property
    def id(self) -> str:
        """As in the file."""
        return str(self.values["id"])

    @property
    def currency(self) -> str:
        """The sign before amounts."""
        return self.scene.results.customers.currency

    @property
    def profile(self) -> Profile:
        """Of the study."""
        found = self.scene.results.profile
        assert found is not None
        return found

    @property
    def next(self) -> Segment | None:
        """The segment that is nearest, other than the own one."""
        number = self.place.next if self.rules is None else self.rules.next
        return None if number is None else self.profile.segment(number)

    def said(self, measure: Measure | MeasureProfile, short: bool = False) -> str:
        """A measure's value in words."""
        return _said(self.values.get(measure.slug), measure, self.currency, short)

    def typical(self, slug: str, segment: Segment | None, short: bool = True) -> str:
        """The median of a segment, of everybody without one, or its most frequent word; empty if unknown."""
        if segment is not None and segment.size < SMALL:
            return ""
        at = None if segment is None else self.profile.at(segment.number)
        m = next((m for m in self.profile.measures if m.slug == slug), None)
        if m is not None:
            stats = m.overall if at is None else m.segments[at]
            return _said(stats.median, m, self.currency, short)
        mix = next((m for m in self.profile.mixes if m.slug == slug), None)
        if mix is None:
            return ""
        counts = mix.overall if at is None else mix.segments[at]
        return mix.levels[int(np.argmax(counts))] if any(counts) else ""


def seen_in(scene: Scene, roll: Roll, row: int) -> Seen:
    """The customer in a row of the study's roll."""
    number, results = int(roll.labels[row]), scene.results
    values = taken(roll.customers.table, np.array([row])).to_pylist()[0]
    inside = number != LEFT_OUT
    ruled = inside and scene.study.cluster.algorithm == "rules"
    profile = results.profile
    assert profile is not None
    return Seen(
        scene=scene,
        roll=roll,
        row=row,
        segment=profile.segment(number) if inside else None,
        place=placed(results, number, roll.compared(row)) if inside else Placed(own=0),
        rules=by_rules(results, number, values.get("r"), values.get("fm")) if ruled else None,
        values=values,
    )


def _said(value: Any, measure: Measure | MeasureProfile, currency: str, short: bool) -> str:
    if value is None:
        return "–"
    if measure.unit == "flag":
        return flag(value)
    if not isinstance(value, (int, float)):
        return str(value)
    said = (about if short else exact)(value, measure.unit, currency)
    return f"{said} days" if measure.unit == "days" and "days" not in measure.label.lower() else said
