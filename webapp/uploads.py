"""Data sets changed from the Data page: an upload is read, meanings and answers make a new version."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update, set_props

from core.errors import UserError
from core.io.dataset import ROLES
from core.spec import Study
from webapp import parts
from webapp.results import Services


def register(app: Dash, services: Services) -> None:
    """Register the callbacks of upload, meanings and answers."""

    @app.callback(
        Output("job", "data", allow_duplicate=True), Input("uploaded", "data"), prevent_initial_call=True
    )
    def follow(uploaded: Any) -> Any:
        """An upload has arrived: its reading is a job like any other."""
        key = uploaded.get("job") if isinstance(uploaded, dict) else None
        job = services.jobs.status(str(key)) if key else None
        if job is None:
            return no_update
        set_props("job-poll", {"disabled": False})
        set_props("job-box", {"children": parts.progress("Reading the file", 0.0), "hidden": False})
        return job.key

    @app.callback(
        Output("meanings-said", "children"),
        Input("meanings-use", "n_clicks"),
        Input({"answer": ALL, "to": ALL}, "n_clicks"),
        State({"role": ALL}, "value"),
        State({"role": ALL}, "id"),
        State("data-query", "data"),
        prevent_initial_call=True,
    )
    def change(use: Any, answers: Any, roles: Any, ids: Any, query: Any) -> Any:
        """Other meanings or another answer: a new version of the data set, opened at once."""
        study = Study.parse(str(query or ""))
        asked = ctx.triggered_id
        if not any([use, *(answers or [])]) or asked is None:
            return no_update
        try:
            if isinstance(asked, dict):
                answer = {str(asked.get("answer")): str(asked.get("to"))}
                changed = services.store.change(study.source.ds, answers=answer)
            else:
                changed = services.store.change(study.source.ds, roles=_chosen(services, study, roles, ids))
        except UserError as error:
            return str(error)
        set_props("go", {"data": "/" + (study.with_(ds=changed.id).query() or f"?ds={changed.id}")})
        return "Opening the new version."


def _chosen(services: Services, study: Study, roles: Any, ids: Any) -> dict[str, str]:
    """The meanings that differ from those in force, by column."""
    columns = services.store.get(study.source.ds).columns
    chosen = {}
    for role, ident in zip(roles, ids, strict=False):
        at = ident.get("role") if isinstance(ident, dict) else None
        if not isinstance(at, int) or not 0 <= at < len(columns) or not isinstance(role, str):
            continue
        if role in ROLES and role != columns[at].role:
            chosen[columns[at].slug] = role
    return chosen
