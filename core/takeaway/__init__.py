"""Customers with their segment to take away: who goes, in which columns, in which file."""

from core.takeaway.listed import Listed, csv_of
from core.takeaway.moved import moved_rows
from core.takeaway.safe import safe_text

__all__ = ["Listed", "csv_of", "moved_rows", "safe_text"]
