"""What a team keeps, through the app: everybody sees it, on every page, in every chart and list."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.actions import ACTIONS
from core.figures.theme import SEGMENTS
from core.io.sets.kept_rows import Given, View
from core.io.store import Store
from core.spec import DEMO, Study
from tests.webapp.visitor import Tree, Visitor, text

NAME = "<b>Gold</b> 🥇"
ANN = {"author": "Ann"}
VIEW = View(id="", version="", name="Three", owner="Ann", note="", path="/", query="", settled="", changed="")


def table(folder: Path, seed: int, name: str) -> Path:
    """A file of 150 customers in five crowds."""
    rng = np.random.default_rng(seed)
    places = [(at % 5, 10 * (at % 5) ** 2) for at in range(150)]
    rows = [f"k{at},{a + rng.normal(0, 0.1):.3f},{b + rng.normal():.3f}" for at, (a, b) in enumerate(places)]
    path = folder / name
    path.write_text("customer,visits,points\n" + "\n".join(rows) + "\n")
    return path


@pytest.fixture(scope="module")
def ds(store: Store, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The id of a customer table of 150 in five crowds."""
    path = table(tmp_path_factory.mktemp("kept"), 11, "kept.csv")
    return store.add(path, roles={"customer": "id", "visits": "number", "points": "number"}).id


def forms(tree: Tree, post: str) -> list[dict[str, Any]]:
    """The forms of a page that are posted to an address."""
    asked = [json.loads(p["data-kept"]) for p in tree.of_type("Button") if "data-kept" in p]
    return [form for form in asked if form["post"] == post]


def keep(visitor: Visitor, form: dict[str, Any], **typed: Any) -> str:
    """Fill a form and send it; what the app says."""
    answer = visitor.client.post(form["post"], json={**form["send"], **ANN, **typed})
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["said"])


def segment_form(tree: Tree, at: int) -> dict[str, Any]:
    """The form that renames the segment at a place."""
    return forms(tree, "/api/kept/segment")[at]


def shown(tree: Tree) -> str:
    """Everything that a page says."""
    return text(tree.root)


def test_a_name_and_colour_are_seen_by_all_until_they_are_taken_back(visitor: Visitor, ds: str) -> None:
    query = f"?ds={ds}&k=5"
    before = visitor.open(f"/profiles{query}")
    form = segment_form(before, 1)
    automatic, number = form["fields"][0]["instead"], form["send"]["number"]
    assert keep(visitor, form, name=NAME, colour="12", note="They ring us.") == "Saved."
    for page in (f"profiles{query}", f"profiles/{number}{query}", f"clustering{query}"):
        found = visitor.open(f"/{page}")
        assert NAME in shown(found), page
        figures = json.dumps([p["figure"]["data"] for p in found.of_type("Graph")])
        assert "<b>Gold" not in figures and SEGMENTS[11] in figures, page
    assert "They ring us." in shown(visitor.open(f"/profiles/{number}{query}"))
    renamed = segment_form(visitor.open(f"/profiles{query}"), 1)
    assert [f["value"] for f in renamed["fields"][:3]] == [NAME, "12", "They ring us."]
    assert keep(visitor, renamed, name="", colour="0", note="") == "Saved."
    assert automatic in shown(visitor.open(f"/profiles{query}"))


def test_a_change_in_between_is_said(visitor: Visitor, ds: str) -> None:
    form = segment_form(visitor.open(f"/profiles?ds={ds}&k=5"), 2)
    keep(visitor, form, name="Silver")
    said = keep(visitor, form, name="Bronze", author="Bob")
    assert "Ann" in said and "“Silver”" in said and "yours replaced it" in said


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"name": "champions"}, "the name of an RFM rule"),
        ({"name": "Can’t  Lose Them"}, "the name of an RFM rule"),
        ({"name": "x" * 81}, "at most 80"),
        ({"note": "x" * 2001}, "at most 2,000"),
        ({"name": ["x"]}, "could not be read"),
        ({"colour": "13"}, "could not be read"),
        ({"colour": "9" * 5000}, "could not be read"),
        ({"number": 0}, "no segment"),
        ({"query": "k=nonsense"}, "no segment"),
        ({"author": " "}, "Your name"),
    ],
)
def test_what_can_not_be_kept_is_refused_in_words(
    visitor: Visitor, ds: str, typed: dict[str, Any], why: str
) -> None:
    body = {"query": f"ds={ds}&k=5", "number": 1, "name": "Gold", "colour": "0", "note": "", **ANN, **typed}
    answer = visitor.client.post("/api/kept/segment", json=body)
    found = answer.get_json()
    assert answer.status_code == 400 and why in f"{found['message']} {found['hint']}"


def test_only_a_page_of_this_app_can_keep_something(visitor: Visitor) -> None:
    address, ours = "/api/kept/segment", {"Origin": "http://localhost"}
    theirs = visitor.client.post(address, json={}, headers={"Origin": "https://elsewhere.example"})
    assert theirs.status_code == 403
    assert visitor.client.post(address, data="name=Gold", headers=ours).status_code == 415
    assert visitor.client.post(address, json={"note": "x" * 70_000}, headers=ours).status_code == 413
    deep = "[" * 90 + "]" * 90
    wrong = visitor.client.post(address, data=deep, content_type="application/json", headers=ours)
    assert wrong.status_code == 400


def test_a_saved_view_opens_as_it_was_and_goes_on_to_newer_data(
    visitor: Visitor, store: Store, ds: str, tmp_path: Path
) -> None:
    address = f"/clustering?ds={ds}&k=5"
    (form, *_) = forms(visitor.open(address), "/api/kept/views")
    body = {"name": "Board", "path": "/clustering", "query": f"ds={ds}&k=5"}
    assert "Saved “Board”" in keep(visitor, form, **body)
    (view,) = store.kept.views(ds)
    assert Study.parse(view.settled).features.cols
    store.kept.give(ds, (view.settled, 1), Given(name="Our regulars"))
    page = visitor.open(address)
    assert f"/clustering?{view.settled}" in [p["href"] for p in page.of_type("Link")]
    (current,) = forms(page, f"/api/kept/views/{view.id}/current")
    keep(visitor, current)
    assert f"/?{view.settled}" in [p["href"] for p in visitor.open("/").of_type("A")]
    newer = store.replace(ds, table(tmp_path, 12, "newer.csv"))
    (href,) = (p["href"] for p in visitor.open("/").of_type("A") if f"ds={newer.id}" in str(p["href"]))
    assert Study.parse(href[1:]) == Study.parse(view.query).with_(ds=newer.id, ref=view.settled)
    found = visitor.open(f"/clustering{href[1:]}")
    assert "All 5 segments keep their number" in shown(found) and "Our regulars" in shown(found)
    (gone,) = forms(found, f"/api/kept/views/{view.id}/delete")
    assert keep(visitor, gone) == "Deleted."
    assert f"/?ds={newer.id}" in [p["href"] for p in visitor.open("/").of_type("A")]


def test_a_data_set_alone_is_always_its_defaults(visitor: Visitor, store: Store) -> None:
    before = visitor.open(f"/clustering?ds={DEMO}").figures
    view = store.kept.save(replace(VIEW, version=DEMO, query=f"ds={DEMO}&k=3", settled=f"ds={DEMO}&k=3"))
    store.kept.mark(view.id, True)
    assert visitor.open(f"/clustering?ds={DEMO}").figures == before
    store.kept.drop(view.id)


def test_a_view_without_its_data_says_so(visitor: Visitor, store: Store, tmp_path: Path) -> None:
    doomed = store.add(table(tmp_path, 13, "doomed.csv"), roles={"customer": "id"}).id
    view = store.kept.save(replace(VIEW, name="Doomed view", version=doomed, settled=f"ds={doomed}"))
    store.delete(doomed)
    home = visitor.open("/")
    assert "Doomed view" in shown(home) and "Its data set was deleted." in shown(home)
    (gone,) = forms(home, f"/api/kept/views/{view.id}/delete")
    keep(visitor, gone)
    assert "Doomed view" not in shown(visitor.open("/"))


def test_a_page_that_can_not_be_saved_is_refused(visitor: Visitor, ds: str) -> None:
    for path in ("//elsewhere.example", "/profiles/../x", "javascript:alert(1)"):
        body = {"name": "x", "path": path, "query": f"ds={ds}", "note": "", **ANN}
        assert visitor.client.post("/api/kept/views", json=body).status_code == 400


def test_a_team_says_what_to_do_and_what_was_said_before_stays(visitor: Visitor, ds: str) -> None:
    address = f"/profiles/1?ds={ds}&k=5"
    (form, *_) = forms(visitor.open(address), "/api/kept/action")
    default = ACTIONS[form["send"]["kind"]].text
    keep(visitor, form, text="Ring them on Mondays.")
    keep(visitor, form, text="Ring them on Tuesdays.", author="Bob")
    found = shown(visitor.open(address))
    assert "Ring them on Tuesdays." in found and "By Bob" in found
    assert "1 earlier text Ring them on Mondays. Ann" in found
    assert "Ring them on Tuesdays." in shown(visitor.open(f"/profiles?ds={ds}&k=5"))
    keep(visitor, form, text=default)
    assert default in shown(visitor.open(address))
    answer = visitor.client.post("/api/kept/action", json={"ds": ds, "kind": "x", "text": "y", **ANN})
    assert answer.status_code == 400
