"""Data sets as things on the Data page: renamed, deleted, read otherwise, set, joined.

The page's components, by id; `<ds>` is the id of a version:

============================  ==========  ============================================================
id                            property    meaning
============================  ==========  ============================================================
{"ds-name": <ds>}             value       text field with the name
{"ds-rename": <ds>}           n_clicks    button: take the name of the field
{"ds-delete": <ds>}           n_clicks    button: ask whether to delete
{"ds-delete-yes": <ds>}       n_clicks    button in `datasets-said`, made here: delete
{"ds-delete-no": <ds>}        n_clicks    button in `datasets-said`, made here: keep
datasets-said                 children    live region: the question before a deletion, what is wrong
{"choice": <key>}             value       one field per `ReaderChoice.key`; empty, `AUTO`: by the content
reread-use                    n_clicks    button: read the file again like that
reread-said                   children    live region
{"setting": <key>}            value       field per key of `DISPLAYED` and `CALENDAR`
settings-use                  n_clicks    button: take these settings
settings-said                 children    live region
join-people                   value       select: id of a customer table, see `joinable`
join-use                      n_clicks    button: join it
join-undo                     n_clicks    button: take the joined table off again
join-said                     children    live region
============================  ==========  ============================================================

An upload that replaces, extends or is joined to a data set is the drop zone's: its attribute
`data-upload-to` holds what `upload_to` returns.
"""

from dataclasses import fields
from typing import Any, Final
from urllib.parse import urlencode

from dash import ALL, Dash, Input, Output, State, ctx, html, no_update, set_props

from core.errors import UserError
from core.io.dataset import Dataset
from core.io.reading import ReadAs
from core.io.sets.decided import AUTO
from core.io.sets.joined import stays
from core.io.settings import Display
from core.spec import Study
from webapp import gone, uploads
from webapp.parts import Component
from webapp.results import Services

DISPLAYED: Final = tuple(field.name for field in fields(Display))
"""Keys of `{"setting": …}` that only change how things are shown."""

CALENDAR: Final = ("time_zone", "first_weekday")
"""Keys of `{"setting": …}` that make a new version: an IANA name; 0 for Monday … 6 for Sunday."""

_LONGEST: Final = 200


def register(app: Dash, services: Services) -> None:
    """Register the callbacks."""
    _register_list(app, services)

    @app.callback(
        Output("reread-said", "children"),
        Input("reread-use", "n_clicks"),
        State({"choice": ALL}, "value"),
        State({"choice": ALL}, "id"),
        State("data-query", "data"),
        prevent_initial_call=True,
    )
    def reread(use: Any, values: Any, ids: Any, query: Any) -> Any:
        """Read the kept file again, with what was chosen."""
        given = _by_name(ids, values, "choice")
        payload = {"read_as": {f.name: given[f.name] or AUTO for f in fields(ReadAs) if f.name in given}}
        return _said(
            use, lambda: _submitted(services, str(query or ""), payload, "Reading the file otherwise")
        )

    @app.callback(
        Output("settings-said", "children"),
        Input("settings-use", "n_clicks"),
        State({"setting": ALL}, "value"),
        State({"setting": ALL}, "id"),
        State("data-query", "data"),
        prevent_initial_call=True,
    )
    def settings(use: Any, values: Any, ids: Any, query: Any) -> Any:
        """Show the data set otherwise; another calendar is a new version."""
        study, given = Study.parse(str(query or "")), _by_name(ids, values, "setting")
        return _said(use, lambda: _opened(study, _set(services, study.source.ds, given)))

    @app.callback(
        Output("join-said", "children"),
        Input("join-use", "n_clicks"),
        Input("join-undo", "n_clicks"),
        State("join-people", "value"),
        State("data-query", "data"),
        prevent_initial_call=True,
    )
    def join(use: Any, undo: Any, people: Any, query: Any) -> Any:
        """Join a customer table that is here, or take it off again."""
        study = Study.parse(str(query or ""))
        if ctx.triggered_id == "join-undo":
            return _said(undo, lambda: _opened(study, services.store.unjoin(study.source.ds)))
        return _said(
            use, lambda: _opened(study, services.store.join(study.source.ds, str(people or "")[:_LONGEST]))
        )


def _register_list(app: Dash, services: Services) -> None:
    @app.callback(
        Output("datasets-said", "children"),
        Input({"ds-rename": ALL}, "n_clicks"),
        Input({"ds-delete": ALL}, "n_clicks"),
        Input({"ds-delete-yes": ALL}, "n_clicks"),
        Input({"ds-delete-no": ALL}, "n_clicks"),
        State({"ds-name": ALL}, "value"),
        State({"ds-name": ALL}, "id"),
        State("data-query", "data"),
        prevent_initial_call=True,
    )
    def act(*given: Any) -> Any:
        """Rename at once; delete after a second click."""
        names, ids, query = given[-3:]
        asked = ctx.triggered_id
        if not isinstance(asked, dict) or not any(one.get("value") for one in ctx.triggered):
            return no_update  # a button has appeared, nobody has pressed it
        ((what, ds),) = asked.items()
        address = "/" + Study.parse(str(query or "")).query()
        name = _by_name(ids, names, "ds-name").get(str(ds), "")
        return _said(1, lambda: _acted(services, what, str(ds), name, address))


def upload_to(to: str, ds: str, study: Study) -> str:
    """What an upload's address says besides the file's name.

    Parameters
    ----------
    to : str
        `replace`, `append` or `people` (joined as customers).
    ds : str
        The data set.
    study : Study
        Its recipe goes on with the new version.
    """
    return urlencode({to: ds, "query": study.query()})


def joinable(services: Services, log: Dataset) -> tuple[Dataset, ...]:
    """The customer tables that can be joined to a log; none to a customer table or the demo."""
    if log.kind != "log" or services.store.is_demo(log.id):
        return ()
    found = (d for d in services.store.list() if d.kind == "customers" and d.table.one("id"))
    return tuple(found)


def _acted(services: Services, what: str, ds: str, name: str, address: str) -> Any:
    if what == "ds-rename":
        services.store.rename(ds, name)
        return _gone_to(address, "Renamed.")
    if what == "ds-delete":
        return _question(services, ds)
    if what == "ds-delete-yes":
        gone.delete(services.settings, services.store, services.jobs, services.door, ds)
        return _gone_to(address if _is_here(services, address) else "/", "Deleted.")
    return []


def _question(services: Services, ds: str) -> Component:
    versions = services.store.versions(ds)
    what = f"“{versions[0].name}”"
    if len(versions) > 1:
        what += f" with its {len(versions)} versions"
    asked = f"Delete {what}, and everything that was computed from it? This can't be undone."
    return html.Div(
        [
            html.P(f"{asked} {stays(services.store.joined_to(ds))}".strip()),
            html.Button("Delete it", id={"ds-delete-yes": ds}, className="btn btn-danger", type="button"),
            html.Button(
                "Keep it", id={"ds-delete-no": ds}, className="btn btn-outline-secondary", type="button"
            ),
        ],
        className="atlas-answers",
    )


def _submitted(services: Services, query: str, payload: dict[str, Any], stage: str) -> str:
    study = Study.parse(query)
    services.store.get(study.source.ds)
    return uploads.submitted(services, "reread", study, payload, stage)


def _set(services: Services, ds: str, given: dict[str, str]) -> Dataset:
    day = given.get("first_weekday", "")
    if day and not day.isdecimal():
        raise UserError(f"{day[:20]} is no weekday.", "Choose one from the list.")
    services.store.check_display(ds, _displayed(given))  # all or nothing
    made = services.store.change(
        ds, time_zone=given.get("time_zone") or None, first_weekday=int(day) if day else None, light=True
    )
    services.store.set_display(made.id, _displayed(given))
    return made


def _opened(study: Study, made: Dataset) -> str:
    uploads.opened(study, made.id)
    return "Opening the new version."


def _gone_to(address: str, said: str) -> str:
    set_props("go", {"data": address})
    return said


def _is_here(services: Services, address: str) -> bool:
    try:
        services.store.get(Study.parse(address.removeprefix("/")).source.ds)
    except UserError:
        return False
    return True


def _said(clicks: Any, act: Any) -> Any:
    """What comes of a click, or the sentence why nothing does."""
    if not clicks:
        return no_update
    try:
        return act()
    except UserError as error:
        return str(error)


def _by_name(ids: Any, values: Any, key: str) -> dict[str, str]:
    """Texts of fields by the name in their id; anything else is left out."""
    pairs = zip(ids or [], values or [], strict=False)
    return {str(i.get(key)): v[:_LONGEST] for i, v in pairs if isinstance(i, dict) and isinstance(v, str)}


def _displayed(given: dict[str, str]) -> dict[str, str | None]:
    return {k: None if v == AUTO else v for k, v in given.items() if k in DISPLAYED}
