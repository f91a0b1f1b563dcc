"""Data sets changed from the page, at the real app with a real worker: nothing of a deleted one is left."""

import io
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from core.errors import UserError
from core.io.dataset import Dataset
from core.io.store import Store
from core.pipeline import key_of
from core.spec import Study
from tests.mutations import ODD_VALUES
from tests.processes import eventually
from tests.webapp.test_forged import assert_harmless, post
from tests.webapp.visitor import Visitor
from webapp import tasks
from webapp.cache import mark_of, open_door
from webapp.datasets import joinable, upload_to
from webapp.jobs import Jobs
from webapp.pages.data.questions import questions_cards
from webapp.pages.data.reading import settings_card
from webapp.pages.data.sets import datasets_card
from webapp.results import Services
from webapp.settings import Settings

MARK = "xylophone7731"
PEOPLE = "customer,age,income,word\n" + "".join(
    f"C{i},{20 + i % 50},{900 * i + 13},{MARK if i % 2 else 'other'}\n" for i in range(80)
)
LOG = "customer,order,day,amount\n" + "".join(
    f"C{i % 40},O{i},2024-0{1 + i % 9}-1{i % 10},{i}.25\n" for i in range(200)
)
LATER = "customer,order,day,amount\nC1,P1,2024-10-11,7.5\nC99,P2,2024-10-12,8.25\n"


@pytest.fixture
def people(store: Store, tmp_path: Path) -> Iterator[Dataset]:
    """A customer table of its own."""
    yield from added(store, tmp_path / "people.csv", PEOPLE)


@pytest.fixture
def log(store: Store, tmp_path: Path) -> Iterator[Dataset]:
    """An order log of its own."""
    yield from added(store, tmp_path / "orders.csv", LOG)


def added(store: Store, path: Path, text: str) -> Iterator[Dataset]:
    """A data set that is gone after the test."""
    path.write_text(text)
    found = store.add(path)
    yield found
    with suppress(UserError):
        store.delete(found.id)


def pressed(
    visitor: Visitor, output: str, button: dict[str, str] | str, query: str = "", **fields: str
) -> dict[str, Any]:
    """Press a button of a page with the components that webapp/datasets.py names; `fields` by their ids."""
    ident = button if isinstance(button, str) else json.dumps(button, separators=(",", ":"))
    shown = {
        name: {"id": json.loads(name) if name[0] == "{" else name, "value": v} for name, v in fields.items()
    }
    visitor.page.known = {**shown, ident: {"id": button, "n_clicks": 1}}
    answer = visitor.send(visitor.body(f"{output}.children", {"data-query.data": query}, f"{ident}.n_clicks"))
    assert answer.status_code in (200, 204), answer.text[:300]
    found: dict[str, Any] = answer.get_json() if answer.status_code == 200 else {}
    return found


def said(answer: dict[str, Any], output: str) -> str:
    """What stands in the live region, as JSON where it is more than text."""
    children = answer["response"][output]["children"]
    return children if isinstance(children, str) else json.dumps(children, ensure_ascii=False)


def gone_to(answer: dict[str, Any]) -> str:
    """The address that the browser is sent to."""
    return str(answer["sideUpdate"]["go"]["data"])


def opened(visitor: Visitor, home: Settings, key: str) -> str:
    """Where the browser is sent when a job is over."""
    jobs = Jobs(home)
    assert eventually(lambda: (found := jobs.status(key)) is not None and found.over, 60)
    poll = visitor.body(
        "job-box.children", {"job-poll.n_intervals": 1, "job.data": key}, "job-poll.n_intervals"
    )
    answer = visitor.send(poll).get_json()
    assert "sideUpdate" in answer, answer
    return gone_to(answer)


def put(visitor: Visitor, content: str, name: str, to: str = "") -> TestResponse:
    """Send a file; `to` as `upload_to` makes it."""
    body = content.encode()
    return visitor.client.put(
        f"/api/upload?name={name}&{to}",
        input_stream=io.BytesIO(body),
        environ_overrides={"CONTENT_LENGTH": str(len(body))},
    )


def reread(home: Settings, dataset: Dataset, read_as: dict[str, str]) -> Dataset:
    """What the job of the page makes of a data set."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_DIR", str(home.data_dir))
        query = tasks.reread({"ds": dataset.id, "query": "", "read_as": read_as}, lambda stage, share: None)
    return Store(home.data_dir).get(Study.parse(query.decode()).source.ds)


def chosen(dataset: Dataset) -> dict[str, str]:
    """What was chosen about its reading."""
    return {c.key: c.value for c in dataset.choices if c.chosen}


def traces(home: Settings, *words: str) -> set[str]:
    """Files of the data directory in whose name or content one of the words is."""
    found = [path for path in home.data_dir.rglob("*") if path.is_file()]
    return {
        str(path.relative_to(home.data_dir))
        for path in found
        if any(word in str(path) or word.encode() in path.read_bytes() for word in words)
    }


# Renaming and deleting


def test_a_data_set_gets_another_name(visitor: Visitor, store: Store, people: Dataset) -> None:
    name = json.dumps({"ds-name": people.id}, separators=(",", ":"))
    answer = pressed(
        visitor, "datasets-said", {"ds-rename": people.id}, **{name: " Our  people "}, query="?k=4"
    )
    assert gone_to(answer) == "/?k=4"
    assert store.get(people.id).name == "Our people"


def test_deleting_a_joined_table_says_where_its_rows_stay(
    visitor: Visitor, store: Store, log: Dataset, people: Dataset
) -> None:
    store.join(log.id, people.id)
    asked = said(pressed(visitor, "datasets-said", {"ds-delete": people.id}), "datasets-said")
    assert "Its rows stay in “orders”, to which it is joined." in asked
    assert "Its rows stay" not in said(
        pressed(visitor, "datasets-said", {"ds-delete": log.id}), "datasets-said"
    )


def test_deleting_asks_first(visitor: Visitor, store: Store, people: Dataset) -> None:
    asked = said(pressed(visitor, "datasets-said", {"ds-delete": people.id}), "datasets-said")
    assert "Delete “people”, and everything" in asked and "ds-delete-yes" in asked
    assert store.get(people.id) == people
    kept = pressed(visitor, "datasets-said", {"ds-delete-no": people.id})
    assert said(kept, "datasets-said") == "[]"


def test_a_button_that_appears_is_not_pressed(visitor: Visitor, store: Store, people: Dataset) -> None:
    ident = json.dumps({"ds-delete-yes": people.id}, separators=(",", ":"))
    visitor.page.known = {ident: {"id": {"ds-delete-yes": people.id}, "n_clicks": None}}
    answer = visitor.send(visitor.body("datasets-said.children", {}, f"{ident}.n_clicks"))
    assert answer.status_code in (200, 204)
    assert store.get(people.id) == people


def test_a_deleted_data_set_leaves_nothing_on_disk(visitor: Visitor, home: Settings, store: Store) -> None:
    answer = put(visitor, PEOPLE, "people.csv")
    first = Study.parse(opened(visitor, home, answer.get_json()["job"]).removeprefix("/")).source.ds
    second = store.change(first, roles={"income": "score"})
    for ds in (first, second.id):
        assert not visitor.open(f"/profiles?ds={ds}").refusal
    content = store.get(first).table.content
    words = (MARK, first, second.id, content, store.get(first).original, mark_of(first), mark_of(second.id))
    assert len(traces(home, *words)) > 5
    deleted = pressed(visitor, "datasets-said", {"ds-delete-yes": second.id}, query=f"?ds={first}&k=4")
    assert gone_to(deleted) == "/"
    assert traces(home, *words) == set()
    assert "There is no data set" in visitor.open(f"/?ds={first}").refusal


def test_the_demo_stays(visitor: Visitor, store: Store) -> None:
    answer = pressed(visitor, "datasets-said", {"ds-delete-yes": "demo-1"})
    assert "The demo can't be deleted" in said(answer, "datasets-said")
    assert store.get("demo-1").id == "demo-1"


def test_deleting_ends_the_jobs_first(
    visitor: Visitor, home: Settings, store: Store, people: Dataset
) -> None:
    jobs, study = Jobs(home), Study.parse(f"?ds={people.id}&n_init=50")
    key = key_of(study, "profile")
    jobs.submit("study", key, {"query": study.query(), "need": "profile"}, people.id)
    pressed(visitor, "datasets-said", {"ds-delete-yes": people.id})
    assert jobs.status(key) is None
    demo = Study.parse(
        f"?seed={time.monotonic_ns() % 10**6}"
    )  # the worker gets to it when the other has ended
    jobs.submit("study", "after", {"query": demo.query(), "need": "customers"}, "demo-1")
    last = jobs.wait("after", 60)
    assert last is not None and last.state == "done"
    assert eventually(lambda: traces(home, MARK, people.id, mark_of(people.id)) == set())


def test_what_another_program_deleted_is_forgotten(home: Settings, store: Store, people: Dataset) -> None:
    door = open_door(home).of(people.id)
    door.put("a", MARK.encode())
    store.delete(people.id)
    jobs = Jobs(home)
    jobs.submit("study", "any", {"query": "", "need": "customers"}, "demo-1")
    assert eventually(lambda: door.get("a") is None, 30)


# Reading otherwise, settings


def test_no_version_of_the_demo_can_be_changed_as_a_data_set(
    visitor: Visitor, home: Settings, store: Store
) -> None:
    services, other = Services.of(home), store.change("demo-1", roles={"country": "ignore"})
    try:
        card = json.dumps(datasets_card(services, other, Study()).to_plotly_json(), default=str)
        assert "Demo shop" in card and f"'{other.id}'}}" not in card
        assert settings_card(services, other) is None and joinable(services, other) == ()
        assert questions_cards(services, other, None) == []
    finally:
        store.change(other.id, roles={"country": "country"})


def test_a_choice_stays_until_it_is_taken_back(store: Store, log: Dataset, home: Settings) -> None:
    first = reread(home, log, {"dayfirst": "yes", "header": "none"})
    assert chosen(first) == {"header": "none"}
    assert chosen(reread(home, first, {"separator": ","})) == {"header": "none", "separator": ","}
    assert reread(home, first, {"header": "auto"}).id == log.id


def test_the_file_is_read_otherwise(visitor: Visitor, home: Settings, store: Store, people: Dataset) -> None:
    fields = {'{"choice":"header"}': "2", '{"choice":"separator"}': ""}
    query = f"?ds={people.id}&k=4"
    answer = pressed(visitor, "reread-said", "reread-use", **fields, query=query)
    address = opened(visitor, home, answer["sideUpdate"]["job"]["data"])
    made = store.get(Study.parse(address.removeprefix("/")).source.ds)
    assert address.endswith("&k=4") and made.id != people.id
    assert made.table.rows == people.table.rows - 1


def test_settings_are_taken(visitor: Visitor, store: Store, log: Dataset) -> None:
    fields = {
        '{"setting":"currency"}': "CHF",
        '{"setting":"time_zone"}': "Europe/Berlin",
        '{"setting":"first_weekday"}': "6",
    }
    answer = pressed(visitor, "settings-said", "settings-use", **fields, query=f"?ds={log.id}&k=4")
    made = store.get(Study.parse(gone_to(answer).removeprefix("/")).source.ds)
    assert (made.time_zone, made.first_weekday) == ("Europe/Berlin", 6)
    assert store.display(log.id).currency == "CHF"


@pytest.mark.parametrize(
    ("key", "value"), [("currency", "gold"), ("time_zone", "Mars/Olympus"), ("first_weekday", "Monday")]
)
def test_a_setting_that_there_is_not_is_said(visitor: Visitor, log: Dataset, key: str, value: str) -> None:
    field = {json.dumps({"setting": key}, separators=(",", ":")): value}
    answer = pressed(visitor, "settings-said", "settings-use", **field, query=f"?ds={log.id}")
    assert value in said(answer, "settings-said") and "sideUpdate" not in answer


# Replacing, appending, joining


def test_an_old_link_still_opens_after_a_newer_file(
    visitor: Visitor, store: Store, people: Dataset, tmp_path: Path
) -> None:
    (tmp_path / "newer.csv").write_text(PEOPLE + "C99,44,1000,other\n")
    newer = store.replace(people.id, tmp_path / "newer.csv")
    pages = [visitor.open(f"/?ds={ds}&k=3&n_init=1") for ds in (people.id, newer.id)]
    assert [page.refusal for page in pages] == ["", ""]
    assert "80" in pages[0].finding and "81" in pages[1].finding


def test_unmatched_customers_can_not_begin_a_formula(
    store: Store, home: Settings, people: Dataset, tmp_path: Path
) -> None:
    (tmp_path / "odd.csv").write_text(LOG.replace("C1,", "=1+1,").replace("C2,", "@SUM(A1),"))
    log = store.add(tmp_path / "odd.csv")
    try:
        joined = store.join(log.id, people.id)
        rows = list(tasks.LISTS["unmatched"](store, Study().with_(ds=joined.id)))
    finally:
        store.delete(log.id)
    assert rows[0] == ("only in", "customer")
    assert {("log", "'=1+1"), ("log", "'@SUM(A1)")} <= set(rows)


def test_an_upload_replaces_a_data_set_and_keeps_the_recipe(
    visitor: Visitor, home: Settings, store: Store, people: Dataset
) -> None:
    study = Study.parse(f"?ds={people.id}&k=4&as_of=2024-01-01")
    answer = put(visitor, PEOPLE + "C99,44,1000,other\n", "newer.csv", upload_to("replace", people.id, study))
    address = opened(visitor, home, answer.get_json()["job"])
    made = store.get(Study.parse(address.removeprefix("/")).source.ds)
    assert address == f"/?ds={made.id}&k=4"
    assert (made.table.rows, made.name, made.filename) == (81, "people", "newer.csv")
    assert store.get(people.id).table.rows == 80


def test_an_upload_extends_a_log(visitor: Visitor, home: Settings, store: Store, log: Dataset) -> None:
    answer = put(visitor, LATER, "later.csv", upload_to("append", log.id, Study.parse(f"?ds={log.id}")))
    address = opened(visitor, home, answer.get_json()["job"])
    assert store.get(Study.parse(address.removeprefix("/")).source.ds).table.rows == 202


def test_an_upload_is_joined_and_taken_off_again(
    visitor: Visitor, home: Settings, store: Store, log: Dataset
) -> None:
    answer = put(visitor, PEOPLE, "who.csv", upload_to("people", log.id, Study.parse(f"?ds={log.id}")))
    address = opened(visitor, home, answer.get_json()["job"])
    joined = store.get(Study.parse(address.removeprefix("/")).source.ds)
    assert joined.people is not None and joined.people.rows == 80
    undone = pressed(visitor, "join-said", "join-undo", query=f"?ds={joined.id}")
    assert gone_to(undone) == f"/?ds={log.id}"
    store.delete(next(d.id for d in store.list() if d.name == "who"))


def test_an_upload_that_can_not_be_joined_is_not_kept(
    visitor: Visitor, home: Settings, store: Store, log: Dataset
) -> None:
    before = store.ids()
    answer = put(visitor, LATER, "who.csv", upload_to("people", log.id, Study.parse("")))
    job = Jobs(home).wait(answer.get_json()["job"], 60)
    assert job is not None and "one row per order line" in job.message
    assert store.ids() == before


def test_a_customer_table_that_is_here_is_joined(
    visitor: Visitor, home: Settings, store: Store, log: Dataset, people: Dataset
) -> None:
    assert people.id in {d.id for d in joinable(Services.of(home), log)}
    assert joinable(Services.of(home), people) == ()
    fields = {"join-people": people.id}
    address = gone_to(pressed(visitor, "join-said", "join-use", f"?ds={log.id}&k=4", **fields))
    assert store.get(Study.parse(address.removeprefix("/")).source.ds).people == people.table


def test_an_upload_to_an_unknown_data_set_is_refused(visitor: Visitor, home: Settings) -> None:
    answer = put(visitor, LATER, "later.csv", "append=4f1c09ab72de")
    assert answer.status_code == 400 and "There is no data set" in answer.get_json()["message"]
    assert not any((home.data_dir / "inbox").glob("*"))


def test_a_file_of_another_shape_is_refused_where_the_progress_was(
    visitor: Visitor, home: Settings, people: Dataset
) -> None:
    answer = put(visitor, LATER, "later.csv", upload_to("replace", people.id, Study.parse("")))
    job = Jobs(home).wait(answer.get_json()["job"], 60)
    assert job is not None and job.state == "failed" and "another shape" in job.message
    assert eventually(lambda: not any((home.data_dir / "inbox").iterdir()))


# What no browser sends

BUTTONS = (
    ("datasets-said", '{"ds-rename":"x"}', ('{"ds-name":"x"}',)),
    ("datasets-said", '{"ds-delete-yes":"x"}', ()),
    ("reread-said", "reread-use", ('{"choice":"header"}',)),
    ("settings-said", "settings-use", ('{"setting":"currency"}', '{"setting":"first_weekday"}')),
    ("join-said", "join-use", ("join-people",)),
)


@pytest.mark.parametrize(("output", "button", "fields"), BUTTONS)
def test_buttons_and_fields_may_hold_anything(
    visitor: Visitor, output: str, button: str, fields: tuple[str, ...]
) -> None:
    names = {name: json.loads(name) if name[0] == "{" else name for name in (button, *fields)}
    visitor.page.known = {text: {"id": ident, "n_clicks": 1} for text, ident in names.items()}
    for odd in ODD_VALUES:
        values = {**{f"{name}.value": odd for name in fields}, "data-query.data": odd}
        body = visitor.body(f"{output}.children", values, f"{button}.n_clicks")
        assert_harmless((button, odd), lambda body=body: post(visitor, body))


@pytest.mark.parametrize("ds", ["../../etc", "", "demo-1", "x" * 5000, "a\u0000b", 7])
def test_ids_may_be_anything(visitor: Visitor, store: Store, ds: Any) -> None:
    before = store.ids()
    for what in ("ds-rename", "ds-delete", "ds-delete-yes", "ds-delete-no"):
        ident = json.dumps({what: ds}, separators=(",", ":"))
        visitor.page.known = {ident: {"id": {what: ds}, "n_clicks": 1}}
        body = visitor.body("datasets-said.children", {}, f"{ident}.n_clicks")
        assert_harmless((what, ds), lambda body=body: post(visitor, body))
    assert store.ids() == before
