"""What no browser sends: damaged callback requests and addresses, at the real app."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.mutations import ODD_VALUES, mutated_bodies, mutated_urls
from tests.webapp.conftest import cancel_open
from tests.webapp.test_pages import LINKS
from tests.webapp.visitor import UPDATE, Visitor
from webapp import results
from webapp.pages import PAGES
from webapp.settings import ROOT, Settings

SLOWEST = 5.0
ADDRESSES = {
    "data": "/?ds=demo-1",
    "eda": "/eda?tab=pair",
    "clustering": "/clustering?k=5",
    "profiles": "/profiles?k=5",
    "segment": "/profiles/1?k=5",
}
FIRST_ROWS = {
    "startRow": 0,
    "endRow": 100,
    "sortModel": [{"colId": "monetary", "sort": "desc"}],
    "filterModel": {},
    "context": None,
}


@pytest.fixture
def valid(visitor: Visitor) -> list[dict[str, Any]]:
    """A valid request of every kind: pages, each of their controls, jobs, uploads, meanings, the grid."""
    return list(requests_of(visitor))


def requests_of(visitor: Visitor) -> Iterator[dict[str, Any]]:
    """The requests; opens the pages on the way, so that what they show is cached."""
    for name, address in ADDRESSES.items():
        page = PAGES[name]
        visitor.open(address)
        yield visitor.routed(address)
        yield visitor.body(f"{name}-top.children", {"view-in.data": "?k=5#1"}, "view-in.data")
        yield visitor.body(f"{name}-top.children", {f"{name}-reset.n_clicks": 1}, f"{name}-reset.n_clicks")
        for control in page.controls:
            yield visitor.body(f"{name}-top.children", {}, f"{name}-{control}.value")
        if page.conditions:
            form = {
                f"{name}-attribute.value": "age",
                f"{name}-op.value": "ge",
                f"{name}-value.value": "40",
                f"{name}-add.n_clicks": 1,
            }
            yield visitor.body(f"{name}-top.children", form, f"{name}-add.n_clicks")
        if name == "data":
            yield visitor.body(
                "meanings-said.children", {"meanings-use.n_clicks": 1}, "meanings-use.n_clicks"
            )
    yield visitor.body(
        "customers-grid.getRowsResponse",
        {"customers-grid.getRowsRequest": FIRST_ROWS},
        "customers-grid.getRowsRequest",
    )
    poll = {"job-poll.n_intervals": 3, "job.data": "profile-none"}
    yield visitor.body("job-box.children", poll, "job-poll.n_intervals")
    yield visitor.body(
        "job-box.hidden", {"job-cancel.n_clicks": 1, "job.data": "none"}, "job-cancel.n_clicks"
    )
    yield visitor.body("job.data", {"uploaded.data": {"job": "read-none"}}, "uploaded.data")


def test_the_valid_requests_are_answered(visitor: Visitor, valid: list[dict[str, Any]]) -> None:
    assert {visitor.send(body).status_code for body in valid} <= {200, 204}


def test_1000_forged_callbacks_never_break_the_app(visitor: Visitor, valid: list[dict[str, Any]]) -> None:
    recorded = [json.dumps(body).encode() for body in valid]
    for body in mutated_bodies(recorded, 1000, seed=2):
        assert_harmless(body[:600], lambda body=body: send(visitor, body))


def test_300_forged_addresses_never_break_the_app(
    visitor: Visitor, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "PATIENCE", 0.0)  # a forger does not wait for the fits
    for link in mutated_urls(LINKS, 300, seed=3):
        assert_harmless(link, lambda link=link: visitor.client.get(link))
        assert_harmless(link, lambda link=link: visitor.send(visitor.routed(link)))
        cancel_open(home)


@pytest.mark.parametrize("name", list(ADDRESSES))
def test_controls_may_hold_anything(visitor: Visitor, name: str) -> None:
    visitor.open(ADDRESSES[name])
    moved = [f"{name}-{control}.value" for control in PAGES[name].controls]
    for odd in ODD_VALUES:
        body = visitor.body(f"{name}-top.children", dict.fromkeys(moved, odd), moved[0])
        body["changedPropIds"] = moved
        assert_harmless(odd, lambda body=body: post(visitor, body))


def test_a_grid_may_be_asked_for_anything(visitor: Visitor) -> None:
    visitor.open(ADDRESSES["segment"])
    for part in ("startRow", "endRow", "sortModel", "filterModel"):
        for odd in (*ODD_VALUES, [{"colId": []}], [{"colId": "age", "sort": {}}], [{"sort": "desc"}] * 50):
            asked = {"customers-grid.getRowsRequest": {**FIRST_ROWS, part: odd}}
            body = visitor.body("customers-grid.getRowsResponse", asked, "customers-grid.getRowsRequest")
            assert_harmless((part, odd), lambda body=body: post(visitor, body))
    for slot in ("customers-of.data", "customers-search.value"):
        for odd in (*ODD_VALUES, {"query": [], "segment": {}, "everybody": 1, "names": [[9, 0], 7]}):
            asked = {"customers-grid.getRowsRequest": FIRST_ROWS, slot: odd}
            body = visitor.body("customers-grid.getRowsResponse", asked, "customers-grid.getRowsRequest")
            assert_harmless((slot, odd), lambda body=body: post(visitor, body))


def test_meanings_may_be_anything(visitor: Visitor) -> None:
    visitor.open(ADDRESSES["data"])
    for odd in ODD_VALUES:
        for slot in ('{"role":0}.value', "data-query.data"):
            asked = {slot: odd, "meanings-use.n_clicks": 1}
            body = visitor.body("meanings-said.children", asked, "meanings-use.n_clicks")
            assert_harmless((slot, odd), lambda body=body: post(visitor, body))


def test_the_state_of_a_page_may_be_anything(visitor: Visitor) -> None:
    visitor.open(ADDRESSES["segment"])
    for odd in ODD_VALUES:
        for slot in ("segment-query.data", "segment-segment.data", "view-in.data"):
            body = visitor.body("segment-top.children", {slot: odd}, "view-in.data")
            assert_harmless((slot, odd), lambda body=body: post(visitor, body))


def post(visitor: Visitor, body: dict[str, Any]) -> TestResponse:
    """Send what JSON can write but a client would not, such as half a character."""
    return send(visitor, json.dumps(body).encode("utf-8", "surrogatepass"))


def send(visitor: Visitor, data: bytes) -> TestResponse:
    """Send bytes as the body of a callback request."""
    return visitor.client.post(UPDATE, data=data, content_type="application/json")


def assert_harmless(what: object, ask: Callable[[], TestResponse]) -> None:
    """No 5xx, nothing slow, and neither a traceback nor a path of this machine in the answer."""
    started = time.perf_counter()
    answer = ask()
    seconds, said = time.perf_counter() - started, answer.get_data().decode(errors="replace")
    assert answer.status_code < 500, what
    assert seconds < SLOWEST, what
    assert "Traceback" not in said and str(ROOT) not in said and "site-packages" not in said, what
