"""The report and the notebook at their addresses."""

import json
import re
import time
from html import unescape

import pytest
from werkzeug.test import TestResponse

from tests.webapp.visitor import Visitor
from webapp.jobs import Jobs
from webapp.settings import Settings


def asked(visitor: Visitor, address: str) -> TestResponse:
    """The answer, once the worker has written it."""
    deadline = time.monotonic() + 60
    while (answer := visitor.client.get(address)).status_code == 202 and time.monotonic() < deadline:
        assert 'http-equiv="refresh"' in answer.text
    return answer


def test_the_report_opens_in_the_browser_and_says_the_page_s_finding(visitor: Visitor) -> None:
    page = visitor.open("/profiles?k=4")
    answer = asked(visitor, "/report.html?k=4")
    assert answer.status_code == 200 and page.finding in answer.text
    assert answer.headers["Content-Disposition"].startswith("inline; ")


def test_the_notebook_is_a_file_to_keep(visitor: Visitor) -> None:
    answer = asked(visitor, "/notebook.ipynb?k=4")
    assert json.loads(answer.text)["nbformat"] == 4
    assert answer.headers["Content-Disposition"].startswith("attachment; ")


def test_a_report_that_fails_while_the_page_waits_is_not_begun_anew_by_it(
    visitor: Visitor, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = Jobs(home)
    monkeypatch.setattr("webapp.report_routes.PATIENCE", 0.0)
    query = "where=orders%3Agt%3A999999"
    answer = visitor.client.get(f"/report.html?{query}")
    assert answer.status_code == 202
    address = re.search(r'content="1;url=([^"]+)"', answer.text)
    assert address is not None
    deadline = time.monotonic() + 60
    while jobs.waited_for() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert visitor.client.get(f"/report.html{unescape(address[1])}").status_code == 400
    assert visitor.client.get(f"/report.html?{query}").status_code == 202


def test_a_data_set_that_is_not_there_is_told_in_a_sentence(visitor: Visitor) -> None:
    answer = visitor.client.get("/report.html?ds=gone")
    assert answer.status_code == 400 and "There is no data set gone here." in answer.text
