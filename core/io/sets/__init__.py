"""Data sets as things: versions, the catalog of names, files put in their places, newer and joined ones."""
