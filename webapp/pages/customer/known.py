"""Everything that is known of a customer, beside the segment and everybody."""

from webapp import parts
from webapp.pages.customer.seen import Seen
from webapp.parts import Component


def known(seen: Seen) -> Component:
    """A table of all measures."""
    rows = []
    for measure in seen.scene.results.customers.measures:
        own = seen.typical(measure.slug, seen.segment, short=False)
        every = seen.typical(measure.slug, None, short=False)
        rows.append([measure.label, seen.said(measure), own or "–", every or "–"])
    columns = [("measure", "Attribute"), ("value", "This customer"), ("own", "Segment"), ("all", "All")]
    table = parts.table(columns, rows, "Everything known")
    said = "Beside the middle customer of the segment and of all, or the most frequent word."
    return parts.card_table("What is known?", said, table)
