"""What a team keeps: names and colours that stay with a segment, actions, saved views."""

import itertools
import re
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from core import pipeline
from core.actions import ACTIONS, JUDGEMENT, actions_for, rule_kind
from core.cluster.rules import NAMES
from core.errors import UserError
from core.features.labels import LABELS
from core.figures.theme import SEGMENTS, segment_colours
from core.io.dataset import Dataset
from core.io.sets.kept_rows import Edit, Given, View
from core.io.store import Store
from core.match import sentences
from core.pipeline import Origin, Results, entitled, origins
from core.profile import Profile, Segment
from core.profile.coloured import COLOURS, chosen_places
from core.spec import Study
from tests.core.blobs import blobs
from tests.core.small import add

STORED: dict[str, bytes] = {}
VIEW = View(
    id="", version="", name="Board", owner="Ann", note="", path="/profiles", query="", settled="", changed=""
)


@pytest.fixture(scope="module")
def shop(store: Store) -> Dataset:
    """A customer table of 160 in four crowds."""
    x = blobs((60, 45, 35, 20), seed=4, spread=0.12)
    rows = [f"k{i},{a:.4f},{b:.4f},{i % 7}" for i, (a, b) in enumerate(x)]
    text = "customer,visits,points,spend\n" + "\n".join(rows)
    return add(store, text, {"customer": "id", "visits": "number", "points": "number", "spend": "spend"})


def study_of(dataset: Dataset, **values: object) -> Study:
    """A study of the data set, compared by visits and points."""
    return Study().with_(**{"ds": dataset.id, "cols": ["visits,points"], "n_init": 2, **values})


def ran(store: Store, study: Study) -> Results:
    """A study's results; every stage is kept for the tests of this file."""

    def through(key: str, make: Callable[[], bytes]) -> bytes:
        if key not in STORED:
            STORED[key] = make()
        return STORED[key]

    return pipeline.run(study, store, through=through, elsewhere=lambda ds: through)


def shown(study: Study, results: Results, given: dict[Origin, Given]) -> dict[int, str]:
    """Names by number, with what was given."""
    profile = entitled(study, results, lambda asked: {o: given[o] for o in asked if o in given}).profile
    assert profile is not None
    return {s.number: s.name for s in profile.segments}


def test_a_segment_is_known_by_what_made_it_and_by_nothing_else(store: Store, shop: Dataset) -> None:
    study = study_of(shop, k_high=4, linkage="single", min_share=1, label="lapsed")
    found = origins(study, ran(store, study))
    query = found[1][0]
    assert Study.parse(query) == study_of(shop, k=len(found), transform=Study.parse(query).features.transform)
    same = study_of(shop, k=len(found))
    assert origins(same, ran(store, same)) == found
    other = study_of(shop, k=len(found), scaling="robust")
    assert not set(origins(other, ran(store, other)).values()) & set(found.values())


def test_a_name_goes_on_by_the_reference_and_to_no_other_group(store: Store, shop: Dataset) -> None:
    first = study_of(shop, k=4)
    gold = {origins(first, ran(store, first))[2]: Given(name="Gold")}
    assert shown(first, ran(store, first), gold)[2] == "Gold"
    for k in (3, 5):
        alone, kept = study_of(shop, k=k), study_of(shop, k=k, ref=first.query())
        assert "Gold" not in shown(alone, ran(store, alone), gold).values()
        match = ran(store, kept).match
        assert match is not None
        stays = any(now.kept and now.number == 2 for now in match.now)
        assert ("Gold" in shown(kept, ran(store, kept), gold).values()) == stays
        assert all(name != "Gold" for n, name in shown(kept, ran(store, kept), gold).items() if n != 2)


def test_a_reference_of_the_reference_is_where_a_name_began(store: Store, shop: Dataset) -> None:
    first = study_of(shop, k=4)
    second = study_of(shop, k=5, ref=first.query())
    third = study_of(shop, k=5, scaling="robust", ref=second.query())
    began = origins(third, ran(store, third))
    one, two = origins(first, ran(store, first)), origins(second, ran(store, second))
    kept = [n for n in began if n in one and n in two]
    assert kept and all(began[n] == one[n] == two[n] for n in kept)
    (new,) = (n for n in two if n not in one)
    alone = study_of(shop, k=5)
    assert two[new] in origins(alone, ran(store, alone)).values()
    assert began[new] == two[new]


def test_another_start_keeps_the_names_of_the_first(store: Store, shop: Dataset) -> None:
    first, other = study_of(shop, k=4), study_of(shop, k=4, seed=7)
    gold = {origins(first, ran(store, first))[3]: Given(name="Gold")}
    assert shown(other, ran(store, other), gold)[3] == "Gold"


def test_names_stand_in_what_became_of_the_saved_segments(store: Store, shop: Dataset) -> None:
    first, fewer = study_of(shop, k=4), study_of(shop, k=3, ref=study_of(shop, k=4).query())
    given = {o: Given(name=f"Group {n}") for n, o in origins(first, ran(store, first)).items()}
    found = entitled(fewer, ran(store, fewer), lambda asked: {o: given[o] for o in asked if o in given})
    assert found.match is not None and found.profile is not None
    assert [t.name for t in found.match.then] == [f"Group {n}" for n in range(1, 5)]
    automatic = [s.automatic for s in found.profile.segments if s.automatic]
    said = [text for text in sentences(found.match) if "would be called" not in text]
    assert automatic and not any(name in text for text in said for name in automatic)


def test_two_segments_never_have_the_same_name(store: Store, shop: Dataset) -> None:
    study = study_of(shop, k=4)
    where = origins(study, ran(store, study))
    automatic = shown(study, ran(store, study), {})
    given = {where[1]: Given(name=automatic[2]), where[3]: Given(name="Gold"), where[4]: Given(name="Gold")}
    names = shown(study, ran(store, study), given)
    assert names == {1: automatic[2], 2: f"{automatic[2]} 2", 3: "Gold", 4: "Gold 2"}
    assert shown(study, ran(store, study), {where[1]: Given(note="only a note")}) == automatic


def test_a_chosen_colour_is_swapped_with_the_segment_that_had_it(store: Store, shop: Dataset) -> None:
    study = study_of(shop, k=4)
    results = ran(store, study)
    given = {origins(study, results)[1]: Given(colour=3)}
    found = entitled(study, results, lambda asked: given)
    assert found.profile is not None and found.titles is not None and found.titles.stamp
    colours = segment_colours(found.profile.segments)
    assert [colours[n] for n in (1, 2, 3, 4)] == [SEGMENTS[at] for at in (2, 1, 0, 3)]


def test_no_two_segments_have_the_same_colour() -> None:
    segments = [_segment(number) for number in range(1, 5)]
    for chosen in itertools.product(range(COLOURS + 1), repeat=3):
        wanted = {n: place for n, place in enumerate(chosen, 1) if place}
        found = chosen_places(segments, wanted)
        assert len(set(found.values())) == 4 and min(found.values()) > 0
        first = next(iter(wanted.items()), (1, found[1]))
        assert found[first[0]] == first[1]
    many = [_segment(number) for number in range(1, 41)]
    places = chosen_places(many, {40: 1, 1: 12})
    assert places[1] == 12 and sorted(p for p in places.values() if p) == list(range(1, COLOURS + 1))


def _segment(number: int, name: str = "", labels: tuple[str, ...] = ()) -> Segment:
    return Segment(
        number=number,
        name=name or f"Segment {number}",
        because="",
        size=100 - number,
        share=0.1,
        value_share=None,
        index=None,
        index_low=None,
        net=None,
        average_order_value=None,
        labels=labels,
    )


def _profile(segment: Segment) -> Profile:
    return Profile(
        customers=9, segments=(segment,), measures=(), mixes=(), labels=(), value=None, net=None, orders=None
    )


def test_what_is_written_last_holds_for_every_process(tmp_path: Path) -> None:
    one, other = Store(tmp_path), Store(tmp_path)
    ds = add(one, "customer,visits\na,1\nb,2", {"customer": "id"}).id
    origin = (f"ds={ds}&k=4", 2)
    assert one.kept.give(ds, origin, Given(name=" Gold \n", note="a\r\nb\0", author="Ann")) is None
    before = other.kept.give(ds, origin, Given(name="Silver", author="Bob"))
    assert before is not None and (before.name, before.note, before.author) == ("Gold", "a\nb\ufffd", "Ann")
    assert one.kept.given([origin, (origin[0], 3)])[origin].name == "Silver"
    one.kept.act(ds, "lapsed", "Call them", "Ann")
    stamp = one.kept.stamp()
    assert other.kept.act(ds, "lapsed", "", "Bob") == one.kept.actions(ds)["lapsed"][1]
    assert one.kept.stamp() != stamp
    with pytest.raises(UserError, match="deleted"):
        one.kept.give("0" * 12, origin, Given(name="Gold"))


def test_of_several_who_write_at_once_each_is_told_what_it_replaced(tmp_path: Path) -> None:
    store, many = Store(tmp_path), 8
    ds = add(store, "customer,visits\na,1\nb,2", {"customer": "id"}).id
    start = threading.Barrier(many)

    def write(name: str) -> Edit | None:
        start.wait()
        return store.kept.act(ds, "lapsed", name, "Ann")

    with ThreadPoolExecutor(many) as pool:
        before = list(pool.map(write, "abcdefgh"))
    assert len({edit and edit.text for edit in before}) == many


def test_one_view_is_current_and_views_outlive_their_data_set_by_name_only(tmp_path: Path) -> None:
    store = Store(tmp_path)
    ds = add(store, "customer,visits\na,1\nb,2", {"customer": "id"}).id
    view = replace(VIEW, version=ds, query=f"ds={ds}", settled=f"ds={ds}&k=4", note="secret")
    first, second = store.kept.save(view), store.kept.save(replace(view, name="Other"))
    for one in (first, second):
        store.kept.mark(one.id, True)
    assert [(v.name, v.current) for v in store.kept.views(ds)] == [("Other", True), ("Board", False)]
    store.kept.reword(first.id, "Board, May", "Bob", "")
    store.kept.drop(second.id)
    assert [(v.name, v.owner, v.current) for v in store.kept.views(ds)] == [("Board, May", "Bob", False)]
    store.kept.give(ds, ("q", 1), Given(name="Gold"))
    store.delete(ds)
    (orphan,) = store.kept.orphans()
    assert (orphan.name, orphan.here, orphan.query, orphan.note) == ("Board, May", False, "", "")
    assert not store.kept.given([("q", 1)])
    store.kept.drop(orphan.id)
    assert not store.kept.orphans()


def test_a_database_of_an_earlier_release_gets_what_it_lacks(tmp_path: Path) -> None:
    ds = add(Store(tmp_path), "customer,visits\na,1\nb,2", {"customer": "id"}).id
    with closing(sqlite3.connect(tmp_path / "atlas.db")) as database:
        for table in ("segment_names", "actions", "views"):
            database.execute(f"drop table {table}")
        for column in ("view", "kept"):
            database.execute(f"alter table datasets drop column {column}")
        database.commit()
    store = Store(tmp_path)
    saved = store.kept.save(replace(VIEW, version=ds, settled=f"ds={ds}"))
    store.kept.mark(saved.id, True)
    assert store.kept.views(ds)[0].current


def test_every_label_and_rule_has_a_suggestion() -> None:
    assert {rule_kind(name) for name in NAMES} | LABELS.keys() < ACTIONS.keys()
    lapsed = _segment(1, labels=(LABELS["high_value"], LABELS["lapsed"]))
    assert [a.kind for a in actions_for(_profile(lapsed), lapsed)] == ["lapsed", "high_value"]
    risk = replace(_segment(1, "Our VIPs"), automatic="At Risk")
    assert [a.kind for a in actions_for(_profile(risk), risk)] == ["rule-at-risk"]
    assert [a.kind for a in actions_for(_profile(_segment(1)), _segment(1))] == ["average"]


def test_without_a_label_the_strongest_differences_decide(store: Store, shop: Dataset) -> None:
    profile = ran(store, study_of(shop, k=4, cols=["visits,points,spend"])).profile
    assert profile is not None
    at = max(range(4), key=lambda i: profile.measures[0].z[i] or 0)
    measure = replace(profile.measures[0], slug="recency")
    segment = replace(profile.segments[at], strongest=("recency",))
    found = actions_for(replace(profile, measures=(measure,)), segment)
    assert [a.kind for a in found] == ["silent"]


def test_each_default_quotes_the_page_behind_it() -> None:
    text = (Path(__file__).parents[2] / "docs/actions.md").read_text(encoding="utf-8")
    rows = {cells[1].strip("` "): cells for line in text.splitlines() if len(cells := line.split("|")) == 6}
    links = dict(re.findall(r"^\[(\w+)\]: (\S+)$", text, re.MULTILINE))
    assert rows.keys() - {"kind", "---"} == ACTIONS.keys()
    for kind, action in ACTIONS.items():
        _, _, title, source, quote, _ = rows[kind]
        assert title.strip() == action.title
        found = re.search(r"\[[^]]+\]\[(\w+)\]", source)
        assert (links[found[1]] if found else source.strip()) == (action.address or JUDGEMENT)
        assert ("“" in quote) == bool(action.address)
