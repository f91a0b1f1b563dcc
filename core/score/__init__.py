"""Segments for customers who come later, by what was fitted to those who are here."""

from core.score.score import Scored, score
from core.score.sql import segment_sql
from core.score.sql_method import DIALECTS

__all__ = ["DIALECTS", "Scored", "score", "segment_sql"]
