"""The plain rule of a segment: its words, its SQL and its fit are those of one and the same rule."""

from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from core.features.customers import Measure
from core.plain import DIALECTS, Columns, Condition, Rule, plain_rule, plain_rules, sql
from core.plain.columns import columns_of, round_cuts
from core.plain.simpler import simpler
from tests.core.small import sheet

SPEND = Measure(slug="monetary", label="Spend", unit="money")
ORDERS = Measure(slug="orders", label="Orders", unit="count")
SHARE = Measure(slug="discount_share", label="Discount share", unit="share")
BAND = Measure(slug="income", label="Income", unit="band", levels=("<25K", "25-50K", "50K+"))
CITY = Measure(slug="city", label="City", unit="category")


def shop(rows: int, seed: int) -> Columns:
    """Customers of a shop, a tenth of each column missing."""
    rng = np.random.default_rng(seed)
    numbers = [rng.lognormal(6, 1, rows), rng.poisson(4, rows) + 1.0, rng.beta(1, 6, rows)]
    words = [rng.choice(BAND.levels, rows), rng.choice(["Linz", "O'Hara", "<b>", "=1+1"], rows)]
    for column in (*numbers, *words):
        gone = rng.random(rows) < 0.1
        column[gone] = np.nan if column.dtype.kind == "f" else ""
    return Columns(measures=(SPEND, ORDERS, SHARE, BAND, CITY), values=(*numbers, *words))


def in_a_table(columns: Columns) -> pa.Table:
    """The columns as the customer sheet holds them: missing values are null."""
    return pa.table(
        {
            m.slug: pa.array(v, mask=np.isnan(v) if v.dtype.kind == "f" else v == "")
            for m, v in zip(columns.measures, columns.values, strict=True)
        }
    )


def picked_by_sql(condition: str, columns: Columns) -> list[bool]:
    """What DuckDB picks."""
    with duckdb.connect() as connection:
        connection.register("sheet", in_a_table(columns))
        found = connection.sql(f"select coalesce({condition}, false) from sheet").fetchall()
    return [row[0] for row in found]


def segments(columns: Columns) -> dict[str, np.ndarray]:
    """Segments that a rule can find, and some that it can't."""
    spend, orders, share, band, city = columns.values
    rng = np.random.default_rng(0)
    return {
        "one side": np.nan_to_num(spend) >= 700,
        "both": (np.nan_to_num(orders) >= 5) & (np.nan_to_num(share, nan=1) < 0.1),
        "a band": band == "50K+",
        "no city": city == "",
        "a city": (city == "O'Hara") & (np.nan_to_num(spend) > 300),
        "by chance": rng.random(spend.size) < 0.1,
        "nobody": np.zeros(spend.size, dtype=bool),
        "everybody": np.ones(spend.size, dtype=bool),
    }


@pytest.mark.parametrize("seed", range(3))
def test_its_sql_picks_exactly_whom_the_rule_picks(seed: int) -> None:
    columns = shop(2_000, seed)
    for name, belongs in segments(columns).items():
        rule = plain_rule(columns, belongs).rule
        assert picked_by_sql(sql(rule), columns) == rule.picks(columns.table()).tolist(), name


@pytest.mark.parametrize(
    ("name", "least"),
    [("one side", 0.98), ("both", 0.95), ("a band", 0.99), ("no city", 0.99), ("a city", 0.95)],
)
def test_a_segment_made_by_a_rule_is_found_again(name: str, least: float) -> None:
    columns = shop(4_000, 7)
    found = plain_rule(columns, segments(columns)[name])
    assert found.f1 >= least and found.faithful


def test_no_rule_is_claimed_for_a_segment_drawn_by_chance() -> None:
    columns = shop(4_000, 7)
    assert not plain_rule(columns, segments(columns)["by chance"]).faithful


def test_its_fit_is_measured_on_customers_it_was_not_made_from() -> None:
    columns = shop(1_000, 3)
    chance = segments(columns)["by chance"]
    found = plain_rule(columns, chance)
    everybody = found.rule.picks(columns.table())
    own = 2 * (everybody & chance).sum() / (everybody.sum() + chance.sum())
    assert found.held_out == 300 and found.f1 < own


def test_precision_and_recall_are_those_of_the_printed_rule() -> None:
    columns = shop(3_000, 5)
    belongs = segments(columns)["both"]
    found = plain_rule(columns, belongs)
    assert found.precision is not None and found.recall is not None
    assert found.f1 == pytest.approx(2 * found.precision * found.recall / (found.precision + found.recall))


@pytest.mark.parametrize("questions", [1, 2, 3])
def test_a_rule_asks_no_more_than_it_may_and_is_measured_anew(questions: int) -> None:
    columns = shop(3_000, 5)
    belongs = segments(columns)["both"]
    found = plain_rule(columns, belongs, questions=questions)
    assert all(len(one) <= questions for one in found.rule.alternatives)
    outside = np.sort(np.random.default_rng([0, 3_000]).permutation(3_000)[2_100:])
    held = Columns(measures=columns.measures, values=tuple(v[outside] for v in columns.values))
    picked, own = found.rule.picks(held.table()), belongs[outside]
    assert found.precision == pytest.approx((picked & own).sum() / picked.sum())
    assert found.recall == pytest.approx((picked & own).sum() / own.sum())


def test_every_length_has_a_rule_and_its_sql_per_segment() -> None:
    columns = shop(1_000, 5)
    data = {m.slug: v for m, v in zip(columns.measures, columns.values, strict=True)}
    numbers = {slug: data[slug].tolist() for slug in ("monetary", "orders")}
    customers = sheet(numbers, {"monetary": "money", "orders": "count"})
    labels = (np.nan_to_num(data["orders"]) >= 5).astype(np.int16)
    found = plain_rules(customers, np.arange(1_000), labels, 1)
    for questions in (1, 2, 3):
        rule, said = found.of(0, questions)
        assert rule is not None and said == {d: sql(rule.rule, d) for d in DIALECTS}
        assert found.of(1, questions) == (None, {})
    assert found.of(0, 3) == found.of(0) == (found.rules[0], found.sql[0])


@pytest.mark.parametrize("name", ["nobody", "everybody"])
def test_there_is_no_rule_for_nobody_or_everybody(name: str) -> None:
    columns = shop(500, 1)
    found = plain_rule(columns, segments(columns)[name])
    assert (found.rule.alternatives, found.precision, found.f1) == ((), None, 0.0)
    assert sql(found.rule) == "FALSE" and found.rule.said() == ""


def test_thresholds_are_round_and_lie_between_the_values() -> None:
    values = np.random.default_rng(2).lognormal(6, 1.2, 5_000)
    cuts = round_cuts(values, "money")
    assert cuts.size > 20 and (np.diff(cuts) > 0).all() and values.min() < cuts[0] <= cuts[-1] <= values.max()
    assert all(len(f"{cut:.0f}".rstrip("0")) <= 2 for cut in cuts)


def test_a_whole_number_is_divided_at_whole_numbers() -> None:
    cuts = round_cuts(np.random.default_rng(2).poisson(3, 500).astype(float), "count")
    assert np.array_equal(cuts, np.round(cuts))


WORDS = [
    ({"unit": "money", "low": 1_250.0}, "€", "spend at least €1,250"),
    ({"unit": "money", "high": 0.5}, "", "spend under 0.5"),
    ({"unit": "money", "low": -20.0, "high": 5.0}, "EUR", "spend from −20 EUR to under 5 EUR"),
    ({"unit": "share", "high": 0.07}, "", "spend under 7 %"),
    ({"unit": "number", "low": 0.005}, "", "spend at least 0.005"),
    ({"unit": "category", "words": ("Graz", "Linz")}, "", "spend Graz or Linz"),
    ({"unit": "category", "words": ("Linz",), "but": True}, "", "spend not Linz"),
    ({"unit": "rate", "known": False}, "", "spend not known"),
    ({"unit": "count", "whole": True, "high": 3.0}, "", "spend at most 2"),
    ({"unit": "count", "whole": True, "low": 2.0, "high": 3.0}, "", "spend 2"),
    ({"unit": "days", "whole": True, "low": 20.0, "high": 100.0}, "", "spend from 20 to under 100"),
]


@pytest.mark.parametrize(("what", "currency", "expected"), WORDS)
def test_a_condition_in_words_has_all_digits(what: dict[str, Any], currency: str, expected: str) -> None:
    assert Condition(column="m", label="Spend", **what).said(currency) == expected


def test_alternatives_are_told_apart() -> None:
    one = Condition(column="o", label="Orders", unit="count", low=5.0)
    other = Condition(column="r", label="Days since last order", unit="days", high=30.0)
    rule = Rule(alternatives=((one, other), (one,)))
    assert rule.said() == "Orders at least 5 and days since last order under 30; or orders at least 5"


def test_conditions_that_make_no_difference_are_left_out() -> None:
    few = Condition(column="orders", label="Orders", unit="count", high=5.0)
    many, more = replace(few, high=None, low=5.0), replace(few, high=None, low=3.0)
    dear, cheap = (replace(few, column="monetary", high=h, low=lo) for h, lo in ((None, 9.0), (9.0, None)))
    rng = np.random.default_rng(0)
    table = {"orders": rng.integers(1, 9, 300).astype(float), "monetary": rng.integers(1, 20, 300) + 0.5}
    rule = Rule(alternatives=((more, cheap), (many, dear), (many, cheap)))
    found = simpler(rule, table)
    assert found.alternatives == ((more, cheap), (many,))
    assert (found.picks(table) == rule.picks(table)).all()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_hostile_name_stays_a_name(dialect: str) -> None:
    city = Condition(column='a"; drop table x --', label="A", unit="category", words=("O'Hara", "--"))
    said = sql(Rule(alternatives=((city,),)), dialect)
    import sqlglot

    (parsed,) = sqlglot.parse(f"select * from t where {said}", read=dialect)
    assert parsed is not None and {c.name for c in parsed.find_all(sqlglot.exp.Column)} == {city.column}


def test_the_rule_is_the_same_for_every_run() -> None:
    columns = shop(2_000, 9)
    belongs = segments(columns)["both"]
    assert plain_rule(columns, belongs) == plain_rule(columns, belongs)


def test_a_word_that_ends_in_a_zero_byte_is_picked_by_its_sql() -> None:
    words = np.array(["Linz", "Linz\0"] * 50, dtype=object)
    columns = columns_of(sheet({"city": words}, {"city": "category"}), np.arange(100))
    rule = plain_rule(columns, words == "Linz\0").rule
    assert picked_by_sql(sql(rule), columns) == rule.picks(columns.table()).tolist()
    assert int(rule.picks(columns.table()).sum()) == 50
