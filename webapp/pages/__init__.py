"""The pages, in menu order. A new one is one file and one line here."""

from typing import Final

from webapp.page import Page
from webapp.pages import clustering, compare, customer, customers, data, eda, profiles, segment

PAGES: Final[dict[str, Page]] = {
    "data": data.PAGE,
    "eda": eda.PAGE,
    "clustering": clustering.PAGE,
    "compare": compare.PAGE,
    "profiles": profiles.PAGE,
    "segment": segment.PAGE,
    "customers": customers.PAGE,
    "customer": customer.PAGE,
}
