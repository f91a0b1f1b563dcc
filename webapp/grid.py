"""The customers of a segment, paged and sorted on the server for AG Grid's infinite row model."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import dash_ag_grid as dag
import numpy as np
from dash import Dash, Input, Output, State, no_update

from core.errors import UserError
from core.features.customers import Measure
from core.io.settings import Display
from core.pipeline import Results
from core.spec import Study
from core.takeaway import taken
from core.words import exact
from webapp.display import in_currency, written
from webapp.parts import Component
from webapp.results import Pending, Services
from webapp.selection import shown

USUAL: Final = Display()
PAGE_ROWS: Final = 100
MOST_ROWS: Final = 1_000


def register(app: Dash, services: Services) -> None:
    """Register the grid's one callback."""

    @app.callback(
        Output("customers-grid", "getRowsResponse"),
        Input("customers-grid", "getRowsRequest"),
        State("segment-query", "data"),
        State("segment-segment", "data"),
        prevent_initial_call=True,
    )
    def rows(request: Any, query: Any, segment: Any) -> Any:
        if not isinstance(request, dict):
            return no_update
        study = Study.parse(str(query or ""))
        study = replace(study, lens=replace(study.lens, segment=str(segment or "")[:20]))
        try:
            display = services.store.display(study.source.ds)
            results = in_currency(services.results(study, "profile"), display)
            return page_of_rows(results, study, request, display)
        except (UserError, Pending):
            return {"rowData": [], "rowCount": 0}


def page_of_rows(
    results: Results, study: Study, request: dict[str, Any], display: Display = USUAL
) -> dict[str, Any]:
    """The rows from `startRow` to `endRow` in the order of `sortModel`, and how many there are in all."""
    assert results.matrix is not None
    rows = results.matrix.rows[shown(results, study, study.lens.segment)]
    rows = rows[_order(results, rows, request.get("sortModel"))]
    start = min(max(_whole(request.get("startRow"), 0), 0), rows.size)
    end = min(max(_whole(request.get("endRow"), start + PAGE_ROWS), start), start + MOST_ROWS, rows.size)
    return {"rowData": _cells(results, rows[start:end], display), "rowCount": int(rows.size)}


def grid(results: Results) -> Component:
    """The grid; its rows come when it asks for them."""
    columns = [{"field": "id", "headerName": "Customer", "pinned": "left", "minWidth": 110}]
    for measure in results.customers.measures:
        numeric = {"type": "rightAligned"} if measure.numeric else {}
        columns.append({"field": measure.slug, "headerName": measure.label, "minWidth": 120, **numeric})
    return dag.AgGrid(
        id="customers-grid",
        columnDefs=columns,
        rowModelType="infinite",
        defaultColDef={"sortable": True, "resizable": True, "sortingOrder": ["asc", "desc", None]},
        dashGridOptions={
            "cacheBlockSize": PAGE_ROWS,
            "maxBlocksInCache": 20,
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": False},
            "suppressFieldDotNotation": True,
            "theme": {"function": "themeQuartz"},
            "ensureDomOrder": True,
        },
        style={"height": 420},
        className="atlas-grid-table",
    )


def _order(results: Results, rows: np.ndarray, wanted: Any) -> np.ndarray:
    first = wanted[0] if isinstance(wanted, list) and wanted and isinstance(wanted[0], dict) else {}
    slug, descending = str(first.get("colId", "")), first.get("sort") == "desc"
    measure = results.customers.measure(slug)
    if slug == "id":
        return np.arange(rows.size)[::-1] if descending else np.arange(rows.size)
    if measure is None:
        return np.arange(rows.size)
    if measure.numeric or measure.levels:
        keys = results.customers.number(slug)[rows]
        missing = np.isnan(keys)
    else:
        codes, levels = results.customers.codes(slug)
        alphabetical = np.argsort(np.argsort(np.array(levels)))
        missing = codes[rows] < 0
        keys = alphabetical[codes[rows]].astype(float)
    return np.lexsort((np.where(missing, 0, -keys if descending else keys), missing))  # missing ones last


def _cells(results: Results, rows: np.ndarray, display: Display) -> list[dict[str, Any]]:
    part = taken(results.customers.table, rows)
    columns: dict[str, Sequence[Any]] = {"id": part["id"].to_pylist()}
    for measure in results.customers.measures:
        values = part[measure.slug].to_pylist()
        columns[measure.slug] = [_cell(v, measure, results.customers.currency, display) for v in values]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _cell(value: Any, measure: Measure, currency: str, display: Display) -> Any:
    if value is None:
        return None
    return written(exact(value, measure.unit, currency), display) if measure.numeric else str(value)


def _whole(value: Any, default: int) -> int:
    return int(value) if isinstance(value, (int, float)) and abs(value) < 1e12 else default
