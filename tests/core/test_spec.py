"""The Study: a link says everything, and nothing that a link says can break it."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.param import OPS, Filter, Param
from core.spec import IN_PATH, PARAMS, STAGES, Study

SLUGS = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
VALUES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def filters() -> st.SearchStrategy[list[str]]:
    """Conditions as a control writes them."""
    counts = {"missing": (0, 0), "known": (0, 0), "between": (2, 2), "in": (1, 4)}

    def written(column: str, op: str) -> st.SearchStrategy[str]:
        low, high = counts.get(op, (1, 1))
        values = st.lists(VALUES, min_size=low, max_size=high)
        return values.map(lambda v: Filter(column, op, tuple(v)).write())

    one = st.tuples(SLUGS, st.sampled_from(OPS)).flatmap(lambda pair: written(*pair))
    return st.lists(one, max_size=3)


FRAGMENTS = st.one_of(
    st.sampled_from(["k:5", "k:auto", "algorithm:mixture~k:4", "cols:a,b~weight:a:2", "blanks:a:%7E"]),
    st.tuples(st.sampled_from(["eps", "rare", "missing", "cols", "blanks"]), VALUES).map(":".join),
    VALUES,
)


SAVED = [
    "",
    "k=5",
    "?ds=4f1c09ab72de&where=city:in:Bonn%252C+Beuel,K%C3%B6ln&k=4",
    "k=4&ref=k%3D5",
    "ref=ref",
    "&",
]


def raw_value(declared: Param) -> st.SearchStrategy[Any]:
    """Anything a control or a link may give for a field."""
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "choice": st.sampled_from([value for value, _ in declared.choices] or [""]),
        "integer": st.integers(-10, 10**12),
        "number": FLOATS,
        "date": st.dates().map(str),
        "month": st.dates().map(lambda day: str(day)[:7]),
        "text": VALUES,
        "slug": SLUGS,
        "columns": st.lists(SLUGS, max_size=4),
        "filters": filters(),
        "several": st.lists(st.sampled_from([value for value, _ in declared.choices] or [""]), max_size=4),
        "blanks": st.lists(st.tuples(SLUGS, VALUES).map(":".join), max_size=3),
        "others": st.lists(FRAGMENTS, max_size=4),
        "query": st.sampled_from(SAVED),
        "weights": st.lists(st.tuples(SLUGS, FLOATS).map(lambda w: f"{w[0]}:{w[1]!r}"), max_size=3),
    }
    return kinds[declared.kind]


IN_QUERY = {name: declared for name, (_, declared) in PARAMS.items() if name != IN_PATH}
STUDIES = st.fixed_dictionaries(
    {}, optional={name: raw_value(declared) for name, declared in IN_QUERY.items()}
).map(lambda values: Study().with_(**values))


@given(STUDIES)
def test_a_query_says_the_whole_study(study: Study) -> None:
    again = Study.parse(study.query())
    assert again == study
    assert again.notes == ()
    assert again.query() == study.query()


@given(STUDIES, STUDIES)
def test_different_studies_never_share_a_key(one: Study, other: Study) -> None:
    for at, stage in enumerate(STAGES):
        same = all(getattr(one, part) == getattr(other, part) for part in STAGES[: at + 1])
        assert (one.key(stage) == other.key(stage)) == same


@given(st.one_of(st.text(max_size=300), st.binary(max_size=300).map(lambda b: b.decode("latin-1"))))
def test_no_text_can_break_a_study(text: str) -> None:
    for query in (text, "?" + "&".join(f"{name}={text}" for name in PARAMS)):
        study = Study.parse(query)
        assert Study.parse(study.query()) == study.with_(**{IN_PATH: ""})
        study.key("lens")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*PARAMS, "nothing"]), JSON, max_size=5))
def test_no_json_can_break_a_study(values: dict[str, Any]) -> None:
    study = Study.parse(values)
    assert Study.parse(study.query()).query() == study.query()


@pytest.mark.parametrize("query", [None, "", "?", {}, [], 7, "&&&", "=", "?=&=", "\ud800=\ud800&ds=\udfff"])
def test_what_is_no_query_is_the_default_study(query: Any) -> None:
    assert Study.parse(query).cluster == Study().cluster
    Study.parse(query).query().encode()


def test_a_study_without_changes_has_no_query() -> None:
    assert Study().query() == ""
    assert Study.parse("?segment=3").query() == ""


def test_a_query_is_readable_and_in_the_order_of_the_pipeline() -> None:
    query = "?k=6&where=age:ge:30&cols=recency,monetary&ds=4f1c09ab72de&algorithm=kmeans"
    assert Study.parse(query).query() == "?ds=4f1c09ab72de&where=age:ge:30&cols=recency,monetary&k=6"


@pytest.mark.parametrize(
    ("query", "field", "expected", "said"),
    [
        ("k=banana", "k", None, "'banana' is not a number"),
        ("k=10000", "k", 12, "10000 is outside"),
        ("k=1", "k", 2, "1 is outside"),
        ("k=3.5", "k", None, "not a whole number"),
        ("k=1e300", "k", 12, "outside"),
        ("k=inf", "k", None, "not a number"),
        ("eps=nan", "eps", None, "not a number"),
        ("eps=0", "eps", 1e-6, "outside"),
        ("algorithm=magic", "algorithm", "kmeans", "not one of kmeans"),
        ("as_of=tomorrow", "as_of", None, "not a day such as"),
        ("as_of=2026-02-30", "as_of", None, "not a day such as"),
        ("cols=recency,DROP TABLE", "cols", (), "'DROP TABLE' is not a column"),
        ("where=age", "where", (), "not a condition such as age:ge:30"),
        ("where=age:like:3", "where", (), "not a condition"),
        ("where=age:between:3", "where", (), "not a condition"),
        (
            "where=age:lt:3,4&where=b:eq:1",
            "where",
            (Filter("age", "lt", ("3,4",)), Filter("b", "eq", ("1",))),
            "",
        ),
        ("blanks=age", "blanks", (), "not an attribute and a value such as age:-1"),
        ("blanks=age:+", "blanks", (), "not an attribute and a value"),
        ("blanks=Age of:-1", "blanks", (), "not an attribute and a value"),
        ("extras=gaps,moods", "extras", (), "'moods' is not one of gaps, habits"),
        ("rare=80", "rare", 50.0, "80 is outside"),
        ("constant=nothing", "constant", 0.0, "not a number"),
        ("weight=gender", "weight", (), "not a number"),
        ("weight=Gen der:1", "weight", (), "not a weight such as"),
        ("n_init=0", "n_init", 1, "outside"),
        ("seed=-5", "seed", 0, "outside"),
    ],
)
def test_what_can_be_settled_is_settled_and_noted(query: str, field: str, expected: Any, said: str) -> None:
    study = Study.parse(query)
    assert study.value(field) == expected
    assert len(study.notes) == bool(said)
    assert all(said in note for note in study.notes)


def test_an_unknown_name_is_ignored_with_a_note() -> None:
    study = Study.parse("?bananas=3&k=4")
    assert (study.cluster.k, len(study.notes)) == (4, 1)
    assert "“bananas”" in study.notes[0]


def test_of_a_repeated_name_the_last_counts_but_lists_add_up() -> None:
    study = Study.parse("k=3&k=5&cols=a,b&cols=b,c&where=a:lt:1&where=a:lt:1&where=b:missing")
    assert study.cluster.k == 5
    assert study.features.cols == ("a", "b", "c")
    assert study.cohort.where == (Filter("a", "lt", ("1",)), Filter("b", "missing"))


@pytest.mark.parametrize("nothing", [None, "", [], [""], ()])
@pytest.mark.parametrize("name", PARAMS)
def test_a_cleared_control_is_the_default(name: str, nothing: Any) -> None:
    assert Study().with_(**{name: nothing}) == Study()


@pytest.mark.parametrize("name", ["k", "cols", "eps", "as_of"])
def test_automatic_may_be_written_out(name: str) -> None:
    assert Study.parse(f"{name}=auto") == Study()


@pytest.mark.parametrize(
    "value", ["50 %", "a,b", "%2C", "ä ö 漢字 😀", "a:b:c", "a&b=c#d", "+1", "'\"<b>", "\n"]
)
def test_any_value_of_a_condition_survives_the_link(value: str) -> None:
    found = Filter("city", "in", (value, "x"))
    study = Study().with_(where=[found.write()])
    assert study.cohort.where == (found,)
    assert Study.parse(study.query()).cohort.where == (found,)


def test_equal_numbers_are_one_view() -> None:
    one, other = Study.parse("eps=1&k=4"), Study.parse("eps=1.0&k=4.0")
    assert one == other
    assert one.key("cluster") == other.key("cluster")


def test_weights_are_kept_to_the_last_digit_and_sorted() -> None:
    study = Study.parse("weight=b:0.1234567890123,a:2&weight=c:1")
    assert study.features.weight == (("a", 2.0), ("b", 0.1234567890123))
    assert Study.parse(study.query()) == study


@pytest.mark.parametrize(
    "word", ["-1", "50 %", "a;b", "a:b", "a,b", "%3B", "N/A", "n. a.", "ä ö 漢字", "a&b=c#d", "'"]
)
def test_any_word_for_missing_survives_the_link(word: str) -> None:
    study = Study().with_(blanks=[f"city:{word}", "age:-1"])
    assert study.clean.blanks == (("age", "-1"), ("city", word))
    assert Study.parse(study.query()) == study


def test_words_for_missing_are_one_view_in_any_order() -> None:
    one, other = Study.parse("blanks=b:x&blanks=a: -1 &blanks=b:x"), Study.parse("blanks=a:-1&blanks=b:x")
    assert one == other
    assert one.query() == "?blanks=a:-1&blanks=b:x"


def test_more_measures_are_one_view_in_any_order() -> None:
    assert Study.parse("extras=trend,gaps").query() == Study.parse("extras=gaps&extras=trend").query()


def test_a_change_of_lens_never_refits() -> None:
    one, other = Study(), Study().with_(segment="2", show=["age:lt:30"], measure="orders")
    assert one.key("cluster") == other.key("cluster")
    assert one.key("lens") != other.key("lens")


def test_a_change_keeps_the_rest_and_drops_old_notes() -> None:
    study = Study.parse("k=banana&seed=7").with_(k=4)
    assert (study.cluster.seed, study.cluster.k, study.notes) == (7, 4, ())


def test_a_day_is_read_as_a_day() -> None:
    assert Study.parse("as_of=2011-12-09").source.as_of == dt.date(2011, 12, 9)


def test_every_field_has_words() -> None:
    for _, declared in PARAMS.values():
        assert declared.label
        assert (
            declared.default in ("", None, ())
            or declared.kind != "choice"
            or declared.default in dict(declared.choices)
        )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("k:4", ("k:4",)),
        ("k:4.0~algorithm:mixture", ("algorithm:mixture~k:4",)),
        ("k:auto", ("k:auto",)),
        ("cols:recency,monetary~weight:recency:2", ("cols:recency,monetary~weight:recency:2",)),
        ("blanks:city:a%7Eb~blanks:age:-1", ("blanks:age:-1~blanks:city:a%7Eb",)),
    ],
)
def test_another_way_to_group_is_said_by_what_differs(text: str, expected: tuple[str, ...]) -> None:
    study = Study().with_(against=[text])
    assert (study.lens.against, study.notes) == (expected, ())
    assert f"against={expected[0].replace('%', '%25')}" in study.query()
    assert Study.parse(study.query()) == study


def test_another_way_to_group_takes_the_rest_from_the_study() -> None:
    study = Study.parse("k=5&algorithm=hierarchical&linkage=average&against=k:4&against=algorithm:kmeans")
    one, other = (study.other(text) for text in study.lens.against)
    assert one.query() == "?algorithm=hierarchical&k=4&linkage=average"
    assert other.query() == "?k=5&linkage=average"
    assert study.apart(other) == "algorithm:kmeans"


@pytest.mark.parametrize(
    ("query", "kept", "said"),
    [
        ("against=k:2&against=k:3&against=k:4&against=k:5", ("k:2", "k:3", "k:4"), "At most 4 ways"),
        ("against=k:99&against=k:5", ("k:12", "k:5"), "99 is outside"),
        ("against=k:banana&against=k:5", ("k:5",), "'banana' is not a number"),
        ("against=k&against=k:5", ("k:5",), "'k' is not a choice such as k:5"),
        ("against=ds:demo-1", (), "data set (ds) must be the same for all"),
        ("against=sample:300", (), "(sample) must be the same for all"),
        ("against=where:age:ge:30", (), "who is included (where) must be the same for all"),
        ("against=ref:k%3D5", (), "(ref) must be the same for all"),
        ("against=measure:orders~k:3", (), "measure (measure) must be the same for all"),
    ],
)
def test_what_can_not_be_compared_with_is_noted(query: str, kept: tuple[str, ...], said: str) -> None:
    study = Study.parse(query)
    assert study.lens.against == kept
    assert len(study.notes) == 1 and said in study.notes[0]
