"""The report: one file without scripts, whose numbers are those of the pages' tables."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from core.figures import CHARTS, all_measures
from core.figures.drawn import Drawn
from core.io.dataset import Dataset
from core.io.store import Store
from core.pipeline import Results, as_shown
from core.profile import Profile
from core.report import About, report, segments
from core.spec import Study
from tests.core.pages_read import Read, read_html
from tests.core.small import SAMPLE, add

HOSTILE = ("<b>bold", "__proto__", "=1+1", "x" * 300, "🛍️ & 🎁", "שלום עולם", "$x^$ \\frac")
ROWS = 40 * 12

Draw = Callable[[Profile, Results], Drawn]
PAGES: dict[str, Draw] = {
    "value": lambda p, r: CHARTS["value"].draw(p, "net", r.customers.currency),
    "differences": lambda p, r: CHARTS["differences"].draw(
        p, r.customers.currency, most=SAMPLE.lens.attributes, statistic=SAMPLE.lens.average
    ),
    "habits": lambda p, r: CHARTS["habits"].draw(p, r.customers.currency, columns=4),
    "mix": lambda p, r: CHARTS["mix"].draw(p, p.mixes[0].slug),
    "separating": lambda p, r: CHARTS["separating"].draw(r.drivers),
    "beside_rules": lambda p, r: CHARTS["beside_rules"].draw(p, r.crossed),
    "ledger": lambda p, r: CHARTS["ledger"].draw(r.ledger, r.customers.currency),
}
"""Charts of the pages as these draw them; their tables are the report's."""


@pytest.fixture(scope="module")
def html(demo_results: Results) -> str:
    return report(SAMPLE, demo_results, About(name="<b>=1+1</b> $x^$"))


@pytest.fixture(scope="module")
def found(html: str) -> Read:
    return read_html(html)


@pytest.fixture(scope="module")
def profile(demo_results: Results) -> Profile:
    assert demo_results.profile is not None
    return demo_results.profile


@pytest.fixture(scope="module")
def grid(store: Store) -> Dataset:
    """A customer table without money: 40 crowds of 12 on a grid, hostile words, one segment or forty."""
    header = "customer,x,y,kind\n"
    rows = (
        f"c{i},{10 * (i % 8) + i // 40 / 100},{10 * (i % 40 // 8) + i // 40 % 3 / 100},"
        f"{HOSTILE[i % len(HOSTILE)]}"
        for i in range(ROWS)
    )
    return add(
        store, header + "\n".join(rows), {"customer": "id", "x": "number", "y": "number", "kind": "category"}
    )


def is_sound(text: str) -> Read:
    """A small file, valid, without a script and without an address of another file."""
    assert len(text.encode()) < 2_000_000
    assert not re.search(r"<script|<link|<img|\bsrc=|@import|url\((?!#)", text)
    read = read_html(text)
    assert read.wrong == []
    assert len(set(read.ids)) == len(read.ids)
    assert set(re.findall(r"(?:url\(|href=\")#([\w-]+)", text)) <= set(read.ids)
    assert "script" not in read.tags
    assert not [name for name in read.attributes if name.startswith("on")]
    return read


def turned(rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    return list(zip(*rows, strict=True))


def has_rows(read: Read, rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table of the report has exactly these rows, as they are or turned."""
    wanted = [tuple(row) for row in rows]
    return any(wanted in (table[1:], turned(table)[1:]) for table in read.tables)


def test_it_is_one_small_file_that_asks_for_nothing_else(html: str) -> None:
    is_sound(html)


@pytest.mark.parametrize("key", PAGES)
def test_its_tables_have_the_rows_of_the_pages(
    key: str, found: Read, profile: Profile, demo_results: Results
) -> None:
    assert has_rows(found, PAGES[key](profile, demo_results).table.said())


def test_it_has_all_segments_and_all_measures_as_profiles_has(
    found: Read, profile: Profile, demo_results: Results
) -> None:
    assert has_rows(found, all_measures.said(profile, "median", demo_results.customers.currency))


def test_its_labels_count_as_the_charts_of_the_labels_do(found: Read, profile: Profile) -> None:
    able = [label for label in profile.labels if not label.reason]
    shown = [CHARTS["label_shares"].draw(profile, label.key).table.said() for label in able]
    rows = [
        (s.name, *(f"{table[at][1]} of {table[at][2]}" for table in shown))
        for at, s in enumerate(profile.segments)
    ]
    overall = ("All customers", *(f"{label.yes:,} of {label.judged_all:,}" for label in able))
    assert has_rows(found, [*rows, overall])


def test_a_hostile_name_of_a_data_set_stays_text(html: str) -> None:
    assert "<b>=1+1" not in html and "&lt;b&gt;=1+1&lt;/b&gt;" in html


def test_hostile_names_of_segments_stay_text(demo_results: Results, profile: Profile) -> None:
    names = (f"{HOSTILE[0]} {HOSTILE[1]}", f"{HOSTILE[2]} {HOSTILE[3]}", " ".join(HOSTILE[4:]))
    segments = tuple(replace(s, name=name) for s, name in zip(profile.segments, names, strict=True))
    results = replace(demo_results, profile=replace(profile, segments=segments))
    text = report(SAMPLE, results, About(name="Demo"))
    is_sound(text)
    assert "<b>bold" not in text and "&lt;b&gt;bold __proto__" in text


@pytest.mark.parametrize(("reach", "segments"), [("0.06", 40), ("3", 1)])
def test_one_or_forty_segments_without_money_and_with_hostile_words(
    reach: str, segments: int, grid: Dataset, store: Store
) -> None:
    query = f"ds={grid.id}&cols=x,y&transform=none&algorithm=dbscan&min_samples=5&min_share=0&eps={reach}"
    study = Study.parse(query)
    results = as_shown(study, store, "profiles")
    assert results.clustering is not None and results.clustering.k == segments
    text = report(study, results, About(name="Crowds"))
    read = is_sound(text)
    assert any(len(table) == segments + 2 for table in read.tables)
    assert "<b>bold" not in text and "Net sales" not in text
    assert ("The first 12 of 40 segments; the tables have all." in text) == (segments == 40)


@pytest.mark.parametrize("questions", [1, 2, 3])
def test_a_segment_s_rule_is_as_long_as_the_view_says(demo_results: Results, questions: int) -> None:
    assert demo_results.plain is not None
    rule, _ = demo_results.plain.of(0, questions)
    (first, *_) = segments.parts(demo_results, About(name="Demo"), questions)
    assert rule is not None and first.rule == rule.rule.said(demo_results.customers.currency)
