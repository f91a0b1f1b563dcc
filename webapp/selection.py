"""Which customers a page shows: those included, a segment, a label, the conditions of “Show only”."""

import numpy as np

from core.errors import UserError
from core.features.cohort import asks_fit, included, of_fit, of_study
from core.features.customers import Customers
from core.features.labels import LABELS, YES
from core.param import Filter
from core.pipeline import Results, grouping_of
from core.spec import Study

NONE = "none"
"""The path's word for customers without a segment."""


def segment_number(text: str, results: Results) -> int | None:
    """The number a path's segment stands for in this study, None where there is none of it."""
    assert results.profile is not None
    wanted = "0" if text == NONE else text
    if not wanted.isascii() or not wanted.isdigit() or len(wanted) > 4:
        return None
    found = results.profile.segment(int(wanted))
    return found.number if found is not None and (found.number or text == NONE) else None


def need_of(study: Study, need: str) -> str:
    """How far a study is computed for a page that needs so much, with what it is to show.

    To show the customers of a segment takes the segments.
    """
    return "profile" if need == "customers" and asks_fit(study.lens.show) else need


def segments_of(results: Results) -> np.ndarray | None:
    """Each customer's segment, for every row of the customer sheet: −1 for those not in the study.

    None where the results have no segments.
    """
    made = grouping_of(results)
    return None if made is None else made.segments


def lens_mask(results: Results, study: Study) -> np.ndarray:
    """Who meets “Show only”, its conditions and its label: bool over the rows of the customer sheet."""
    customers, lens = results.customers, study.lens
    mask, _ = included(customers, lens.show, grouping_of(results) if asks_fit(lens.show) else None)
    if lens.label in LABELS:
        mask = mask & (customers.number(lens.label) == YES)
    return mask


def rows_shown(results: Results, study: Study) -> np.ndarray:
    """The rows of the customer sheet that a page shows: who is included, of those whom “Show only” leaves.

    For pages about customers, with segments or without. Customers who are included but have no place in the
    segments (left out by cleaning) are among them; `shown` is about those who have one.
    """
    who = of_study(results.customers, study.cohort).mask
    if study.lens.show or study.lens.label in LABELS:
        who = who & lens_mask(results, study)
    return np.flatnonzero(who)


class Counting:
    """Counts of those whom a page shows and who meet further conditions; each condition is asked once."""

    def __init__(self, results: Results, study: Study) -> None:
        self._customers, self._made = results.customers, grouping_of(results)
        self._rows = rows_shown(results, study)
        self._met: dict[Filter, np.ndarray] = {}

    def of(self, conditions: tuple[Filter, ...]) -> int:
        """How many meet all of these."""
        who = np.ones(self._rows.size, dtype=bool)
        for condition in conditions:
            if condition not in self._met:
                self._met[condition] = included(self._customers, (condition,), self._made)[0][self._rows]
            who &= self._met[condition]
        return int(who.sum())


def shown(results: Results, study: Study, segment: str = "") -> np.ndarray:
    """Bool over the study's customers: those of a segment that the lens shows.

    Raises
    ------
    UserError
        When the study has no such segment.
    """
    assert results.matrix is not None and results.clustering is not None
    chosen = lens_mask(results, study)[results.matrix.rows]
    if segment:
        number = segment_number(segment, results)
        if number is None:
            raise UserError(
                f"There is no segment {segment[:20]} in this view.", "Open one of its segments on Profiles."
            )
        chosen &= results.clustering.labels == number
    return chosen


def showing(study: Study, conditions: tuple[Filter, ...]) -> Study:
    """The study with further conditions of “Show only”."""
    kept = [f.write() for f in study.lens.show]
    return study.with_(show=[*kept, *(f.write() for f in conditions)])


def notes_of(results: Results, study: Study) -> tuple[str, ...]:
    """Which conditions of “Show only” were ignored, and why."""
    if not study.lens.show:
        return ()
    return included(results.customers, study.lens.show, grouping_of(results))[1]


def made_of(study: Study, customers: Customers) -> Study | None:
    """The study that makes segments of the customers that this one shows.

    None where they are known by a segment or a place on the map of this study, which end with it.
    """
    lens = study.lens
    if any(of_fit(customers, f) for f in lens.show):
        return None
    label = [f"{lens.label}:eq:{YES}"] if lens.label in LABELS else []
    kept = [f.write() for f in (*study.cohort.where, *lens.show)]
    return study.with_(where=list(dict.fromkeys([*kept, *label])), show=[], label=None)
