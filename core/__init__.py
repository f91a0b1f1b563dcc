"""Segment Atlas: customer segments that can be trusted, the same numbers in a notebook as on the pages."""
