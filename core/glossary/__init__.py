"""The glossary: what every number on a page means, its formula, and where it is computed (DEFINITIONS.md)."""

from core.glossary.charts import CHART_TERMS
from core.glossary.said import TERMS, explained
from core.glossary.term import Term

__all__ = ["CHART_TERMS", "TERMS", "Term", "explained"]
