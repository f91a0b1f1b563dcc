"""Currencies as they are written beside amounts: signs, codes and words."""

import re
from typing import Final

CURRENCIES: Final[dict[str, str]] = {
    word: sign
    for sign, words in (
        ("€", ("€", "eur", "euro", "euros")),
        ("$", ("$", "us$", "usd", "dollar", "dollars")),
        ("£", ("£", "gbp", "pound", "pounds")),
        ("¥", ("¥", "jpy", "yen")),
        ("₹", ("₹", "inr", "rs", "rs.")),
        ("₽", ("₽", "rub")),
        ("₺", ("₺", "try")),
        ("₩", ("₩", "krw")),
        ("R$", ("r$", "brl")),
        ("CA$", ("ca$", "cad")),
        ("A$", ("a$", "aud")),
        ("NZ$", ("nz$", "nzd")),
        ("HK$", ("hk$", "hkd")),
        ("CHF", ("chf", "fr.")),
        ("SEK", ("sek",)),
        ("NOK", ("nok",)),
        ("DKK", ("dkk",)),
        ("kr", ("kr", "kr.")),
        ("zł", ("zł", "pln")),
        ("Kč", ("kč", "czk")),
        ("CNY", ("cny", "rmb")),
    )
    for word in words
}
"""How a currency is written, in lower case -> the sign that pages show."""

WRITTEN: Final = (
    f"(?i:{'|'.join(re.escape(word) for word in sorted(CURRENCIES, key=lambda w: (-len(w), w)))})"
)
"""A pattern (RE2) for any of them, the longest first."""
