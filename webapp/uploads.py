"""Data sets changed from the Data page: an upload is read, meanings and answers make a new version."""

import hashlib
import json
from dataclasses import fields
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update, set_props

from core.errors import UserError
from core.io.dataset import ROLES
from core.io.settings import Display
from core.io.store import NeedsRows
from core.spec import Study
from webapp import parts
from webapp.jobs import Job
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
        watch("Reading the file")
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
                return answered(services, study, str(asked.get("answer")), str(asked.get("to")))
            return changed(services, study, roles=_chosen(services, study, roles, ids))
        except UserError as error:
            return str(error)


def changed(
    services: Services,
    study: Study,
    roles: dict[str, str] | None = None,
    answers: dict[str, str] | None = None,
) -> str:
    """Make the new version, here where that is light, else by a job; what to say meanwhile."""
    try:
        new = services.store.change(study.source.ds, roles=roles, answers=answers, light=True)
    except NeedsRows:
        wanted = {"roles": roles or {}, "answers": answers or {}}
        return submitted(services, "change", study, wanted, "Looking through the rows")
    opened(study, new.id)
    return "Opening the new version."


def answered(services: Services, study: Study, question: str, answer: str) -> str:
    """Take an answer: what only changes how amounts are shown is a setting, all else makes a new version."""
    if question not in {field.name for field in fields(Display)}:
        return changed(services, study, answers={question: answer})
    services.store.set_display(study.source.ds, {question: answer})
    opened(study, study.source.ds)
    return "Taken."


def opened(study: Study, ds: str) -> None:
    """Have the browser open a version, with the rest of the study as it was."""
    set_props("go", {"data": "/" + (study.with_(ds=ds).query() or f"?ds={ds}")})


def submitted(services: Services, kind: str, study: Study, payload: dict[str, Any], stage: str) -> str:
    """Ask for a job that makes a new version of the study's data set; what to say meanwhile."""
    whole = {**payload, "ds": study.source.ds, "query": study.query()}
    name = hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:32]
    job: Job = services.jobs.submit(kind, f"{kind}-{name}", whole, study.source.ds)
    set_props("job", {"data": job.key})
    watch(stage)
    return f"{stage}."


def watch(stage: str) -> None:
    """Show the progress of the job that was just asked for."""
    set_props("job-poll", {"disabled": False})
    set_props("job-box", {"children": parts.progress(stage, 0.0), "hidden": False})


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
