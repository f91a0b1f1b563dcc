"""The report of a study: one HTML file for reading and printing, with figures fit for paper."""

from core.report.make import report_of
from core.report.page import report
from core.report.told import About

__all__ = ["About", "report", "report_of"]
