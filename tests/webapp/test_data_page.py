"""The Data page: what is wrong and what it is worth, the recipe and its effect, the ledger, the settings."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest

from core.io.dataset import Dataset
from core.io.store import Store
from core.spec import PARAMS, Study
from tests.webapp.visitor import Tree, Visitor, text
from webapp.display import DATA

FAST = "n_init=1&k=3"


def shop(seed: int = 5, customers: int = 120) -> str:
    """A log with returns, gaps, a postage line, and three kinds of customers."""
    draw = np.random.default_rng(seed)
    lines = ["customer,order,day,product,quantity,unit price"]
    for i in range(customers):
        for order in range(1 + 3 * (i % 3)):
            day = f"2025-{1 + (i + 2 * order) % 12:02}-{1 + (i * 7 + order) % 28:02}"
            price = f"{draw.lognormal(2 + i % 3, 0.3):.2f}"
            lines.append(f"{'' if i % 40 == 7 else f'C{i}'},O{i}-{order},{day},P{order % 5},2,{price}")
        if i % 10 == 0:
            lines.append(f"C{i},O{i}-0,2025-06-15,POST,1,4.50")
    return "\n".join([*lines, *lines[-3:]]) + "\n"


def customer_table(customers: int = 120) -> str:
    """A customer table with gaps, a word that may mean missing, an impossible age and far values."""
    draw = np.random.default_rng(3)
    lines = ["customer,age,income,visits,city"]
    for i in range(customers):
        age, income, visits = draw.normal((30, 20_000, 4), (3, 900, 1)) + np.array([15, 20_000, 9]) * (i % 3)
        age = 140 if i == 5 else age
        city = "unknown" if i % 6 == 0 else ("Bonn", "Köln")[i % 2]
        shown = "" if i % 11 == 0 else f"{income * (20 if i == 7 else 1):.0f}"
        lines.append(f"C{i},{age:.0f},{shown},{max(0, visits):.0f},{city}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def log(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The log in the store."""
    return _added(store, tmp_path_factory.mktemp("log") / "shop.csv", shop())


@pytest.fixture(scope="module")
def people(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The customer table in the store."""
    return _added(store, tmp_path_factory.mktemp("people") / "people.csv", customer_table())


def _added(store: Store, path: Path, content: str) -> Dataset:
    path.write_text(content)
    return store.add(path)


def card(found: Tree, title: str) -> Any:
    """The section whose heading begins so."""
    return next(p for p in found.of_type("Section") if text(p).startswith(title))


def cells(section: Any) -> list[list[str]]:
    """The rows of a card's tables."""
    rows = [p for kind, p in Tree(section["children"]).components() if kind == "Tr"]
    return [[text(c) for c in row["children"]] for row in rows]


def links(component: Any) -> dict[str, str]:
    """What can be followed in a component: words -> address."""
    inside = Tree(component["children"])
    return {text(p): p["href"] for p in inside.of_type("Link", "A") if p.get("href")}


def test_problems_stand_by_the_money_they_touch(visitor: Visitor, log: Dataset) -> None:
    rows = cells(card(visitor.open(f"/?ds={log.id}&{FAST}"), "What we found"))[1:]
    money = [float(re.sub(r"[^\d.]", "", row[3])) for row in rows if re.search(r"\d", row[3])]
    assert len(money) >= 3 and money == sorted(money, reverse=True)
    said = " ".join(row[0] for row in rows)
    assert "customer is empty" in said and "equal" in said and "POST" in said


def test_a_problem_leads_to_the_step_that_decides_about_it(visitor: Visitor, log: Dataset) -> None:
    found = visitor.open(f"/?ds={log.id}&{FAST}")
    section = card(found, "What we found")
    anchors = {href for href in links(section).values() if href.startswith("#step-")}
    assert anchors and {a.removeprefix("#") for a in anchors} <= set(found.known)


def test_a_word_that_may_mean_missing_is_offered_and_taken(visitor: Visitor, people: Dataset) -> None:
    found = visitor.open(f"/?ds={people.id}&{FAST}&cols=visits,city")
    href = links(card(found, "What we found"))["As missing"]
    assert Study.parse(href.removeprefix("/")).clean.blanks == (("city", "unknown"),)
    assert "20 in city; read as empty" in text(card(visitor.open(href), "How it is cleaned"))


def test_every_switch_turns_its_own_step(visitor: Visitor, people: Dataset) -> None:
    address = f"/?ds={people.id}&{FAST}&cols=income,visits"
    before = Study.parse(address.partition("?")[2])
    found = visitor.open(address)
    switches = found.of_class("atlas-switch")
    assert len(switches) >= 5
    for switch in switches:
        after = Study.parse(switch["href"].removeprefix("/"))
        assert sum(after.value(n) != before.value(n) for n in PARAMS) == 1, switch["href"]


def test_a_changed_step_tells_its_effect_on_the_segments(visitor: Visitor, people: Dataset) -> None:
    plain = visitor.open(f"/?ds={people.id}&{FAST}&cols=income,visits")
    assert plain.of_class("atlas-effect") == []
    found = visitor.open(f"/?ds={people.id}&{FAST}&cols=income,visits&outliers=drop")
    (effect,) = found.of_class("atlas-effect")
    assert re.search(r"Without this step .* customers? ", text(effect)), text(effect)
    assert any(text(p).startswith("What did cleaning do") for p in found.of_type("H2"))


def test_the_ledger_ends_with_what_can_be_downloaded(visitor: Visitor, log: Dataset) -> None:
    found = visitor.open(f"/?ds={log.id}&{FAST}&duplicates=drop")
    (href,) = [p["href"] for p in found.of_type("A") if str(p.get("href")).startswith("/export/left-out")]
    assert dict(parse_qsl(href.partition("?")[2]))["duplicates"] == "drop"
    words = next(text(p) for p in found.of_type("A") if p.get("href") == href)
    lines = visitor.client.get(href).text.splitlines()
    assert re.search(rf"\b{len(lines) - 1:,} rows", words), words


def test_a_finance_figure_is_explained(visitor: Visitor, log: Dataset) -> None:
    amounts = [line.split(",") for line in shop().splitlines()[1:]]
    total = sum(int(a[4]) * float(a[5]) for a in amounts)
    found = visitor.open(f"/?ds={log.id}&{FAST}&finance={total:.2f}")
    section = card(found, "Check against your own figure")
    assert "Lines without a customer" in text(section)
    assert "Not explained" not in text(section)


def test_the_settings_change_how_amounts_are_said(visitor: Visitor, store: Store, log: Dataset) -> None:
    address = f"/?ds={log.id}&{FAST}"
    plain = visitor.open(address)
    try:
        store.set_display(log.id, {"currency": "GBP", "numbers": "point", "tax": "incl"})
        found = visitor.open(address)
    finally:
        store.set_display(log.id, {"currency": None, "numbers": None, "tax": None})
    was, now = (next(f for f in t.figures if f.startswith("Net sales")) for t in (plain, found))
    assert "£" in now and "£" not in was
    assert "." in now and "," in was
    assert "incl. tax" in text(found.of_class("atlas-scope")[0])


def test_values_of_the_file_are_never_rewritten(visitor: Visitor, store: Store, log: Dataset) -> None:
    try:
        store.set_display(log.id, {"numbers": "point"})
        found = visitor.open(f"/?ds={log.id}&{FAST}")
    finally:
        store.set_display(log.id, {"numbers": None})
    shown = [text(p) for p in found.of_class(DATA)]
    assert "O0-0" in " ".join(shown)


def test_what_moves_no_total_is_asked_after_what_does(visitor: Visitor, log: Dataset) -> None:
    found = visitor.open(f"/?ds={log.id}&{FAST}")
    asked = [text(p) for p in Tree(found.known["questions"]["children"]).of_type("H2")]
    assert any("tax" in q for q in asked) and any("currency" in q for q in asked)
    body = visitor.body(
        "meanings-said.children",
        {
            "data-query.data": f"?ds={log.id}&{FAST}",
            '{"answer":"tax","to":"excl"}.n_clicks': 1,
        },
        '{"answer":"tax","to":"excl"}.n_clicks',
    )
    answer = visitor.send(body)
    assert answer.status_code == 200, answer.text[:200]
    assert "excl. tax" in text(visitor.open(f"/?ds={log.id}&{FAST}").of_class("atlas-scope")[0])


def test_each_own_data_set_can_be_changed_and_the_demo_not(visitor: Visitor, log: Dataset) -> None:
    found = visitor.open(f"/?ds={log.id}&{FAST}")
    zones = [p["data-upload-to"] for p in found.of_class("atlas-dropzone-small")]
    assert any(z.startswith(f"append={log.id}") for z in zones)
    assert json.dumps({"ds-delete": log.id}, separators=(",", ":")) in found.known
    assert not any("demo-1" in name for name in found.known if name.startswith('{"ds-'))


def test_a_column_says_what_it_holds(visitor: Visitor, people: Dataset) -> None:
    found = visitor.open(f"/?ds={people.id}&{FAST}")
    rows = {row[0].split()[0]: row for row in cells(card(found, "What the columns mean"))[1:]}
    assert rows["income"][4] == "11"
    assert "middle" in rows["visits"][3]
    assert "missing?" in " ".join(cells(card(found, "What the columns mean"))[-1])
    assert len(found.of_class("atlas-spark")) >= 4
