"""Customers taken away from the pages: the quick lists, and the dialog with its choices."""
