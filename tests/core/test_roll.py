"""A study's customers as a file: what is written is what is read, in blocks of any order, by any text."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.arrow import taken
from core.codec import decode, encode
from core.features.cohort import included
from core.features.customers import Customers
from core.features.sampled import hash_of
from core.pipeline import Results, grouping_of
from core.profile import profile
from core.roll import SEGMENT, Asked, Roll, block, listed, matches, read, with_segments, write
from core.roll.asked import meets
from core.roll.kept import _About, _put
from core.roll.mapped import mapped
from core.spec import Study
from tests.core.small import sheet
from tests.core.test_profile import divided, labelled

SEGMENTS = (1, 1, 2, 2, 2, 1, 0, 2, 1, 1)
EVERYBODY = Study()
FEWER = Study().with_(where=["monetary:le:4"])
ANY = st.lists(st.sampled_from([np.nan, -2.0, 0.0, 1.0, 1.0, 7.5, 1e9]), max_size=60)


def customers() -> Customers:
    """Ten customers: numbers, words, bands and flags, each with a gap."""
    made = sheet(
        {
            "monetary": [5.0, 1.5, None, 0.0, -2.0, 9.0, 9.0, 3.0, 4.0, 8.0],
            "city": ["Köln", "<b>Bonn</b>", None, "köln", "=1+1", "Ulm", "Ulm", "Ulm", "שלום", "🙂"],
            "income": ["low", "high", "low", None, "mid", "mid", "low", "high", "low", "low"],
            "app": [True, False, None, True, True, False, False, True, True, False],
        },
        {"monetary": "money", "city": "category", "income": "band", "app": "flag"},
        {"income": ("low", "mid", "high")},
    )
    return labelled(made, high_value=[1, 0, -1, 0, 0, 1, 1, 0, 0, 1])


def results(rows: list[int] | None = None, labels: tuple[int, ...] = SEGMENTS) -> Results:
    """Two segments, and one customer without."""
    made = customers()
    kept = np.arange(10) if rows is None else np.array(rows)
    matrix, clustering = divided([labels[row] for row in kept])
    matrix = replace(matrix, rows=kept.astype(np.int64))
    clustering = replace(clustering, coords=np.column_stack([kept, -kept]).astype(np.float32))
    found = profile(made, matrix, clustering)
    return Results(customers=made, matrix=matrix, clustering=clustering, profile=found)


def kept(folder: Path, made: Results, study: Study = EVERYBODY) -> Roll:
    """The roll of results, as it is read."""
    write(folder, "ab-12.arrow", "sheet", study, made)
    return read(folder, "ab-12.arrow")[0]


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    made = results()
    roll = kept(tmp_path, made)
    assert roll.customers.table.to_pylist() == made.customers.table.to_pylist()
    assert replace(roll.customers, table=made.customers.table) == made.customers
    assert roll.labels.tolist() == [1, 1, 2, 2, 2, 1, 0, 2, 1, 1]
    assert roll.coords.tolist() == [[row, -row] for row in range(10)]
    assert [number for number, _ in roll.segments] == [1, 2, 0]


def test_a_roll_holds_who_is_included_and_says_whom_cleaning_left_out(tmp_path: Path) -> None:
    made = results([1, 3, 8])
    roll = kept(tmp_path, made, FEWER)
    rows = np.array([1, 3, 4, 7, 8])
    assert roll.customers.table.to_pylist() == taken(made.customers.table, rows).to_pylist()
    assert roll.labels.tolist() == [1, 2, -1, -1, 1]
    assert roll.shown(FEWER).tolist() == [True, True, False, False, True]
    assert roll.shown(FEWER, left_out=True).all()


@pytest.mark.parametrize(
    "show",
    [
        "monetary:gt:2",
        "city:in:Ulm,köln",
        "income:ge:mid",
        "app:eq:true",
        "city:missing",
        "id:eq:c00003",
        "segment:eq:2",
        "segment:in:0,1",
        "within:in:monetary,monetary,-1,-1,5,-1,5,6,-1,6",
        "within:in:map.x,map.y,2,-9,9,-9,9,-2.5,2,-2.5",
    ],
)
def test_conditions_meet_the_same_customers_as_in_the_results(tmp_path: Path, show: str) -> None:
    made = results()
    study = Study().with_(show=[show])
    roll = kept(tmp_path, made)
    assert made.clustering is not None
    expected, notes = included(made.customers, study.lens.show, grouping_of(made))
    assert not notes and 0 < expected.sum() < 10
    assert roll.shown(study).tolist() == expected.tolist()


def test_a_lens_shows_its_segment_and_its_label(tmp_path: Path) -> None:
    roll = kept(tmp_path, results())
    assert np.flatnonzero(roll.shown(at("1"))).tolist() == [0, 1, 5, 8, 9]
    assert np.flatnonzero(roll.shown(at("none"))).tolist() == [6]
    assert np.flatnonzero(roll.shown(at("2").with_(label="high_value"))).tolist() == []
    assert np.flatnonzero(roll.shown(at("1").with_(label="high_value"))).tolist() == [0, 5, 9]


@pytest.mark.parametrize("segment", ["3", "0", "٣", "two", "-1", "99999999999999999999"])
def test_a_segment_that_is_not_there_shows_nobody(tmp_path: Path, segment: str) -> None:
    assert not kept(tmp_path, results()).shown(at(segment)).any()


def at(segment: str) -> Study:
    """A study with an open segment."""
    return replace(Study(), lens=replace(Study().lens, segment=segment))


def test_codes_and_numbers_are_those_of_the_sheet(tmp_path: Path) -> None:
    made = results()
    roll = kept(tmp_path, made)
    for slug in ("city", "income"):
        here, there = roll.customers.codes(slug), made.customers.codes(slug)
        assert here[1] == there[1] and here[0].tolist() == there[0].tolist()
    for slug in ("monetary", "income", "app"):
        np.testing.assert_array_equal(roll.customers.number(slug), made.customers.number(slug))


def test_an_address_finds_its_customer_and_does_not_hold_the_id(tmp_path: Path) -> None:
    roll = kept(tmp_path, results())
    rows = np.arange(10)
    addresses = roll.addressed(rows)
    assert [roll.at(address) for address in addresses] == rows.tolist()
    assert all("c0000" not in address for address in addresses)
    assert [roll.at(wrong) for wrong in ("", "c00001", "0" * 16, "-" * 16, addresses[0].upper() + "0")] == [
        None
    ] * 5


def test_customers_whose_ids_share_a_hash_have_addresses_of_their_own(tmp_path: Path) -> None:
    made = results()
    alike = pa.array([f"{'x' * 80}{row}" for row in range(10)])
    assert np.unique(hash_of(pa.chunked_array([alike]))).size == 1
    table = made.customers.table.set_column(0, "id", alike)
    roll = kept(tmp_path, replace(made, customers=replace(made.customers, table=table)))
    assert len(set(roll.addressed(np.arange(10)))) == 10


def test_an_address_means_the_same_customer_whoever_is_included(tmp_path: Path) -> None:
    made = results()
    alike = pa.array([f"{'x' * 80}{row}" for row in range(10)])
    made = replace(
        made, customers=replace(made.customers, table=made.customers.table.set_column(0, "id", alike))
    )
    rows = np.array([3])
    alone = replace(results([3], labels=(1,) * 10), customers=made.customers)
    everybody = kept(tmp_path, made).addressed(rows)
    assert kept(tmp_path, alone, Study().with_(where=["city:eq:köln"])).addressed(np.array([0])) == everybody


def test_other_segments_of_the_same_customers_share_their_sheet(tmp_path: Path) -> None:
    first = write(tmp_path, "ab-12.arrow", "sheet", EVERYBODY, results())
    other = write(tmp_path, "ab-34.arrow", "sheet", EVERYBODY, results(labels=(2,) * 5 + (1,) * 5))
    fewer = write(tmp_path, "ab-56.arrow", "sheet", FEWER, results([1, 2]))
    assert first.sheet == other.sheet != fewer.sheet
    assert read(tmp_path, "ab-34.arrow")[0].labels.tolist() == [2] * 5 + [1] * 5
    assert all(path.name.startswith("ab-") for path in tmp_path.iterdir())
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in tmp_path.iterdir())


@pytest.mark.parametrize("which", ["roll", "sheet"])
@pytest.mark.parametrize("harm", ["gone", "cut", "empty", "planted"])
def test_a_damaged_or_vanished_file_is_told_and_not_left(tmp_path: Path, which: str, harm: str) -> None:
    names = write(tmp_path, "ab-12.arrow", "sheet", EVERYBODY, results())
    path = tmp_path / getattr(names, which)
    data = path.read_bytes()
    path.unlink()
    if harm != "gone":
        path.write_bytes({"cut": data[: len(data) // 2], "empty": b"", "planted": b"x" * 999}[harm])
    with pytest.raises(ValueError):
        read(tmp_path, "ab-12.arrow")
    assert not path.exists()
    assert len(kept(tmp_path, results())) == 10


@pytest.mark.parametrize("sheet", ["", "..", "../ab-12.arrow", "ab-12.arrow"])
def test_a_roll_that_names_no_sheet_is_damaged(tmp_path: Path, sheet: str) -> None:
    write(tmp_path, "ab-12.arrow", "sheet", EVERYBODY, results())
    own, _ = mapped(tmp_path / "ab-12.arrow")
    about = replace(decode(_About, own.schema.metadata[b"roll"]), sheet=sheet)
    _put(tmp_path / "ab-12.arrow", own.replace_schema_metadata({b"roll": encode(about)}))
    with pytest.raises(ValueError, match="damaged"):
        read(tmp_path, "ab-12.arrow")
    assert not (tmp_path / "ab-12.arrow").exists()


def test_a_damaged_sheet_is_written_again_with_its_roll(tmp_path: Path) -> None:
    names = write(tmp_path, "ab-12.arrow", "sheet", EVERYBODY, results())
    (tmp_path / names.sheet).write_bytes(b"")
    assert len(kept(tmp_path, results())) == 10


def test_a_list_names_its_segments_and_sorts_them_by_their_order(tmp_path: Path) -> None:
    roll = kept(tmp_path, results())
    own = dict(roll.segments)
    named = listed(with_segments(roll, {2: "Ünï <b>", 9: "nobody's"}), np.ones(10, dtype=bool))
    assert named.roll.customers.table[SEGMENT].to_pylist() == [
        "Ünï <b>" if number == 2 else own[number] for number in SEGMENTS
    ]
    rows = named.page(0, 10, SEGMENT)
    order = [number for number, _ in roll.segments]
    assert rows.tolist() == sorted(range(10), key=lambda row: order.index(SEGMENTS[row]))
    found = named.narrowed("ünï", ["id", SEGMENT], ())
    assert found.page(0, 10).tolist() == [2, 3, 4, 7]


@pytest.mark.parametrize("words", [1, 1 << 15])
@pytest.mark.parametrize("descending", [False, True])
def test_a_list_is_sorted_by_the_alphabet_however_many_words_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: int, descending: bool
) -> None:
    monkeypatch.setattr("core.roll.kept.MOST_WORDS", words)
    roll = kept(tmp_path, results())
    whole = listed(roll, np.ones(10, dtype=bool))
    cities = roll.customers.table["city"].to_pylist()
    shown = [cities[row] for row in whole.page(0, 10, "city", descending)]
    assert shown == [*sorted(filter(None, cities), reverse=descending), None]
    assert (
        whole.page(3, 6, "city", descending).tolist() == whole.page(0, 10, "city", descending)[3:6].tolist()
    )


def test_conditions_on_a_list_are_all_to_be_met_and_of_each_one_question(tmp_path: Path) -> None:
    whole = listed(kept(tmp_path, results()), np.ones(10, dtype=bool))
    low = Asked(slug="income", what="is", text="LOW")
    none = Asked(slug="city", what="missing")
    ends = Asked(slug="city", what="ends", text="m")
    dear = Asked(slug="monetary", what="at least", values=(8.0,))
    cases = [
        ([[low]], [0, 2, 6, 8, 9]),
        ([[low], [dear]], [6, 9]),
        ([[none, ends]], [2, 5, 6, 7]),
        ([[Asked(slug="city", what="lacks", text="u")]], [0, 1, 2, 3, 4, 8, 9]),
        ([[Asked(slug="app", what="is", values=(1.0,))]], [0, 3, 4, 7, 8]),
        ([[Asked(slug="monetary", what="between", values=(4.0, 1.0))]], [1, 7, 8]),
        ([[Asked(slug="monetary", what="not", values=(9.0,))], [dear]], [9]),
    ]
    for conditions, rows in cases:
        assert whole.narrowed("", (), conditions).page(0, 10).tolist() == rows


@given(ANY, st.integers(0, 70), st.integers(0, 30), st.booleans())
def test_a_block_is_that_of_a_stable_sort_with_gaps_last(
    values: list[float], start: int, size: int, descending: bool
) -> None:
    keys = np.array(values, dtype=np.float64)
    missing = np.isnan(keys)
    whole = np.lexsort((np.where(missing, 0, -keys if descending else keys), missing))
    assert block(keys, start, start + size, descending).tolist() == whole[start : start + size].tolist()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("KÖLN", [0, 3]),
        ("ulm", [5, 6, 7]),
        ("<B>", [1]),
        ("=1", [4]),
        ("🙂", [9]),
        ("0007", [7]),
        ("לו", [8]),
    ],
)
def test_a_text_is_found_in_ids_and_words_whatever_its_capitals(
    tmp_path: Path, text: str, found: list[int]
) -> None:
    for made in (customers(), kept(tmp_path, results()).customers):
        assert np.flatnonzero(matches(made, f" {text} ", ("id", "city"))).tolist() == found


@pytest.mark.parametrize("word", ["İstanbul", "ΟΔΟΣ", "STRASSE ẞ", "Köln"])
def test_a_word_is_found_as_it_is_written_in_any_alphabet(word: str) -> None:
    made = sheet({"city": ["Ulm", word, word.upper()]}, {"city": "category"})
    assert np.flatnonzero(matches(made, word, ("city",))).tolist() == [1, 2]
    for what in ("is", "contains", "begins", "ends"):
        assert meets(made, Asked(slug="city", what=what, text=word)).tolist() == [False, True, True]
