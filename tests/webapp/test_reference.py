"""Names that stay, on the pages: the link that keeps them, and what became of the saved segments."""

from urllib.parse import quote

import numpy as np
import pytest

from core.io.store import Store
from core.spec import Study
from tests.webapp.visitor import Tree, Visitor, text
from webapp.pages.reference import keeping


@pytest.fixture(scope="module")
def ds(store: Store, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The id of a customer table of 150 in five crowds."""
    rng = np.random.default_rng(1)
    places = [(at % 5, 10 * (at % 5) ** 2) for at in range(150)]
    rows = [f"k{at},{a + rng.normal(0, 0.1):.3f},{b + rng.normal():.3f}" for at, (a, b) in enumerate(places)]
    path = tmp_path_factory.mktemp("shop") / "shop.csv"
    path.write_text("customer,visits,points\n" + "\n".join(rows) + "\n")
    return store.add(path, roles={"customer": "id", "visits": "number", "points": "number"}).id


def fewer(ds: str) -> str:
    """The query of three segments, compared with five saved ones."""
    return f"ds={ds}&k=3&ref=ds%3D{ds}%26k%3D5"


def hrefs(tree: Tree, words: str) -> list[str]:
    """Where the links with these words lead."""
    return [str(p["href"]) for p in tree.of_type("Link") if text(p) == words]


def test_names_are_kept_by_a_link_and_given_up_by_another(visitor: Visitor, ds: str) -> None:
    (keep,) = hrefs(visitor.open(f"/clustering?ds={ds}&k=5"), "Keep these names")
    assert keep == f"/clustering?ds={ds}&k=5&ref=ds%3D{ds}%26k%3D5"
    kept = visitor.open(keep)
    assert "All 5 segments keep their number, name and colour." in text(kept.root)
    assert not hrefs(kept, "Keep these names")
    assert hrefs(kept, "Stop keeping names") == [f"/clustering?ds={ds}&k=5"]


def test_the_demo_with_every_default_can_be_kept() -> None:
    assert keeping(Study()).cluster.ref == "ds=demo-1"
    assert not keeping(Study().with_(where=[f"city:eq:{i}-{'x' * 150}" for i in range(20)])).cluster.ref


@pytest.mark.parametrize("page", ["clustering", "profiles", "profiles/1", "eda"])
def test_a_chip_says_what_is_compared_with_and_ends_it(visitor: Visitor, ds: str, page: str) -> None:
    found = visitor.open(f"/{page}?{fewer(ds)}")
    chips = [p for p in found.of_class("atlas-chip") if "Compared with saved" in text(p)]
    assert len(chips) == 1
    crosses = [p["href"] for p in found.of_class("atlas-chip-remove") if "Compared" in str(p.get("title"))]
    assert crosses == [f"/{page}?ds={ds}&k=3"]


def test_a_segment_keeps_its_colour_and_its_page(visitor: Visitor, ds: str) -> None:
    found = visitor.open(f"/profiles?{fewer(ds)}")
    numbers = [href.split("/")[2].split("?")[0] for href in hrefs(found, "Open")]
    assert len(numbers) == 3 and set(numbers) <= set("123456")
    for number in numbers:
        assert not visitor.open(f"/profiles/{number}?{fewer(ds)}").refusal
        answer = visitor.client.get(f"/export/customers.csv?{fewer(ds)}&segment={number}")
        assert answer.status_code == 200


def test_the_page_of_a_segment_that_is_gone_says_where_its_customers_are(visitor: Visitor, ds: str) -> None:
    found = visitor.open(f"/profiles?{fewer(ds)}")
    here = {href.split("/")[2].split("?")[0] for href in hrefs(found, "Open")}
    (gone, *_) = sorted(set("12345") - here)
    finding = visitor.open(f"/profiles/{gone}?{fewer(ds)}").finding
    assert finding.startswith("This segment no longer exists; its customers are now in “")
    assert finding.endswith("%).")
    assert "no segment 99" in visitor.open(f"/profiles/99?{fewer(ds)}").finding


def test_saved_segments_of_a_deleted_data_set_are_a_note(visitor: Visitor, ds: str) -> None:
    found = visitor.open(f"/clustering?ds={ds}&k=3&ref=ds%3Dffffffffffff")
    assert found.finding and not found.refusal
    assert "Names and colours are not kept" in text(found.of_class("atlas-notes")[0])
    assert hrefs(found, "Stop keeping names") == [f"/clustering?ds={ds}&k=3"]


def test_a_bad_text_is_a_note(visitor: Visitor, ds: str) -> None:
    found = visitor.open(f"/clustering?ds={ds}&k=3&ref={quote('banana')}")
    assert "“banana” is not a link" in text(found.of_class("atlas-notes")[0])
    assert hrefs(found, "Keep these names")
