"""Rows of a newer file added to a log: what goes together, what is asked or said, what is refused."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from core.errors import UserError
from core.io.dataset import Dataset
from core.io.reading import ReadAs
from core.io.store import Store
from tests.core.stored import column, written

LOG = "customer,order,day,amount\n1,A,2024-01-13,5.5\n2,B,2024-01-14,6.5\n1,C,2024-02-15,7\n"
LATER = "customer,order,day,amount\n1,C,2024-02-15,7\n3,D,2024-03-16,8.25\n"
OPEN = "customer,order,day,amount\n1,A,03/04/2024,5.5\n2,B,04/05/2024,6.5\n"
HEAD = "customer,order,day,amount\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "home")


@pytest.fixture
def log(store: Store, tmp_path: Path) -> Dataset:
    """A small order log."""
    return store.add(written(tmp_path, LOG, "orders.csv"))


@pytest.fixture
def people(store: Store, tmp_path: Path) -> Dataset:
    """A small customer table."""
    return store.add(written(tmp_path, "customer,orders,spend\n1,3,12.5\n2,1,7.25\n", "people.csv"))


def test_appended_rows_stand_after_the_old_ones(store: Store, log: Dataset, tmp_path: Path) -> None:
    both = store.append(log.id, written(tmp_path, LATER, "march.csv"))
    assert column(store, both, "order") == ["A", "B", "C", "C", "D"]
    assert column(store, both, "_row") == [1, 2, 3, 4, 5]
    assert both.columns[3].sum == 34.25
    assert [c.role for c in both.columns] == [c.role for c in log.columns]
    assert (both.name, both.original) == ("orders", "")
    assert column(store, store.get(log.id), "order") == ["A", "B", "C"]


def test_rows_that_were_there_already_are_counted(store: Store, log: Dataset, tmp_path: Path) -> None:
    both = store.append(log.id, written(tmp_path, LATER, "march.csv"))
    assert any(w.startswith("1 of the 2 rows added from march.csv") for w in both.warnings)
    assert "2 rows were added from march.csv." in both.decisions


def test_a_file_that_is_all_there_is_refused(store: Store, log: Dataset, tmp_path: Path) -> None:
    head, *lines = LOG.splitlines()
    with pytest.raises(UserError, match=r"Every row of again\.csv is in orders already"):
        store.append(log.id, written(tmp_path, "\n".join([head, *lines[1:], ""]), "again.csv"))


def test_whole_numbers_and_decimals_go_together(store: Store, log: Dataset, tmp_path: Path) -> None:
    both = store.append(
        log.id, written(tmp_path, "customer,order,day,amount\nX9,D,2024-03-16,8\n4,E,2024-03-17,2\n")
    )
    assert column(store, both, "customer") == ["1", "2", "1", "X9", "4"]
    assert column(store, both, "amount") == [5.5, 6.5, 7.0, 8.0, 2.0]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("customer,order,day\n1,D,2024-03-16\n", "no column amount"),
        ("customer,order,day,amount,tip\n1,D,2024-03-16,1,2\n", "orders has no column tip"),
        ("customer,order,day,amount\n1,D,soon,1\n2,E,later,2\n", "day holds values such as"),
        (
            "customer,order,day,amount\n1,D,03/04/2024,1\n2,E,04/04/2024,2\n",
            "with the day or the month first",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused(
    store: Store, log: Dataset, tmp_path: Path, text: str, part: str
) -> None:
    with pytest.raises(UserError) as caught:
        store.append(log.id, written(tmp_path, text))
    assert part in caught.value.message and caught.value.hint


def test_amounts_of_two_currencies_are_not_mixed(store: Store, tmp_path: Path) -> None:
    euros = store.add(written(tmp_path, LOG.replace(",5.5", ",€5.5").replace(",6.5", ",€6.5"), "euros.csv"))
    with pytest.raises(UserError, match=r"are in \$, those of euros in €"):
        store.append(euros.id, written(tmp_path, LATER.replace(",7\n", ",$7\n").replace(",8.", ",$8.")))


def test_rows_are_not_added_to_a_customer_table(store: Store, people: Dataset, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="added to an order log only"):
        store.append(people.id, written(tmp_path, "customer,orders,spend\n4,9,2.5\n"))


def test_rows_set_aside_are_numbered_on(store: Store, log: Dataset, tmp_path: Path) -> None:
    first = store.append(log.id, written(tmp_path, LATER + "4,E\n"))
    both = store.append(first.id, written(tmp_path, "customer,order,day,amount\n7,G\n5,F,2024-04-01,3\n"))
    aside = pq.read_table(store.data / both.table.content / "aside.parquet")
    assert aside["_row"].to_pylist() == [6, 7]
    assert column(store, both, "_row") == [1, 2, 3, 4, 5, 8]
    assert sum(rows for _, rows in both.table.aside) == 2


# Days and months that are open


def test_open_days_of_a_newer_file_follow_the_answer(store: Store, tmp_path: Path) -> None:
    log = store.change(store.add(written(tmp_path, OPEN)).id, answers={"dayfirst": "no"})
    both = store.append(log.id, written(tmp_path, HEAD + "1,C,06/07/2024,7\n"))
    assert [str(day) for day in column(store, both, "day")] == ["2024-03-04", "2024-04-05", "2024-06-07"]
    assert dict(both.answers) == {"dayfirst": "no"}
    turned = store.change(both.id, answers={"dayfirst": "yes"})
    assert [str(day) for day in column(store, turned, "day")] == ["2024-04-03", "2024-05-04", "2024-07-06"]


def test_sure_days_wait_for_the_answer_about_the_open_ones(store: Store, tmp_path: Path) -> None:
    log = store.add(written(tmp_path, OPEN))
    sure = written(tmp_path, HEAD + "1,C,06/28/2024,7\n", "sure.csv")
    with pytest.raises(UserError, match="Answer which comes first"):
        store.append(log.id, sure)
    both = store.append(store.change(log.id, answers={"dayfirst": "no"}).id, sure)
    assert [str(day) for day in column(store, both, "day")] == ["2024-03-04", "2024-04-05", "2024-06-28"]
    assert both.questions == () and both.columns[2].dayfirst is None
    again = store.append(both.id, written(tmp_path, HEAD + "1,D,07/08/2024,7\n"))
    assert str(column(store, again, "day")[-1]) == "2024-07-08"


def test_open_days_beside_sure_ones_are_added_when_their_order_is_said(
    store: Store, log: Dataset, tmp_path: Path
) -> None:
    newer = written(tmp_path, HEAD + "3,D,06/07/2024,7\n")
    with pytest.raises(UserError, match="the day or the month first") as caught:
        store.append(log.id, newer)
    assert "--dayfirst" in caught.value.hint
    both = store.append(log.id, newer, read_as=ReadAs(dayfirst="yes"))
    assert str(column(store, both, "day")[-1]) == "2024-07-06"
    again = store.append(both.id, written(tmp_path, HEAD + "3,E,07/08/2024,7\n"))
    assert str(column(store, again, "day")[-1]) == "2024-08-07"


def test_a_file_of_the_other_order_of_days_is_read_as_said(store: Store, tmp_path: Path) -> None:
    log = store.add(written(tmp_path, OPEN), answers={"dayfirst": "no"})
    newer = written(tmp_path, HEAD + "1,C,06/07/2024,7\n")
    both = store.append(log.id, newer, read_as=ReadAs(dayfirst="yes"))
    assert [str(day) for day in column(store, both, "day")] == ["2024-03-04", "2024-04-05", "2024-07-06"]


def test_days_without_and_times_with_a_zone_are_not_mixed(store: Store, log: Dataset, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="without their time zone, this file with it"):
        store.append(log.id, written(tmp_path, HEAD + "3,D,2024-03-16T12:30:00+02:00,8.25\n"))


def test_an_empty_column_takes_the_open_days_of_a_newer_file(store: Store, tmp_path: Path) -> None:
    log = store.add(
        written(tmp_path, "customer,order,day,amount,sent\n1,A,2024-01-13,5,\n2,B,2024-01-14,6,\n")
    )
    newer = written(tmp_path, "customer,order,day,amount,sent\n2,C,2024-02-13,7,03/04/2024\n")
    both = store.append(log.id, newer, read_as=ReadAs(dayfirst="no"))
    assert both.answers == (("dayfirst", "no"),) and both.columns[4].dayfirst is False
    assert str(column(store, both, "sent")[-1]) == "2024-03-04"


# What was decided before


def test_the_decimal_sign_that_was_chosen_holds_for_every_newer_file(store: Store, tmp_path: Path) -> None:
    head = "customer;order;day;amount\n"
    log = store.add(written(tmp_path, head + "1;A;2024-01-13;1.250\n"), read_as=ReadAs(decimal=","))
    for order in "BC":
        log = store.append(log.id, written(tmp_path, head + f"1;{order};2024-02-13;2.750\n"))
    assert log.columns[3].sum == 6750


def test_answers_about_statuses_follow_their_words(store: Store, tmp_path: Path) -> None:
    head = "customer,order,day,amount,status\n"
    one = head + "1,A,2024-01-13,5,blue\n2,B,2024-01-14,6,blue\n1,C,2024-01-15,7,red\n"
    log = store.add(written(tmp_path, one), answers={"status_2": "out"})
    both = store.append(
        log.id, written(tmp_path, head + "".join(f"{i},R{i},2024-02-0{i},1,red\n" for i in range(1, 4)))
    )
    assert both.columns[4].values == ("red", "blue")
    assert both.answers == (("status_1", "out"),)
    newer = store.replace(both.id, written(tmp_path, one))
    assert newer.answers == (("status_2", "out"),)


# Customers under another spelling


@pytest.mark.parametrize(
    ("before", "newer", "stored"),
    [
        (("0001", "0002"), ("1", "3"), ["0001", "0002", "0001", "3"]),
        (("1", "2"), ("0001", "0003"), ["1", "2", "1", "0003"]),
        (("A-7", "B-8"), ("a-7", "C-9"), ["A-7", "B-8", "A-7", "C-9"]),
        (("1", "2"), ("1.0", "3.0"), [1, 2, 1, 3]),
    ],
)
def test_a_customer_goes_by_one_spelling(
    store: Store, tmp_path: Path, before: tuple[str, str], newer: tuple[str, str], stored: list[object]
) -> None:
    texts = [
        HEAD + "".join(f"{c},{order}{i},2024-0{i + 1}-13,5.5\n" for i, c in enumerate(customers))
        for order, customers in (("A", before), ("B", newer))
    ]
    log = store.add(written(tmp_path, texts[0], "old.csv"))
    both = store.append(log.id, written(tmp_path, texts[1], "new.csv"))
    assert column(store, both, "customer") == stored and both.columns[0].distinct == 3
    told = [w for w in both.warnings if w.startswith("customer: 1 number of new.csv")]
    assert len(told) == (isinstance(stored[0], str))


def test_a_spelling_that_may_be_several_customers_is_refused(store: Store, tmp_path: Path) -> None:
    log = store.add(
        written(tmp_path, HEAD + "01,A,2024-01-13,5\n1,B,2024-01-14,6\n02,C,2024-01-15,6\n", "old.csv")
    )
    with pytest.raises(UserError, match=r"“001” of new\.csv may be one of several customers") as caught:
        store.append(log.id, written(tmp_path, HEAD + "001,D,2024-02-13,5\n", "new.csv"))
    assert caught.value.hint
    both = store.append(log.id, written(tmp_path, HEAD + "2,D,2024-02-13,5\n"))
    assert column(store, both, "customer")[-1] == "02"


# Numbers


def test_whole_numbers_that_would_lose_digits_are_refused(store: Store, tmp_path: Path) -> None:
    head = HEAD.replace("amount", "amount,code")
    log = store.add(written(tmp_path, head + f"1,A,2024-01-13,5,{2**53 + 1}\n2,B,2024-01-14,6,3\n"))
    with pytest.raises(UserError, match="code holds whole numbers too large"):
        store.append(log.id, written(tmp_path, head + "1,C,2024-02-13,5,1.5\n"))
