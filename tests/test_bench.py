"""The bench measures what it says: its table, its requests, and the agreement with the planted segments."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.agreement import segmented
from bench.job import read_by_pandas, reported
from bench.row import Row, percentile, table
from bench.visitor import Visitor, waits

CALLBACKS = [
    {
        "output": "_pages_content.children",
        "inputs": [{"id": "_pages_location", "property": "pathname"}],
        "state": [],
        "clientside_function": None,
    },
    {
        "output": "..eda-view.children...eda-query.data..",
        "inputs": [{"id": "view-in", "property": "data"}, {"id": "eda-column", "property": "value"}],
        "state": [{"id": "eda-query", "property": "data"}],
        "clientside_function": None,
    },
]


def visitor(*answers: bytes) -> Visitor:
    left = list(answers)
    return Visitor(callbacks=CALLBACKS, post=lambda path, body: (200, left.pop(0)))


def test_a_row_shows_both_figures_and_their_ratio() -> None:
    row = Row(name="page", ours=12.34, unit="ms", peer=0.5, runs=40)
    assert row.cells == ("page", "12.3 ms", "0.5 ms", "24.7", "40")


def test_a_row_without_a_peer_leaves_it_open() -> None:
    assert (
        "".join(table([Row(name="start", ours=4, unit="s", runs=3)]).splitlines()[1].split()) == "start4.0s3"
    )


def test_a_percentile_is_the_value_below_which_the_share_lies() -> None:
    assert percentile(list(range(101)), 95) == pytest.approx(95)


def test_a_move_asks_the_pages_own_callback_for_the_view_of_a_query() -> None:
    body = json.loads(visitor().moving("eda", query="?column=orders"))
    assert body["outputs"] == [
        {"id": "eda-view", "property": "children"},
        {"id": "eda-query", "property": "data"},
    ]
    assert [slot["value"] for slot in body["inputs"]] == ["?column=orders#1", None]
    assert (body["state"][0]["value"], body["changedPropIds"]) == ("?column=orders", ["view-in.data"])


def test_a_visitor_asks_until_no_job_stands_behind_the_page() -> None:
    working = json.dumps({"sideUpdate": {"job-poll": {"disabled": False}}}).encode()
    ready = json.dumps({"sideUpdate": {"job-poll": {"disabled": True}}}).encode()
    assert waits(working)
    assert visitor(working, ready).settle(b"{}") == ready


def test_a_page_that_says_what_is_wrong_is_no_measure() -> None:
    with pytest.raises(RuntimeError, match="200"):
        visitor(b'{"className": "atlas-error"}').ask(b"{}")


def test_the_agreement_is_that_with_the_planted_segments(tmp_path: Path) -> None:
    found = segmented(tmp_path, 1)
    assert found.agreement >= 0.9
    assert 0.25 <= found.silhouette <= 0.5


@pytest.mark.parametrize("work", [reported, read_by_pandas])
def test_a_job_says_how_many_seconds_it_computed(work: Callable[..., bytes], tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("customer_id,order_date,amount\n" + "".join(f"{i},2024-01-0{i},5\n" for i in range(1, 9)))
    assert json.loads(work(str(path), str(tmp_path / "home"), lambda stage, share: None)) > 0
