"""The app as a whole: which callbacks there are, and that nothing is open before it is used."""

from typing import Any

import pytest

from tests.webapp.visitor import Visitor
from webapp.pages import PAGES

EXCEPTIONS = {
    "job-box.children": "poll",
    "job-box.hidden": "cancel",
    "job.data": "upload follow",
    "meanings-said.children": "meanings and answers",
    "datasets-said.children": "rename and delete a data set",
    "reread-said.children": "read its file otherwise",
    "settings-said.children": "how it is shown, its calendar",
    "join-said.children": "join a customer table",
    "customers-grid.getRowsResponse": "grid rows",
    "_pages_content.children": "Dash's own router",
}
IN_THE_BROWSER = {
    "view-out.modified_timestamp": "push the address",
    "go.modified_timestamp": "go to an address",
    "view-in.data": "once more, after a job",
    "customers-of.modified_timestamp": "search a list of customers",
    "_pages_dummy.children": "Dash's own title",
}


def first_outputs(declared: list[dict[str, Any]], in_browser: bool) -> list[str]:
    """The first output of every callback, without the mark of a shared one."""
    chosen = [d for d in declared if bool(d["clientside_function"]) is in_browser]
    return sorted(d["output"].strip(".").split("...")[0].split("@")[0] for d in chosen)


def test_a_page_has_one_callback_and_the_exceptions_are_named(visitor: Visitor) -> None:
    pages = [f"{page.name}-top.children" for page in PAGES.values()]
    assert first_outputs(visitor.declared, False) == sorted([*pages, *EXCEPTIONS])


def test_the_callbacks_of_the_browser_are_named(visitor: Visitor) -> None:
    assert first_outputs(visitor.declared, True) == sorted(IN_THE_BROWSER)


def test_there_is_no_location_of_our_own(visitor: Visitor) -> None:
    layout = visitor.client.get("/_dash-layout").text
    assert layout.count('"Location"') == 1 and '"_pages_location"' in layout


@pytest.mark.parametrize("path", ["/", "/eda", "/profiles/1", "/nothing"])
def test_a_page_of_html_names_no_other_host(visitor: Visitor, path: str) -> None:
    answer = visitor.client.get(path)
    assert answer.status_code == 200
    assert 'src="http' not in answer.text and 'href="http' not in answer.text
