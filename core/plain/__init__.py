"""A plain rule per segment: a few conditions in real units that anybody can check or run as SQL."""

from core.plain.columns import Columns, columns_of
from core.plain.every import Plains, plain_rules
from core.plain.found import DEPTH, Plain, plain_rule
from core.plain.rule import Condition, Rule
from core.plain.sql import DIALECTS, sql

__all__ = [
    "DEPTH",
    "DIALECTS",
    "Columns",
    "Condition",
    "Plain",
    "Plains",
    "Rule",
    "columns_of",
    "plain_rule",
    "plain_rules",
    "sql",
]
