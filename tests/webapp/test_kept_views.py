"""A view is made once and kept as the browser gets it, for as long as everything that it shows stays."""

import json

import pytest

from core.io.store import Store
from core.pipeline import job_key
from core.spec import DEMO, Study
from tests.webapp.visitor import Tree, Visitor, text
from webapp.app import create_app
from webapp.kept_views import key_of_view
from webapp.results import Services
from webapp.settings import Settings

PAGES = ("/eda", "/clustering", "/profiles", "/profiles/1", "/customers?label=lapsed")


def infos(page: Tree) -> list[str]:
    return [str(p.get("title", "")) for p in page.of_class("atlas-info")]


@pytest.mark.parametrize("address", ["/", *PAGES])
def test_a_page_opened_again_is_the_same(visitor: Visitor, address: str) -> None:
    assert visitor.open(address).root == visitor.open(address).root


def test_a_kept_view_needs_no_results(
    visitor: Visitor, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    was = visitor.open("/profiles")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the results were asked for")

    monkeypatch.setattr(Services, "results", refuse)
    assert Visitor(create_app(home)).open("/profiles").root == was.root


def test_other_settings_are_another_view(home: Settings) -> None:
    services, study = Services.of(home), Study()
    dataset, display = services.store.get(DEMO), services.store.display(DEMO)
    keys = {
        key_of_view(services, "eda", study, dataset, display, None),
        key_of_view(services, "profiles", study, dataset, display, None),
        key_of_view(services, "eda", study.with_(column="orders"), dataset, display, None),
        key_of_view(
            services,
            "eda",
            study,
            dataset,
            Store(home.data_dir).check_display(DEMO, {"numbers": "point"}),
            None,
        ),
        key_of_view(services, "eda", study, dataset, display, study.with_(k=5)),
    }
    assert len(keys) == 5


def test_another_way_back_is_another_view(home: Settings) -> None:
    services, study = Services.of(home), Study()
    dataset, display = services.store.get(DEMO), services.store.display(DEMO)
    ways = [study.with_(k=5), study.with_(k=5, label="lapsed")]
    assert len({key_of_view(services, "clustering", study, dataset, display, way) for way in ways}) == 2


def test_a_view_without_the_segments_that_a_job_left_out_is_not_kept(
    visitor: Visitor, home: Settings
) -> None:
    query, jobs = "?k=7&seed=20&label=new", Services.of(home).jobs
    key = job_key(Study.parse(query), "profile")
    visitor.open("/customers?label=new")
    jobs.submit("study", key, {"query": query, "need": "profile"}, DEMO)
    jobs.cancel(key)
    body = visitor.body("customers-top.children", {"view-in.data": f"{query}#job"}, "view-in.data")
    without = visitor.send(body).get_json()["response"]["customers-view"]["children"]
    whole = visitor.open(f"/customers{query}")
    assert not Tree(without).of_type("Graph") and whole.of_type("Graph")


@pytest.mark.parametrize("address", PAGES)
def test_the_headings_of_a_folded_table_have_their_i(visitor: Visitor, address: str) -> None:
    page = visitor.open(address)
    tables = [json.loads(p["data-table"]) for _, p in page.components() if "data-table" in p]
    for table in tables:
        assert all(table["terms"][key] for _, _, key in table["columns"] if key)
    assert address in ("/profiles/1", "/customers?label=lapsed") or any(t["terms"] for t in tables)


@pytest.mark.parametrize("address", PAGES)
def test_every_i_has_something_to_say(visitor: Visitor, address: str) -> None:
    said = infos(visitor.open(address))
    assert said and all(said)


@pytest.mark.parametrize("address", PAGES)
def test_every_key_figure_has_an_i(visitor: Visitor, address: str) -> None:
    page = visitor.open(address)
    without = [
        text(p)
        for p in page.of_class("atlas-figure-label")
        if not any("atlas-info" in str(q.get("className")) for _, q in page.components(p.get("children")))
    ]
    assert without == []


def test_who_moved_in_30_days_opens_as_exactly_these(visitor: Visitor) -> None:
    page = visitor.open("/profiles?versus=before")
    (card,) = [p for p in page.of_type("Section") if "What changed in 30 days?" in text(p["children"][0])]
    links = [link for link in Tree(card["children"]).of_type("Link") if "moved__0" in link["href"]]
    up, down = links[0], links[1]
    said = f"{text(up)} customers who moved up in the last 30 days"
    assert visitor.open(up["href"]).finding.startswith(said)
    answer = visitor.client.get(f"/export/customers.csv?{down['href'].partition('?')[2]}")
    assert len(answer.text.splitlines()) - 1 == int(text(down).replace(",", "")) > 0
