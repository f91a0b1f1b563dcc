"""Change over 30 days: who was in which segment then, by the rules of today (DEFINITIONS.md)."""

from core.change.build import change
from core.change.result import DAYS, Change, LabelThen, MeasureThen, Moves

__all__ = ["DAYS", "Change", "LabelThen", "MeasureThen", "Moves", "change"]
