"""What an address shows that no page has."""

import dash
from dash import html

from core.errors import UserError
from core.spec import Study
from webapp import parts, shell
from webapp.parts import Component


def register() -> None:
    """Register the page, under the name that Dash asks for."""
    dash.register_page(
        "not_found_404", path="/404", title=f"Not found · {shell.NAME}", name="Not found", layout=_layout
    )


def _layout(**_: str) -> Component:
    problem = UserError(
        "There is no page at this address.", "It may have been cut or mistyped (404). Go on from here:"
    )
    data = parts.Step(text="Look at the data", href="/")
    segments = parts.Step(text="See the segments", href="/profiles")
    study = Study()
    view = html.Main(parts.error(problem, data, segments), className="atlas-main", id="main", tabIndex=-1)
    return html.Div(
        [
            html.Div(shell.header("", study, None, None)),
            html.Div(view, className="atlas-body"),
            shell.tabbar("", study),
        ]
    )
