"""The customers behind a mark: who they are beside all, in which segments, and their list."""

import numpy as np
from dash import dcc, html

from core import describe
from core.arrow import taken
from core.features.cohort import of_study
from core.features.labels import LABELS, YES
from core.io.settings import Display
from core.param import Filter
from core.words import number, plural
from webapp import parts
from webapp.charts import chart
from webapp.grid import cell, grid, said_of
from webapp.marks import href
from webapp.page import Page, Scene
from webapp.parts import Component, Figure, Step
from webapp.selection import made_of, rows_shown, segments_of
from webapp.shell import kept_query

TYPICAL = (
    ("orders", "Median orders", "Of the middle customer."),
    ("monetary", "Median spend", "Of the middle customer: net sales in the period."),
    ("recency", "Median days since last order", "Of the middle customer. Small is recent."),
)
"""Measures whose median is a key figure where the data has them, with what stands behind their (i)."""


def view(scene: Scene) -> list[Component]:
    """The whole page below the shell."""
    results, study = scene.results, scene.study
    rows = rows_shown(results, study)
    said = describe.who_is_shown(study, results)
    finding = f"{plural(rows.size, 'customer')} {said}".strip()
    every = np.flatnonzero(of_study(results.customers, study.cohort).mask)
    if not rows.size:
        return _nobody(scene, said if every.size else "meets the conditions of “Who is included”")
    primary, secondary = _export(scene), _making(scene)
    return [
        parts.head(f"{finding}.", scene.scope, primary, secondary),
        parts.figures(_figures(scene, rows, every)),
        parts.grid(_segments(scene, rows), _labels(scene, rows)),
        _list(scene, rows),
        parts.next_step("Next: look at these customers only.", _exploring(scene), secondary),
    ]


def _nobody(scene: Scene, said: str) -> list[Component]:
    everybody = scene.study.with_(show=[], label=None)
    if not of_study(scene.results.customers, scene.study.cohort).mask.any():
        everybody = everybody.with_(where=[])
    every = Step(text="Show all customers", href=f"/customers{kept_query(everybody)}")
    empty = html.Div(
        [html.P("Remove one of the conditions above, or show all."), parts.button(every, True)],
        className="atlas-empty",
    )
    return [parts.head(f"No customer {said}.", scene.scope, None), empty]


def _list(scene: Scene, rows: np.ndarray) -> Component:
    """Their list; of a study without segments, which has few customers, a plain table."""
    customers = scene.results.customers
    said = plural(rows.size, "customer")
    if scene.results.profile is not None:
        return parts.card_table("Customers", said_of(said), grid(scene, everybody=True))
    shown = taken(customers.table, rows[: parts.TABLE_ROWS])
    cells = [[str(one) for one in shown["id"].to_pylist()]]
    for m in customers.measures:
        values = shown[m.slug].to_pylist()
        cells.append([cell(value, m, customers.currency, Display()) or "–" for value in values])
    columns = [("id", "Customer"), *((m.slug, m.label) for m in customers.measures)]
    left = f" The first {parts.TABLE_ROWS} are shown." if rows.size > parts.TABLE_ROWS else ""
    table = parts.table(columns, [list(row) for row in zip(*cells, strict=True)], "Customers")
    return parts.card_table("Customers", f"{said}.{left}", table)


def _export(scene: Scene) -> Step:
    query = kept_query(scene.study)
    href = f"/export/customers.csv{query}{'&' if query else '?'}everybody=1"
    return Step(text="Export this list", href=href, download=True)


def _exploring(scene: Scene) -> Step:
    return Step(text="Explore these customers", href=f"/eda{kept_query(scene.study)}")


def _making(scene: Scene) -> Step | None:
    """New segments of these customers alone; None where they are known by a segment of this view."""
    made = made_of(scene.study, scene.results.customers)
    return (
        None if made is None else Step(text="Make segments of these", href=f"/clustering{kept_query(made)}")
    )


def _figures(scene: Scene, rows: np.ndarray, every: np.ndarray) -> list[Figure]:
    customers = scene.results.customers
    share = number(rows.size / every.size, "share")
    found = [
        Figure(label="Customers", value=f"{rows.size:,}", sub=f"{share} of {every.size:,}", term="customers")
    ]
    if customers.has("monetary"):
        value = customers.number("monetary")
        own, whole = float(np.nansum(value[rows])), float(np.nansum(np.maximum(value[every], 0)))
        worth = float(np.nansum(np.maximum(value[rows], 0))) / whole if whole > 0 else None
        found.append(
            Figure(
                label="Net sales",
                value=number(own, "money", customers.currency),
                sub=f"{number(worth, 'share')} of all",
                help="Customers below zero count as 0 in the share.",
                term="net",
            )
        )
    return [*found, *(_typical(scene, rows, every, *one) for one in TYPICAL if customers.measure(one[0]))]


def _typical(scene: Scene, rows: np.ndarray, every: np.ndarray, slug: str, label: str, said: str) -> Figure:
    customers = scene.results.customers
    values = customers.number(slug)
    unit = next(m.unit for m in customers.measures if m.slug == slug)
    own, overall = (_middle(values[some]) for some in (rows, every))
    return Figure(
        label=label,
        value=number(own, unit, customers.currency),
        sub=f"all: {number(overall, unit, customers.currency)}",
        help=said,
        term=slug,
    )


def _middle(values: np.ndarray) -> float | None:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else None


def _segments(scene: Scene, rows: np.ndarray) -> Component:
    """The bars of their segments; None where customers have none yet."""
    profile, labels = scene.results.profile, segments_of(scene.results)
    if profile is None or labels is None:
        return None
    counts = [int((labels[rows] == s.number).sum()) for s in profile.segments]
    return chart(scene, "in_segments", lambda draw: draw(profile.segments, counts))


def _labels(scene: Scene, rows: np.ndarray) -> Component:
    """How many of them carry each label, of those that can be judged."""
    infos = [info for info in scene.results.customers.labels if not info.reason]
    if not infos:
        return None
    columns = [("label", "Label"), ("yes", "Customers"), ("judged", "can be judged"), ("all", "of all")]
    found, opens = [], {}
    for at, info in enumerate(infos):
        codes = scene.results.customers.number(info.key)
        yes, judged = int((codes[rows] == YES).sum()), int((codes[rows] >= 0).sum())
        share = number(info.yes / info.judged, "share") if info.judged else "–"
        told = _opening(scene, judged, f"{info.key}:in:0,1")
        found.append([LABELS[info.key], _opening(scene, yes, f"{info.key}:eq:1"), told, share])
        if yes:
            opens[at] = (
                f"/customers{kept_query(scene.study.with_(show=[*_shown(scene), f'{info.key}:eq:1']))}"
            )
    return parts.card_table(
        "Which labels do they carry?",
        "A customer may carry several; a label opens its customers.",
        parts.table(columns, found, "Labels", opens=opens),
        wide=False,
    )


def _opening(scene: Scene, count: int, condition: str) -> Component:
    return dcc.Link(f"{count:,}", href=href(scene.study, [Filter.read(condition)])) if count else "0"


def _shown(scene: Scene) -> list[str]:
    return [f.write() for f in scene.study.lens.show]


PAGE = Page(
    name="customers",
    path="/customers",
    title="Customers",
    need="profile",
    without="customers",
    visible=("label",),
    more=(),
    view=view,
)
