"""Lists of customers: paged, sorted, filtered and searched on the server for AG Grid's infinite row model."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import dash_ag_grid as dag
import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update, set_props

from core.arrow import taken
from core.errors import UserError
from core.features.customers import Measure
from core.io.settings import Display
from core.roll import SEGMENT, Listed, Roll, in_words, listed, with_segments
from core.spec import Study
from core.words import exact, flag, plural
from webapp import parts, rolls
from webapp.display import written
from webapp.grid_filters import BLANK, NUMBERS, WORDS, conditions, whole
from webapp.page import Scene
from webapp.parts import Component
from webapp.results import Pending, Services

PAGE_ROWS: Final = 100
MOST_ROWS: Final = 1_000
PATIENCE: Final = 10.0
SHOWN: Final = 7
"""Columns that are shown at first, beside the customer's own; the others wait under Columns."""

SECOND_LINE: Final = 2
"""Columns that a phone's rows show in their second line."""

NOBODY: Final[dict[str, Any]] = {"rowData": [], "rowCount": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Which list a grid shows.

    Attributes
    ----------
    study : Study
        With the open segment, if one is open.
    everybody : bool
        Whether those whom cleaning left out of the segments are listed too, and the segment of each.
    names : tuple of (number, name)
        The names that the segments have on the page.
    """

    study: Study
    everybody: bool = False
    names: tuple[tuple[int, str], ...] = ()

    def written(self) -> dict[str, Any]:
        """As the page keeps it."""
        return {
            "query": self.study.query(),
            "segment": self.study.lens.segment,
            "everybody": self.everybody,
            "names": [list(pair) for pair in self.names],
        }

    @classmethod
    def read(cls, given: Any) -> "Asking":
        """What `written` has written; what can't be read is left out."""
        data = given if isinstance(given, Mapping) else {}
        study = Study.parse(str(data.get("query") or ""))
        pairs = data.get("names")
        names = [p for p in pairs if isinstance(p, list) and len(p) == 2] if isinstance(pairs, list) else []
        return cls(
            study=replace(study, lens=replace(study.lens, segment=str(data.get("segment") or "")[:20])),
            everybody=bool(data.get("everybody")),
            names=tuple((n, str(name)) for n, name in names[:1000] if type(n) is int and 0 <= n < 10_000),
        )


def register(app: Dash, services: Services) -> None:
    """Register the grid's callback, and the browser's own that asks anew when the search has changed."""
    app.clientside_callback(
        ClientsideFunction("customers", "again"),
        Output("customers-of", "modified_timestamp"),
        Input("customers-search", "value"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output("customers-grid", "getRowsResponse"),
        Input("customers-grid", "getRowsRequest"),
        State("customers-of", "data"),
        State("customers-search", "value"),
        prevent_initial_call=True,
    )
    def rows(request: Any, of: Any, search: Any) -> Any:
        if not isinstance(request, dict):
            return no_update
        if not isinstance(of, dict):
            return NOBODY
        try:
            answer, said = answered(services, Asking.read(of), request, str(search or "")[:200])
        except UserError as problem:
            answer, said = NOBODY, f"{problem.message} {problem.hint}"
        except Pending:
            answer, said = NOBODY, "The list is still being written. Reload the page in a moment."
        set_props("customers-found", {"children": said})
        return answer


def answered(
    services: Services, asking: Asking, request: Mapping[str, Any], search: str = ""
) -> tuple[dict[str, Any], str]:
    """The rows from `startRow` to `endRow` as `sortModel` and `filterModel` ask for them, how many there are
    in all, and the same in words.

    Raises
    ------
    UserError, Pending
        As `webapp.rolls.roll` does.
    """
    study = asking.study
    display = services.store.display(services.store.get(study.source.ds).id)
    roll = rolls.roll(services, study, PATIENCE)
    chosen = _FOUND.narrowed(roll, asking, search, request.get("filterModel"))
    slug, descending = _order(chosen.found.roll, request.get("sortModel"))
    start = whole(request.get("startRow"), 0)
    end = min(whole(request.get("endRow"), start + PAGE_ROWS), max(start, 0) + MOST_ROWS)
    rows = chosen.found.page(start, end, slug, descending)
    answer = {"rowData": _cells(chosen.found.roll, rows, display), "rowCount": chosen.found.size}
    return answer, written(_said(chosen), display)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Narrowed:
    """A list as far as the lens goes, and what search and filters of the grid leave of it."""

    whole: int
    found: Listed
    asked: bool


@dataclass(slots=True)
class _Found:
    """The lists that this process was asked for last: one page of a list follows another."""

    kept: OrderedDict[str, tuple[Roll, _Narrowed]] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def narrowed(self, roll: Roll, asking: Asking, search: str, model: Any) -> _Narrowed:
        """The customers of a list whom search and filters leave."""
        key = repr((asking, search, model))
        with self.lock:
            hit = self.kept.pop(key, None)
        same = hit is not None and hit[0].own is roll.own
        found = hit[1] if hit is not None and same else _narrowed(roll, asking, search, model)
        with self.lock:
            self.kept[key] = (roll, found)
            while len(self.kept) > rolls.KEPT_OPEN:
                self.kept.popitem(last=False)
        return found


_FOUND: Final = _Found()


def _narrowed(roll: Roll, asking: Asking, search: str, model: Any) -> _Narrowed:
    mask = roll.shown(asking.study, left_out=asking.everybody)
    roll = with_segments(roll, dict(asking.names)) if asking.everybody else roll
    every = listed(roll, mask)
    asked = conditions(roll.customers, model)
    words = ["id", *(m.slug for m in roll.customers.measures if in_words(roll.customers, m.slug))]
    found = every.narrowed(search, words, asked)
    return _Narrowed(whole=every.size, found=found, asked=bool(search.strip() or asked))


def _said(chosen: _Narrowed) -> str:
    """How many of how many are found; nothing where nothing was asked: the page says that."""
    return f"{plural(chosen.whole, 'customer')}; {chosen.found.size:,} found" if chosen.asked else ""


def _order(roll: Roll, wanted: Any) -> tuple[str, bool]:
    first = wanted[0] if isinstance(wanted, list) and wanted and isinstance(wanted[0], dict) else {}
    slug, descending = str(first.get("colId", "")), first.get("sort") == "desc"
    return (slug, descending) if slug == "id" or roll.customers.measure(slug) is not None else ("id", False)


def _cells(roll: Roll, rows: Any, display: Display) -> list[dict[str, Any]]:
    measures, currency = roll.customers.measures, display.sign(roll.customers.currency)
    part = taken(roll.customers.table.select(["id", *(m.slug for m in measures)]), rows)
    columns: dict[str, Sequence[Any]] = {"_key": roll.addressed(rows), "id": part["id"].to_pylist()}
    for measure in measures:
        columns[measure.slug] = [cell(v, measure, currency, display) for v in part[measure.slug].to_pylist()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def cell(value: Any, measure: Measure, currency: str, display: Display) -> str | None:
    """A customer's value as a list shows it, None where it is missing."""
    if value is None:
        return None
    if measure.numeric:
        return written(exact(value, measure.unit, currency), display)
    return flag(value) if measure.unit == "flag" else str(value)


def grid(scene: Scene, everybody: bool = False) -> Component:
    """The list of the customers that a page shows: search, columns, and the grid, whose rows come on request.

    Parameters
    ----------
    everybody : bool
        As in `Asking`.
    """
    profile = scene.results.profile
    names = tuple((s.number, s.name) for s in profile.segments) if profile is not None else ()
    asking = Asking(study=scene.study, everybody=everybody, names=names)
    columns = _columns(scene, everybody)
    found = html.Span("", id="customers-found", className="atlas-list-found", role="status")
    return html.Div(
        [
            html.Div([_search(), found, _sort(columns), _menu(columns)], className="atlas-list-tools"),
            dcc.Store(id="customers-of", data=asking.written()),
            _table(columns),
            html.P("The list itself: “Export this list” gives it as a file.", className="atlas-print-only"),
        ],
        className="atlas-list",
        key=repr(asking.written()),
    )


def said_of(count: str) -> list[Component]:
    """What stands above a list: how many customers, and how it is sorted and opened, by pointer or touch."""
    return [
        f"{count}. ",
        html.Span("Click a heading to sort, a row to open the customer.", className="atlas-list-heads"),
        html.Span("Choose an order; tap a row to open the customer.", className="atlas-list-touch"),
    ]


def _columns(scene: Scene, everybody: bool) -> list[dict[str, Any]]:
    """AG Grid's columns: the customer, the segment where it differs, what made the segments, the others."""
    customers, matrix = scene.results.customers, scene.results.matrix
    made = matrix.columns if matrix is not None else ()
    measures = sorted(customers.measures, key=lambda m: (m.slug not in made, m.slug != "monetary"))
    segment = [Measure(slug=SEGMENT, label="Segment", unit="band")] if everybody else []
    found = [_column(m, hide=at >= SHOWN) for at, m in enumerate([*segment, *measures])]
    named = [column["headerName"] for column in found[:SECOND_LINE]]
    first = {
        "field": "id",
        "headerName": "Customer",
        "pinned": "left",
        "lockPosition": "left",
        "minWidth": 130,
        "cellRenderer": "AtlasCustomer",
        "cellRendererParams": {
            "second": [{"slug": c["field"], "label": label} for c, label in zip(found, named, strict=False)]
        },
        **_filter(numeric=False),
    }
    return [first, *found]


def _column(measure: Measure, hide: bool) -> dict[str, Any]:
    right = {"type": "rightAligned"} if measure.numeric else {}
    percent = " (in %)" if measure.unit == "share" else ""
    wide = {"width": 220} if measure.slug == SEGMENT else {}
    return {
        "field": measure.slug,
        "headerName": measure.label,
        "headerTooltip": f"{measure.label}{percent}",
        "minWidth": 120,
        "hide": hide,
        **wide,
        **right,
        **_filter(measure.numeric),
    }


def _filter(numeric: bool) -> dict[str, Any]:
    return {
        "filter": "agNumberColumnFilter" if numeric else "agTextColumnFilter",
        "filterParams": {
            "filterOptions": [*(NUMBERS if numeric else WORDS), *BLANK],
            "buttons": ["reset"],
            "debounceMs": 400,
            **({"defaultOption": "greaterThanOrEqual"} if numeric else {}),
            "inRangeInclusive": True,
        },
    }


def _search() -> Component:
    field = dbc.Input(
        id="customers-search",
        type="search",
        placeholder="Search by id or word",
        debounce=300,
        autocomplete="off",
        maxlength=200,
    )
    return parts.named("Search these customers", field)


def _sort(columns: Sequence[Mapping[str, Any]]) -> Component:
    """The order as a select, for small screens, where there are no headings to click."""
    options = [html.Option("Order: by customer", value="id asc")]
    for column in columns[1:]:
        down = "first letter first" if column["filter"] == "agTextColumnFilter" else "highest first"
        way = "asc" if column["filter"] == "agTextColumnFilter" else "desc"
        options.append(html.Option(f"{column['headerName']}, {down}", value=f"{column['field']} {way}"))
    return html.Label(
        [html.Span("Order", className="visually-hidden"), html.Select(options, className="form-select")],
        className="atlas-list-sort atlas-named",
    )


def _menu(columns: Sequence[Mapping[str, Any]]) -> Component:
    """The columns as switches; assets/customers.js shows and hides them."""
    switches = [
        html.Button(
            [parts.icon("check2"), html.Span(column["headerName"])],
            className="atlas-list-column",
            type="button",
            **{"data-column": column["field"], "aria-pressed": "false" if column["hide"] else "true"},
        )
        for column in columns[1:]
    ]
    return html.Details(
        [html.Summary("Columns", className="btn btn-outline-secondary"), html.Div(switches)],
        className="atlas-list-columns",
    )


def _table(columns: Sequence[Mapping[str, Any]]) -> Component:
    return dag.AgGrid(
        id="customers-grid",
        columnDefs=list(columns),
        rowModelType="infinite",
        defaultColDef={
            "sortable": True,
            "resizable": True,
            "sortingOrder": ["asc", "desc", None],
            "width": 150,
            "wrapHeaderText": True,
        },
        dashGridOptions={
            "cacheBlockSize": PAGE_ROWS,
            "maxBlocksInCache": 20,
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": False},
            "suppressFieldDotNotation": True,
            "theme": {"function": "themeQuartz"},
            "ensureDomOrder": True,
            "maxConcurrentDatasourceRequests": 1,
            "localeText": {"noRowsToShow": "Nobody matches. Clear the search or the filters."},
        },
        style={"height": 460},
        className="atlas-grid-table",
    )
