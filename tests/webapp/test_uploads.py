"""A file on its way in: streamed, bounded, read by the worker, opened; or refused in a sentence."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.processes import eventually
from tests.webapp.visitor import Visitor
from webapp.jobs import Jobs
from webapp.settings import Settings

CSV = "customer,age,income\n" + "".join(f"C{i},{20 + i % 50},{900 * i + 13}\n" for i in range(80))
LARGE = b"customer,age\n" + b"C1,44\n" * 300_000


def put(visitor: Visitor, content: bytes, name: str = "mine.csv", **environ: Any) -> TestResponse:
    return visitor.client.put(
        f"/api/upload?name={name}", input_stream=io.BytesIO(content), environ_overrides=environ
    )


def uploaded(visitor: Visitor, content: bytes, name: str = "mine.csv") -> TestResponse:
    return put(visitor, content, name, CONTENT_LENGTH=str(len(content)))


@pytest.fixture
def nothing_stays(home: Settings) -> Iterator[None]:
    """Whatever was refused leaves nothing in the inbox."""
    yield
    inbox = home.data_dir / "inbox"
    assert eventually(lambda: not inbox.exists() or not any(inbox.iterdir()))


def followed(visitor: Visitor, home: Settings, job: str) -> dict[str, Any]:
    """What the poll says when the reading is over."""
    follow = visitor.body("job.data", {"uploaded.data": {"job": job, "name": "mine.csv"}}, "uploaded.data")
    assert visitor.send(follow).get_json()["response"]["job"]["data"] == job
    jobs = Jobs(home)
    assert eventually(lambda: (found := jobs.status(job)) is not None and found.over, 60)
    poll = visitor.body(
        "job-box.children", {"job-poll.n_intervals": 1, "job.data": job}, "job-poll.n_intervals"
    )
    found: dict[str, Any] = visitor.send(poll).get_json()
    return found


@pytest.mark.usefixtures("nothing_stays")
def test_a_file_is_read_and_its_data_set_opened(visitor: Visitor, home: Settings) -> None:
    answer = uploaded(visitor, CSV.encode())
    assert answer.status_code == 200
    told = followed(visitor, home, answer.get_json()["job"])
    href = told["sideUpdate"]["go"]["data"]
    page = visitor.open(href)
    assert not page.refusal and "80" in page.finding


@pytest.mark.usefixtures("nothing_stays")
@pytest.mark.parametrize(
    "content", [b"\x00\x01\x02" * 100, b"PK\x03\x04 no workbook", b"PAR1 no parquet PAR1"]
)
def test_a_file_that_cannot_be_read_is_said_where_the_progress_was(
    visitor: Visitor, home: Settings, content: bytes
) -> None:
    answer = uploaded(visitor, content, "odd.xlsx")
    told = followed(visitor, home, answer.get_json()["job"])
    assert "atlas-error" in str(told["response"]["job-box"]["children"])
    assert "go" not in told.get("sideUpdate", {})


@pytest.mark.usefixtures("nothing_stays")
def test_an_empty_file_is_refused_in_a_sentence(visitor: Visitor) -> None:
    answer = uploaded(visitor, b"")
    assert answer.status_code == 400
    assert answer.get_json()["message"] == "mine.csv is empty."
    assert answer.get_json()["hint"]


@pytest.mark.usefixtures("nothing_stays")
def test_a_file_over_the_limit_is_refused_in_a_sentence(visitor: Visitor) -> None:
    answer = uploaded(visitor, LARGE)
    assert answer.status_code == 400
    assert "1 MB" in answer.get_json()["message"] and answer.get_json()["hint"]


@pytest.mark.usefixtures("nothing_stays")
def test_a_body_without_a_length_is_bounded_too(visitor: Visitor) -> None:
    answer = put(visitor, LARGE, HTTP_TRANSFER_ENCODING="chunked", **{"wsgi.input_terminated": True})
    assert answer.status_code == 400 and "1 MB" in answer.get_json()["message"]


@pytest.mark.usefixtures("nothing_stays")
@pytest.mark.parametrize("length", ["10", "99999999999", "-1", "banana"])
def test_a_wrong_length_never_breaks_the_app(visitor: Visitor, length: str) -> None:
    answer = put(visitor, CSV.encode(), CONTENT_LENGTH=length)
    assert answer.status_code < 500
    assert "Traceback" not in answer.text


@pytest.mark.usefixtures("nothing_stays")
@pytest.mark.parametrize("name", ["../../etc/passwd", "a%00b.csv", "%F0%9F%92%A5.csv", "x" * 5000, ""])
def test_a_name_is_only_a_name(visitor: Visitor, home: Settings, name: str) -> None:
    before = {path.name for path in home.data_dir.iterdir()}
    answer = put(visitor, CSV.encode(), name, CONTENT_LENGTH=str(len(CSV)))
    assert answer.status_code in (200, 400)
    assert {path.name for path in home.data_dir.iterdir()} <= before | {"inbox"}
    if answer.status_code == 200:
        followed(visitor, home, answer.get_json()["job"])
