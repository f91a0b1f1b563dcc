"""A grouping that would pass the limits: the page says so and offers a button with what works."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import UserError
from core.io.store import Store
from core.pipeline import job_key
from core.spec import Study
from tests.webapp.test_jobs import make_settings
from tests.webapp.visitor import Tree, Visitor, text
from webapp.app import create_app
from webapp.jobs import Jobs
from webapp.settings import Settings

TOO_LARGE = UserError(
    "Family tree of 9,000,000 customers by 40 attributes may take up to 19.2 GB; 4.0 GB are left.",
    "Group a sample of 500,000 customers instead, or choose fewer attributes.",
    {"sample": "500000"},
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data directory of its own, at which no worker works."""
    return make_settings(tmp_path_factory.mktemp("refused"))


@pytest.fixture(scope="module")
def query(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The query of a small customer table."""
    path: Path = tmp_path_factory.mktemp("file") / "small.csv"
    path.write_text("customer,spend,visits\n" + "\n".join(f"c{i},{i % 7},{i % 5}" for i in range(30)))
    dataset = Store(settings.data_dir).add(
        path, roles={"customer": "id", "spend": "spend", "visits": "number"}
    )
    return f"ds={dataset.id}&k=3"


def failed(settings: Settings, key: str) -> None:
    """End a queued job as a worker does that has been refused the work."""
    jobs = Jobs(settings)
    with closing(sqlite3.connect(settings.jobs_dir / "jobs.db", timeout=10)) as database:
        (run,) = database.execute("select run from jobs where key = ?", (key,)).fetchone()
    assert jobs.begin(key, run) is not None
    jobs.fail(key, run, TOO_LARGE)


@pytest.mark.parametrize(
    ("page", "path", "need"), [("clustering", "/clustering", "profile"), ("data", "/", "data")]
)
def test_the_page_offers_a_button_with_what_works(
    settings: Settings, query: str, page: str, path: str, need: str
) -> None:
    visitor = Visitor(create_app(settings))
    answer = visitor.send(visitor.routed(f"{path}?{query}")).get_json()
    visitor.page = Tree(answer["response"]["_pages_content"]["children"])
    assert visitor.page.pending
    failed(settings, job_key(Study.parse(query), need))
    said = visitor.send(
        visitor.body(f"{page}-top.children", {"view-in.data": f"?{query}#2#job"}, "view-in.data")
    ).get_json()
    view = Tree(said["response"][f"{page}-view"]["children"])
    assert TOO_LARGE.message in view.refusal and TOO_LARGE.hint in view.refusal
    (button,) = [one for one in view.of_type("Link") if text(one) == "Group a sample of 500,000 customers"]
    assert "btn-primary" in button["className"]
    assert button["href"].partition("?")[0] == path
    assert Study.parse(button["href"].partition("?")[2]) == Study.parse(f"{query}&sample=500000")
