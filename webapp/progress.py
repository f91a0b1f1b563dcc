"""A running job on screen: polled while it runs, cancelled on request."""

from typing import Any

from dash import Dash, Input, Output, State, html, no_update, set_props

from webapp import parts
from webapp.jobs import MAKES_DATA, Job
from webapp.results import Services


def register(app: Dash, services: Services) -> None:
    """Register the two callbacks of a job: the poll and the Cancel button."""

    @app.callback(
        Output("job-box", "children"),
        Output("job-poll", "disabled"),
        Output("job-over", "data"),
        Input("job-poll", "n_intervals"),
        State("job", "data"),
        prevent_initial_call=True,
    )
    def poll(ticks: Any, key: Any) -> tuple[Any, Any, Any]:
        job = services.jobs.status(str(key)) if key else None
        if job is not None and job.over and job.kind in MAKES_DATA:
            return _read(services, job), True, no_update
        if job is None or job.over:
            set_props("job-box", {"hidden": True})
            return [], True, (ticks or 0 if key else no_update)
        if job.state == "queued" and not services.jobs.worker_alive():
            stage = "Waiting for the worker, which is not running"
        elif job.state == "queued":
            stage = f"Waiting: {job.ahead} before this one" if job.ahead else "Waiting for a free place"
        else:
            stage = job.stage or "Starting"
        set_props("job-stage", {"children": stage})  # the box stays: a new Cancel button would ask once more
        set_props("job-bar", parts.bar(job.share))
        return no_update, False, no_update

    @app.callback(
        Output("job-box", "hidden"),
        Input("job-cancel", "n_clicks"),
        State("job", "data"),
        prevent_initial_call=True,
    )
    def cancel(clicks: Any, key: Any) -> Any:
        if not clicks or not key:
            return no_update
        services.jobs.cancel(str(key))
        set_props("job-poll", {"disabled": False})
        return False


def _read(services: Services, job: Job) -> list[parts.Component]:
    """A file has been read: open its data set; or say why it can't be."""
    data = services.jobs.result(job.key) if job.state == "done" else None
    if data is not None:
        set_props("go", {"data": f"/{data.decode()}"})
        return parts.progress("Opening the data set", 1.0)[:2]
    message = job.message or "The file was not read."
    return [html.Div([html.Strong(message), " ", job.hint], className="atlas-error", role="alert")]
