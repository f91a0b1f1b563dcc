"""What the store knows of a data set: its columns, their roles, and what was decided about them."""

from dataclasses import dataclass
from typing import Final

ROLES: Final = {
    "id": "Customer number",
    "order": "Order number",
    "date": "Order date",
    "quantity": "Pieces",
    "unit_price": "Price per piece",
    "line_amount": "Amount of the line",
    "discount": "Discount",
    "product": "Product",
    "category": "Category",
    "country": "Country",
    "status": "Order status",
    "since": "Customer since",
    "age": "Age",
    "gender": "Gender",
    "spend": "Spend",
    "frequency": "Number of orders",
    "recency": "Days since last order",
    "score": "Score",
    "email": "E-mail",
    "consent": "Consent",
    "personal": "Personal, never used",
    "number": "Number",
    "band": "Ordered band",
    "flag": "Yes or no",
    "ignore": "Not used",
}
"""Role -> what the column means, in the words of the pages. The order is the order of the menu."""

TYPES: Final = {
    "integer": "whole numbers",
    "number": "numbers",
    "text": "text",
    "date": "dates",
    "datetime": "dates with time",
    "flag": "yes or no",
}
"""Type of a column -> what it holds, in plain words."""

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""By `Dataset.first_weekday`."""

KINDS: Final = {"log": "one row per order line", "customers": "one row per customer"}
"""Kind of a table -> its rows, in plain words."""

FEW: Final = 50
"""A text column with at most so many distinct values can be a category or an ordered band."""

CHOSEN: Final = "chosen by you"
"""The reason of a role that was overridden."""

MONEY_ROLES: Final = ("unit_price", "line_amount")
"""Roles of a log that say what was paid; a table has one of them."""

LOG_ROLES: Final = frozenset({"order", "quantity", "unit_price", "line_amount", "product"})
"""A column with one of these roles makes the table a log of order lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a stored table.

    Attributes
    ----------
    slug : str
        Unique name made of a-z, 0-9 and _; the only name that SQL, URLs and component ids see.
    name : str
        The name as it stood in the file; shown, never executed.
    type : str
        A key of `TYPES`.
    role : str
        A key of `ROLES`.
    reason : str
        Why this role was guessed, in plain words; "chosen by you" after an override.
    missing, distinct : int
        Empty cells; distinct values that are not empty.
    sum : float or None
        Sum of a numeric column (exact to the cent for money), None for others.
    minimum, maximum : str or None
        Smallest and largest value, printed.
    examples : tuple of str
        Up to five values as printed in the file's first rows.
    levels : tuple of str
        For the role `band`: the levels from low to high. Else empty.
    values : tuple of str
        All distinct values of a text column that has at most `FEW` of them, most frequent first. Else empty.
    dayfirst : bool or None
        For a date whose day and month could be exchanged (no part is over 12): whether the day is read first.
        None where the values leave no doubt.
    zoned : bool
        Whether the file wrote times with their time zone; they are stored in UTC.
    confidence : float
        How sure the guess of the role is, 0..1 (`core.io.meaning.confidence`); 1 where a person chose it.
    group : str
        Name shared by the columns of a one-hot group (`Marital_Single`, `Marital_Married` …), else empty. A
        row has a 1 in at most one of them: together they say as much as one column.
    blanks : tuple of (str, int)
        Values that may mean “missing” (`?`, `unknown`, `-1`), offered, with the rows that hold them. Text as
        it stands in the table; a number without needless decimals; a day as 1900-01-01.
    personal : str
        A word of `core.io.meaning.personal.KINDS` where name and values say that the column is about a person
        (`name`, `e-mail`, `phone`, `address`, `birth date`, `document`); else empty.
    """

    slug: str
    name: str
    type: str
    role: str
    reason: str = ""
    missing: int = 0
    distinct: int = 0
    sum: float | None = None
    minimum: str | None = None
    maximum: str | None = None
    examples: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    dayfirst: bool | None = None
    zoned: bool = False
    confidence: float = 1.0
    group: str = ""
    blanks: tuple[tuple[str, int], ...] = ()
    personal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRef:
    """One stored table: the hash of its content, its rows and its columns.

    `aside` are the rows of the file that its reader set aside, as (reason, rows); they are stored beside the
    table, in `aside.parquet` (`_row` int64, `reason` text, `text`: the row as it stood in the file).
    """

    content: str
    rows: int
    columns: tuple[Column, ...]
    aside: tuple[tuple[str, int], ...] = ()

    def by_role(self, *roles: str) -> tuple[Column, ...]:
        """Columns with one of these roles, in file order."""
        return tuple(c for c in self.columns if c.role in roles)

    def one(self, role: str) -> Column | None:
        """The first column with this role, or None."""
        found = self.by_role(role)
        return found[0] if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderChoice:
    """Something a reader decided that a person can decide otherwise.

    Attributes
    ----------
    key : str
        A field of `core.io.reading.ReadAs`.
    value : str
        What was used.
    options : tuple of (value, label)
        What else can be chosen; empty where any text or number can.
    chosen : bool
        Whether a person chose it.
    """

    key: str
    value: str
    options: tuple[tuple[str, str], ...] = ()
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question whose answer moves a total (DEFINITIONS.md, Money), with the guess preselected.

    Attributes
    ----------
    key : str
        `dayfirst`, or what moves money: `price` (per piece or per line), `order_amount` (once an order or
        for each line), `discount` (before or after), `duplicates` (equal rows), `spend` (add several up),
        `currencies` (converted or mixed), `status_1`, `status_2` … (does an order of this status count).
    text : str
        The question in plain words.
    options : tuple of (value, label)
        The possible answers.
    guess : str
        The answer used until somebody chooses.
    """

    key: str
    text: str
    options: tuple[tuple[str, str], ...]
    guess: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One immutable version of a data set: content, roles and answers.

    Attributes
    ----------
    id : str
        The `ds` of links: 12 hex digits of sha256 over canonical values, the currency found, roles, answers,
        choices made by a person, zone and first weekday; the demo is `demo-1`.
    kind : str
        A key of `KINDS`.
    table : TableRef
        The main table.
    people : TableRef or None
        A customer table that is joined to a log on the customer's id.
    answers : tuple of (key, value)
        Answers given to `Question`s.
    questions : tuple of Question
        Questions the file leaves open (not yet answered).
    facts : tuple of tuples of str
        What was seen in the rows and decides which questions are asked (`core.io.meaning.facts`).
    decisions, warnings : tuple of str
        What the reader chose; what a person must look at.
    original : str
        sha256 of the file as it came, kept so that it can be read otherwise; empty where there is none.
    choices : tuple of ReaderChoice
        What its reader decided, each to be decided otherwise.
    """

    id: str
    name: str
    kind: str
    table: TableRef
    people: TableRef | None = None
    answers: tuple[tuple[str, str], ...] = ()
    questions: tuple[Question, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    decisions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    currency: str = ""
    filename: str = ""
    added: str = ""
    time_zone: str = "UTC"
    first_weekday: int = 0
    original: str = ""
    choices: tuple[ReaderChoice, ...] = ()

    def answer(self, key: str) -> str | None:
        """The answer in force for a question: the one given, else the guess, else None."""
        given = dict(self.answers).get(key)
        return given or next((q.guess for q in self.questions if q.key == key), None)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns of the main table."""
        return self.table.columns
