"""The application: made by one function from its settings, nothing opened before it is used."""

from typing import Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, dcc, html
from flask import Flask
from flask_compress import Compress

from webapp import counting, datasets, grid, page, progress, report_routes, routes, uploads
from webapp.kept import routes as kept_routes
from webapp.pages import PAGES, missing
from webapp.results import Services
from webapp.safety import protect
from webapp.settings import ROOT, Settings
from webapp.shell import NAME

INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
{%metas%}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{%title%}</title>
<link rel="icon" type="image/svg+xml" href="/assets/favicon.svg">
{%favicon%}
<script src="/assets/00_theme.js"></script>
{%css%}
</head>
<body>
{%app_entry%}
<footer>{%config%}{%scripts%}{%renderer%}</footer>
</body>
</html>"""


def create_app(settings: Settings | None = None) -> Dash:
    """The Dash app over a data directory; its `server` is the Flask app that gunicorn serves."""
    settings = settings or Settings.from_env()
    services = Services.of(settings)
    server = Flask("webapp")
    app = Dash(
        "webapp",
        server=server,
        use_pages=True,
        pages_folder="",
        assets_folder=str(ROOT / "assets"),
        assets_ignore=r"^(00_theme|plotly-atlas\.min)\.js$",
        suppress_callback_exceptions=True,
        update_title=None,
        title=NAME,
        index_string=INDEX,
        enable_mcp=False,
    )
    server.config["COMPRESS_ALGORITHM"] = ["br", "gzip"]
    Compress(server)
    app.layout = _layout
    dash.page_registry.clear()  # Dash keeps its pages in one place for all apps of a process
    page.register(app, services, PAGES)
    missing.register()
    progress.register(app, services)
    uploads.register(app, services)
    datasets.register(app, services)
    grid.register(app, services)
    routes.register(server, services)
    report_routes.register(server, services)
    kept_routes.register(server, services)
    counting.register(server, services)
    app.clientside_callback(
        ClientsideFunction("view", "push"),
        Output("view-out", "modified_timestamp"),
        Input("view-out", "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("go", "to"),
        Output("go", "modified_timestamp"),
        Input("go", "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("go", "again"),
        Output("view-in", "data"),
        Input("job-over", "data"),
        prevent_initial_call=True,
    )
    protect(server, app, streamed=("/api/upload", "/api/export"))
    return app


def _layout() -> Any:
    return html.Div(
        [
            html.A("Skip to the content", href="#main", className="atlas-skip"),
            html.Div(id="job-box", className="atlas-progress", role="status", hidden=True),
            dash.page_container,
            *[dcc.Store(id=i) for i in ("view-in", "view-out", "job", "job-over", "go", "uploaded")],
            dcc.Interval(id="job-poll", interval=1000, disabled=True),
        ],
        className="atlas-shell",
    )
