"""A view as a notebook that computes its numbers again and checks them."""

from core.notebook.cells import notebook, notebook_of
from core.notebook.numbers import differing, numbers

__all__ = ["differing", "notebook", "notebook_of", "numbers"]
