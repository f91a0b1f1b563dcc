"""How a data set is shown: currency, tax, numbers and dates. None of these changes a number."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final

from core.errors import UserError
from core.io.dataset import MONEY_ROLES, Dataset, Question

CURRENCIES: Final = {
    "": ("", "No currency"),
    "EUR": ("€", "Euro (€)"),
    "USD": ("$", "US dollar ($)"),
    "GBP": ("£", "Pound (£)"),
    "CHF": ("CHF", "Swiss franc (CHF)"),
    "JPY": ("¥", "Yen (¥)"),
    "CNY": ("CN¥", "Yuan (CN¥)"),
    "AUD": ("A$", "Australian dollar (A$)"),
    "CAD": ("CA$", "Canadian dollar (CA$)"),
    "BRL": ("R$", "Real (R$)"),
    "INR": ("₹", "Rupee (₹)"),
    "SEK": ("SEK", "Swedish krona (SEK)"),
    "NOK": ("NOK", "Norwegian krone (NOK)"),
    "DKK": ("DKK", "Danish krone (DKK)"),
    "PLN": ("zł", "Zloty (zł)"),
    "CZK": ("Kč", "Koruna (Kč)"),
    "TRY": ("₺", "Lira (₺)"),
    "KRW": ("₩", "Won (₩)"),
    "MXN": ("MX$", "Mexican peso (MX$)"),
    "ZAR": ("ZAR", "Rand (ZAR)"),
}
"""Code -> the sign that pages show, and the words of the menu."""

TAXES: Final = {"unknown": "tax not known", "incl": "incl. tax", "excl": "excl. tax"}
NUMBERS: Final = {
    "comma": (".,", "1,234.56"),
    "point": (",.", "1.234,56"),
    "space": (",\u202f", "1\u202f234,56"),
    "apostrophe": (".’", "1’234.56"),
}
"""Name -> the decimal sign and the one between thousands (as plotly's `separators`), and an example."""

DATES: Final = {
    "words": ("%-d %b %Y", "9 Dec 2011"),
    "iso": ("%Y-%m-%d", "2011-12-09"),
    "points": ("%d.%m.%Y", "09.12.2011"),
    "day": ("%d/%m/%Y", "09/12/2011"),
    "month": ("%m/%d/%Y", "12/09/2011"),
}
"""Name -> its `strftime`, and an example."""

_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "currency": tuple(CURRENCIES),
    "tax": tuple(TAXES),
    "numbers": tuple(NUMBERS),
    "dates": tuple(DATES),
}
_CALLED: Final = {
    "currency": "currency",
    "tax": "tax setting",
    "numbers": "way of writing numbers",
    "dates": "way of writing dates",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """What hangs on a data set, over all its versions, and is put on pages and figures last.

    Attributes
    ----------
    currency : str or None
        A code of `CURRENCIES`, "" for no currency; None shows the sign that was found in the file.
    tax : str
        A key of `TAXES`: what the amounts say about tax. It moves no number and is stated with net sales.
    numbers, dates : str
        Keys of `NUMBERS` and `DATES`.
    """

    currency: str | None = None
    tax: str = "unknown"
    numbers: str = "comma"
    dates: str = "words"

    @classmethod
    def parse(cls, values: Mapping[str, str]) -> "Display":
        """Settings written as text, such as `{"currency": "EUR"}`; what is not named keeps its default.

        Raises
        ------
        UserError
            For an unknown setting or value.
        """
        return cls().with_(values)

    def with_(self, values: Mapping[str, str]) -> "Display":
        """These settings with some of them changed, written as text.

        Raises
        ------
        UserError
            For an unknown setting or value.
        """
        read: dict[str, Any] = {name: _read(name, text) for name, text in values.items()}
        return replace(self, **read)

    def written(self) -> dict[str, str]:
        """What differs from the default, as text that `parse` reads."""
        return {f.name: asdict(self)[f.name] for f in fields(self) if asdict(self)[f.name] != f.default}

    def sign(self, found: str) -> str:
        """The currency sign to show; `found` is the one in the file."""
        return found if self.currency is None else CURRENCIES[self.currency][0]

    @property
    def separators(self) -> str:
        """The sign before decimals and the one between thousands, as plotly reads them."""
        return NUMBERS[self.numbers][0]


def display_questions(dataset: Dataset, display: Display) -> tuple[Question, ...]:
    """What only a person knows and no number depends on: whether amounts hold tax, and in which currency.

    Asked for data sets with money and until settled; the answers are settings (`Display.with_`), not answers
    of a version.
    """
    if not dataset.table.by_role(*MONEY_ROLES, "spend"):
        return ()
    asked = []
    if display.tax == "unknown":
        words = (("incl", "With tax"), ("excl", "Without tax"), ("unknown", "Not known"))
        asked.append(
            Question(key="tax", text="Are the amounts with or without tax?", options=words, guess="unknown")
        )
    if display.currency is None and not dataset.currency:
        options = tuple((code, label) for code, (_, label) in CURRENCIES.items())
        text = "Which currency are the amounts in?"
        asked.append(Question(key="currency", text=text, options=options, guess=""))
    return tuple(asked)


def _read(name: str, text: str) -> str:
    if name not in _CHOICES:
        raise UserError(f"There is no setting “{name}”.", f"Choose one of {', '.join(_CHOICES)}.")
    choices = _CHOICES[name]
    value = text.strip().upper() if name == "currency" else text.strip().lower()
    if value not in choices:
        known = ", ".join(choice or "“” for none" for choice in choices)
        raise UserError(f"“{text}” is no {_CALLED[name]}.", f"Choose one of {known}.")
    return value
