"""The marks of a chart as a page hands them to the browser, and as links in the table below it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from core.features.cohort import OURS, SEGMENT, WITHIN, column_for, in_segment, of_fit, of_segment, spelled
from core.features.customers import Customers
from core.features.labels import LABELS
from core.figures.drawn import Drawn, Mark
from core.io.settings import Display
from core.param import Filter
from core.pipeline import Results
from core.spec import Study
from webapp.display import written
from webapp.selection import Counting, segment_number, showing, shown
from webapp.shell import kept_query
from webapp.shown_of import both_said

PATH = "/customers"
CLEANED = ("missing", "outliers")
"""Rows of the ledger for customers who are included, and whom cleaning leaves out of the segments."""


def kept(drawn: Drawn) -> dict[str, Any]:
    """What is kept of a drawing's marks and axes, as JSON takes it."""
    return {"marks": [_written(mark) for mark in drawn.marks], "axes": dict(drawn.axes)}


def opening(drawn: Drawn, results: Results, study: Study) -> Drawn:
    """A drawing whose marks are known by conditions on the study's own columns, and count who is opened.

    Charts about segments show whole segments; where “Show only” is on, their marks count those it leaves, and
    hover, table and mark say both numbers.
    """
    base = _in_study(results)
    whole = tuple(
        replace(mark, conditions=_spelled(mark.conditions, results.customers, base)) for mark in drawn.marks
    )
    if not whole or results.clustering is None or not (study.lens.show or study.lens.label in LABELS):
        return replace(drawn, marks=whole)
    return both_said(drawn, whole, _left(drawn, whole, results, study))


def _left(drawn: Drawn, whole: tuple[Mark, ...], results: Results, study: Study) -> list[int]:
    """How many of each mark's customers are shown."""
    counting, cells = Counting(results, study), drawn.cells
    if cells is None:
        return [counting.of(mark.conditions) for mark in whole]
    inside = np.bincount(cells[shown(results, study) & (cells >= 0)], minlength=len(whole))
    many = np.bincount(cells[cells >= 0], minlength=len(whole)) > 0
    return [int(inside[at]) if many[at] else counting.of(mark.conditions) for at, mark in enumerate(whole)]


def exactly(conditions: Sequence[Filter], results: Results) -> tuple[Filter, ...]:
    """Conditions on a study's customers as links say them: nobody meets them whom cleaning has left out."""
    return _spelled(tuple(conditions), results.customers, _in_study(results))


def _spelled(
    conditions: tuple[Filter, ...], customers: Customers, base: tuple[Filter, ...]
) -> tuple[Filter, ...]:
    about = any(of_fit(customers, f) for f in conditions)
    return tuple(spelled(customers, f) for f in (*conditions, *(() if about else base)))


def _written(mark: Mark) -> list[Any]:
    return [mark.key, [f.write() for f in mark.conditions], mark.customers, mark.said, mark.row]


def _in_study(results: Results) -> tuple[Filter, ...]:
    """What is true of exactly a study's customers where cleaning has left out some who are included."""
    matrix, found = results.matrix, results.clustering
    left_out = matrix is not None and any(row.key in CLEANED for row in matrix.ledger)
    return (of_segment(0, *range(1, found.k + 1)),) if left_out and found is not None else ()


def data(found: Mapping[str, Any], customers: Customers, display: Display) -> dict[str, str]:
    """The marks and axes as data attributes, for assets/selection.js; none where there are none.

    A mark is [key, conditions, customers, the number as text, who they are].
    """
    marks = [
        [key, conditions, customers, written(f"{customers:,}", display), written(said, display)]
        for key, conditions, customers, said, _ in found.get("marks", ())
        if customers
    ]
    attributes = {"data-marks": _text(marks)} if marks else {}
    attributes |= {"data-axes": _text(found["axes"])} if found.get("axes") else {}
    return {**attributes, **_words(customers)} if attributes else {}


def _words(customers: Customers) -> dict[str, str]:
    """What our own words are called where columns of the file have their names; none where they do not."""
    found = {"segments": column_for(customers, SEGMENT), "within": column_for(customers, WITHIN)}
    return {f"data-word-{name}": word for name, word in found.items() if word.endswith(OURS)}


def of_rows(found: Mapping[str, Any], study: Study) -> dict[int, str]:
    """Where the rows of a chart's table lead: the list of exactly the customers that each counts."""
    marks = [
        (row, conditions) for _, conditions, n, _, row in found.get("marks", ()) if row is not None and n
    ]
    return {row: href(study, [Filter.read(text) for text in conditions]) for row, conditions in marks}


def href(study: Study, conditions: Sequence[Filter] = ()) -> str:
    """The list of the customers that a page shows and who meet further conditions, everything else kept."""
    plain = replace(study, lens=replace(study.lens, segment=""))
    return PATH + kept_query(showing(plain, tuple(conditions)))


def everybody(study: Study, results: Results) -> str:
    """The list of all customers that a page is about: on a segment's page of that segment."""
    number = segment_number(study.lens.segment, results) if results.profile is not None else None
    return href(study, () if number is None else (in_segment(results.customers, number),))


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
