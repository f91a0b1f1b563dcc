"""`python -m tests.docs`: write the parts of the docs that come from the code."""

from tests.docs.blocks import refresh

refresh()
