"""Where a file is dropped or chosen, and which files are meant."""

from collections.abc import Sequence

from dash import html

from webapp import parts
from webapp.parts import Component

LOG_EXAMPLE = (("customer", "date", "amount"), ("C1", "2026-03-04", "12.50"), ("C2", "2026-03-04", "8.00"))
TABLE_EXAMPLE = (("customer", "age", "income"), ("C1", "34", "41000"), ("C2", "52", "38500"))
ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xls,.ods,.parquet,.gz,.zip"


def upload_card() -> Component:
    """Where a file of one's own is dropped or chosen."""
    return html.Section(
        [
            html.H2("Your own file", className="atlas-chart-title", id="upload"),
            drop_zone(
                "Drop a CSV, Excel or Parquet file here, or choose one. Orders, or one row per customer."
            ),
            html.Details(
                [
                    html.Summary("Which file?"),
                    html.P(
                        "A log of orders: one row per order line, with the customer, the date and the amount."
                    ),
                    _example(LOG_EXAMPLE, "A log of orders"),
                    html.P("Or a customer table: one row per customer, with numbers that describe them."),
                    _example(TABLE_EXAMPLE, "A customer table"),
                    html.P(
                        "CSV and text in any encoding, xlsx, xls, ods, Parquet; packed as gz or zip, too."
                        " Your file stays on this server. The columns' names do not matter:"
                        " what they mean is guessed, shown and can be changed."
                    ),
                ],
                className="atlas-more",
            ),
        ],
        className="atlas-card",
    )


def drop_zone(text: str, to: str = "", small: bool = False) -> Component:
    """A place to drop or choose a file; `to` is what the upload's address says besides the file's name."""
    button = "btn btn-outline-secondary" if small else "btn btn-primary"
    return html.Div(
        [
            *([] if small else [parts.icon("cloud-arrow-up")]),
            html.P(text),
            html.Button("Choose a file", className=button, type="button", **{"data-upload-choose": ""}),
            html.Button(
                "Stop", className="btn btn-outline-secondary", type="button", **{"data-upload-cancel": ""}
            ),
            html.Div(_bar(), className="progress"),
            html.P("", role="status", **{"data-upload-message": "", "aria-live": "polite"}),
        ],
        className="atlas-dropzone atlas-dropzone-small" if small else "atlas-dropzone",
        **{"data-upload": "", "data-accept": ACCEPTED, "data-upload-to": to},
    )


def _bar() -> Component:
    limits = {"aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": "0", "aria-label": "Upload"}
    return html.Div(className="progress-bar", role="progressbar", **{"data-upload-bar": "", **limits})


def _example(rows: Sequence[Sequence[str]], label: str) -> Component:
    return parts.table([(str(i), c) for i, c in enumerate(rows[0])], rows[1:], label)
