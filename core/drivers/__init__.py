"""What separates the segments: how much of each column they explain, and what a guess loses without it."""

from core.drivers.build import Driver, Drivers, drivers, explained, shares, with_intervals

__all__ = ["Driver", "Drivers", "drivers", "explained", "shares", "with_intervals"]
