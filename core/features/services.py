"""Lines of a log that are not products: postage, fees, corrections by hand."""

from typing import Final

import ibis
import ibis.expr.types as ir

from core.io.dataset import Column, TableRef

CODES: Final = (
    *("post", "postage", "dot", "c2", "carriage", "shipping", "freight", "d", "disc", "discount", "m"),
    *(
        "man",
        "manual",
        "b",
        "adj",
        "adjust",
        "s",
        "samples",
        "cruk",
        "bank charges",
        "amazonfee",
        "fee",
        "fees",
    ),
)
"""Whole product codes or names that are no product, in lower case."""

WORDS: Final = (
    r"\b(postage|carriage|shipping|freight|delivery (fee|charge|cost)s?|bank charges?|service charge"
    r"|(handling|amazon|payment|transaction) ?fees?|commission|adjust(ment)?s?|write.?off|bad debt)\b"
)
"""What a name of such a line holds, in lower case; “manual” may be part of a product's name."""

NAMED: Final = ("description", "product_name", "item_name", "name")
"""Columns with the product's name beside its code."""


def is_service(value: ir.StringValue) -> ir.BooleanValue:
    """Whether a product's code or name says that the line is no product; false where it is missing."""
    # one pattern: of a long list DuckDB makes a join, and runs it even where nobody asks for the answer
    return value.strip().lower().re_search(f"^({'|'.join(CODES)})$|{WORDS}").fill_null(False)


def service_line(table: ir.Table, ref: TableRef) -> ir.BooleanValue:
    """Whether the product's code, or its name in a column beside it, says that the line is no product."""
    flags = [is_service(table[c.slug]) for c in naming_columns(ref)]
    return ibis.or_(*flags) if flags else ibis.literal(False)


def naming_columns(ref: TableRef) -> tuple[Column, ...]:
    """The columns that say what a line is: the product's code or name, and a name beside it."""
    code = ref.one("product")
    if code is None:
        return ()
    found = [code, *(c for c in ref.columns if c.slug in NAMED and c is not code)]
    return tuple(c for c in found if c.type == "text")
