"""The ways on from a customer: back to the list, and to the customers before and after in it."""

from dataclasses import dataclass, replace

import numpy as np
from dash import dcc, html

from core.spec import Study
from webapp.pages.customer.seen import Seen
from webapp.parts import Component, Step
from webapp.shell import kept_query


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The customers before and after in the segment's list as the lens shows it, and the place in it."""

    back: Step
    before: Step | None
    after: Step | None
    place: str

    def path(self) -> Component:
        """All of them in one line."""
        links = [dcc.Link(f"‹ {self.back.text.removeprefix('Back to ')}", href=self.back.href)]
        links += [html.Span(self.place)] if self.place else []
        links += [dcc.Link("‹ Previous", href=self.before.href)] if self.before else []
        links += [dcc.Link("Next ›", href=self.after.href)] if self.after else []
        return html.Nav(
            links, className="atlas-scope atlas-steps", **{"aria-label": "Customers of this list"}
        )


def ways(seen: Seen) -> Ways:
    """Where the customer stands in the segment's list, whether or not the lens shows it."""
    labels = seen.roll.labels
    lens = replace(seen.scene.study.lens, segment="")
    shown = seen.roll.shown(replace(seen.scene.study, lens=lens), left_out=True)
    rows = np.flatnonzero(shown & (labels == labels[seen.row]))
    at = int(np.searchsorted(rows, seen.row))
    here = at < rows.size and rows[at] == seen.row
    after = at + 1 if here else at
    return Ways(
        back=_back(seen),
        before=_step(seen, "Previous customer", int(rows[at - 1])) if at > 0 else None,
        after=_step(seen, "Next customer", int(rows[after])) if after < rows.size else None,
        place=f"{at + 1:,} of {rows.size:,}" if here else "",
    )


def href(path: str, study: Study) -> str:
    """Another page, with the whole query."""
    return f"{path}{kept_query(study)}"


def _step(seen: Seen, text: str, row: int) -> Step:
    (address,) = seen.roll.addressed(np.array([row]))
    return Step(text=text, href=href(f"/customers/{address}", seen.scene.study))


def _back(seen: Seen) -> Step:
    if seen.segment is None:
        return Step(text="Back to all customers", href=href("/customers", seen.scene.study))
    path = f"/profiles/{seen.segment.number or 'none'}"
    return Step(text=f"Back to “{seen.segment.name}”", href=href(path, seen.scene.study))
