"""Numbers, days and currency as a data set's settings say, on pages and in figures; the file's own stays."""

import pytest
from dash import dcc, html

from core.io.settings import Display
from webapp.display import shown, written

POINT = Display(numbers="point")
ISO = Display(dates="iso")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("€1,234.56 of 12,345", "€1.234,56 of 12.345"),
        ("0.55, fair; 2.6× its share", "0,55, fair; 2,6× its share"),
        ("4,327 customers, orders 1 to 3.", "4.327 customers, orders 1 to 3."),
        ("2025-12-31 10:30", "2025-12-31 10:30"),
        ("v1.2.3 and 192.168.0.1 and C1,5", "v1.2.3 and 192.168.0.1 and C1,5"),
        ("−12,345.67", "−12.345,67"),
    ],
)
def test_numbers_are_written_with_other_signs(text: str, expected: str) -> None:
    assert written(text, POINT) == expected


@pytest.mark.parametrize(
    ("dates", "expected"),
    [("iso", "2011-12-09"), ("points", "09.12.2011"), ("day", "09/12/2011"), ("month", "12/09/2011")],
)
def test_days_are_written_otherwise(dates: str, expected: str) -> None:
    assert written("orders to 9 Dec 2011", Display(dates=dates)) == f"orders to {expected}"


def test_a_word_that_only_looks_like_a_day_stays() -> None:
    assert (
        written("31 Feb 2025 and 99 Dec 2025 and 1 Jan 0000", ISO)
        == "31 Feb 2025 and 99 Dec 2025 and 1 Jan 0000"
    )


def test_a_view_is_written_whole_but_for_what_the_file_says() -> None:
    view = [html.P(["1,234 rows, ", html.Strong("5.5 %")]), html.Td("1,234.5", className="atlas-data")]
    found = shown(view, POINT)
    assert found[0].children[0] == "1.234 rows, "
    assert found[0].children[1].children == "5,5 %"
    assert found[1].children == "1,234.5"


def test_a_figure_keeps_its_numbers_and_gets_other_signs() -> None:
    figure = {
        "data": [{"x": [1.5, 2.5], "text": ["1,200.5"], "hovertemplate": "%{x}"}],
        "layout": {"title": {"text": "to 9 Dec 2011"}},
    }
    (found,) = shown([dcc.Graph(figure=figure)], Display(numbers="point", dates="iso"))
    assert found.figure["layout"]["separators"] == ",."
    assert found.figure["layout"]["title"]["text"] == "to 2011-12-09"
    assert found.figure["data"][0]["text"] == ["1.200,5"]
    assert found.figure["data"][0]["x"] == [1.5, 2.5]


def test_with_the_usual_settings_a_view_is_left_alone() -> None:
    view = [html.P("1,234")]
    assert shown(view, Display()) is view
