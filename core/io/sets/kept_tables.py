"""The tables of what a team keeps beside its data sets: names of segments, actions, saved views."""

from typing import Final

import sqlalchemy as sa

TABLES: Final = sa.MetaData()
"""Every table of the database; `core.io.sets.catalog` adds its own."""

NAMES: Final = sa.Table(
    "segment_names",
    TABLES,
    sa.Column("origin", sa.String(64), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("dataset", sa.String(40), nullable=False, index=True),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("colour", sa.Integer, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("changed", sa.String(40), nullable=False),
)
ACTIONS: Final = sa.Table(
    "actions",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("dataset", sa.String(40), nullable=False, index=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("changed", sa.String(40), nullable=False),
)
VIEWS: Final = sa.Table(
    "views",
    TABLES,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("dataset", sa.String(40), nullable=False, index=True),
    sa.Column("version", sa.String(40), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("settled", sa.Text, nullable=False),
    sa.Column("changed", sa.String(40), nullable=False),
)
