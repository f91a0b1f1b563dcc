"""The cells of a notebook: how to get the data, the study, its tables and figures, and the check."""

import html
import json
import re
import textwrap
from collections.abc import Callable
from typing import Any, Final

from core import describe
from core.cluster.contract import Progress, silent
from core.notebook.numbers import numbers
from core.pipeline import Results, Through, as_shown, keep_nothing, no_cache, resolved
from core.spec import DEMO, Study

NEED: Final = "profiles"

_HEAD: Final = """\
# {finding}

{scope}

This notebook computes a view of Segment Atlas again, with its package `core` alone: no server, no browser.
Its last cell compares every number with those of the page, to 1e-9.

**The data.** The data set is `{ds}` ({name}). {how} Data sets are kept in the folder that `DATA_DIR` names
(`var/` of the project without it); `python -m core list` prints what is there. The same file read with the
same decisions and meanings has the same id on every machine.

**To run it.** Open it in Jupyter anywhere in the project's folder, with the packages of `requirements.txt`,
and with `DATA_DIR` as the app has it (`DATA_DIR=… jupyter lab`).

The link of the view with every automatic choice written out: `{link}`"""
_DEMO: Final = "It is made by the first cell where it is not there yet."
_OWN: Final = "`python -m core add FILE` reads a file into the store and prints the id."

_SETUP: Final = """\
import sys
from pathlib import Path

for folder in (Path.cwd(), *Path.cwd().parents):  # this notebook may be opened from any folder of the project
    if (folder / "core" / "spec.py").exists():
        sys.path.insert(0, str(folder))
        break

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns

from core import describe, explore, pipeline
from core.figures.theme import segment_colours
from core.io.store import Store
from core.spec import Study

sns.set_theme(style="whitegrid", rc={{"figure.dpi": 110, "text.parse_math": False}})

QUERY = {query}
store = Store(){demo}
study = Study.parse(QUERY)
results = pipeline.as_shown(study, store, "{need}")
customers, profile = results.customers, results.profile
print(describe.sentence(results))
print(describe.profiles_finding(profile))"""

_HOW: Final = """\
for sentence in describe.how(study, results):
    print("-", sentence)
pd.DataFrame(
    [(r.text, r.rows, r.customers, r.money) for r in results.ledger], columns=["", "rows", "customers", "net"]
)"""

_SEGMENTS: Final = """\
names = [s.name for s in profile.segments]
colours = [segment_colours(profile.segments)[s.number] for s in profile.segments]
pd.DataFrame(
    [
        (s.number, s.name, s.size, s.share, s.net, s.value_share, s.index, ", ".join(s.labels))
        for s in profile.segments
    ],
    columns=["segment", "name", "customers", "share", "net", "value share", "index", "labels"],
).set_index("segment")"""

_VALUE: Final = """\
figure, ax = plt.subplots(figsize=(8, 0.7 * len(names) + 1))
at = range(len(names))
ax.barh([y - 0.2 for y in at], [100 * s.share for s in profile.segments], 0.38, color=colours, alpha=0.45)
ax.barh([y + 0.2 for y in at], [100 * (s.value_share or 0) for s in profile.segments], 0.38, color=colours)
ax.set(yticks=list(at), yticklabels=names, xlabel="Share of customers (pale) and of net sales, %")
ax.invert_yaxis()
figure.tight_layout()"""

_MEDIANS: Final = """\
measures = [m for m in profile.measures if m.overall.known]
rows = {m.label: [s.median for s in (*m.segments, m.overall)] for m in measures}
pd.DataFrame(rows, [*names, "All"]).T"""

_DIFFERENCES: Final = """\
z = pd.DataFrame({m.label: m.z for m in measures}, index=names, dtype=float).T
figure, ax = plt.subplots(figsize=(1.4 * len(names) + 3, 0.35 * len(measures) + 1.5))
sns.heatmap(z, vmin=-2, vmax=2, cmap="vlag", annot=True, fmt=".1f", ax=ax)
ax.set(title="Difference from all customers, in standard deviations")
plt.setp(ax.get_xticklabels(), rotation=25, ha="right", rotation_mode="anchor");"""

_DISTRIBUTION: Final = """\
m = next((m for m in measures if m.slug == "monetary"), measures[0])
at = results.matrix.rows
values = pd.DataFrame({m.label: customers.number(m.slug)[at], "segment": results.clustering.labels})
palette = {s.number: colour for s, colour in zip(profile.segments, colours)}
figure, ax = plt.subplots(figsize=(8, 3.2))
clipped = values.assign(**{m.label: values[m.label].clip(upper=values[m.label].quantile(0.99))})
sns.histplot(clipped, x=m.label, hue="segment", multiple="stack", bins=50, palette=palette, ax=ax)
ax.set(ylabel="Customers", title=f"{m.label}, the highest 1 % as one")
held = explore.concentration(customers, at)
if held is not None:
    print(f"The top 20 % of customers bring {100 * held.top20:.1f} % of net sales.")"""

_RULES: Final = """\
from core.figures.gaps import sentence

for at, segment in enumerate(profile.segments):
    print(f"\\n{segment.name} ({segment.size:,})")
    for gap in [g for g in results.differences.of(at) if g.made or g.claimed][:4]:
        print("  ", sentence(gap, currency=customers.currency))
    rule, _ = results.plain.of(at, int(study.lens.questions))
    if rule is not None and rule.rule.conditions:
        print(f"   Rule: {rule.rule.said(customers.currency)} (fits {100 * rule.f1:.0f} of 100)")"""

_CHECK: Final = """\
import json

from core.notebook import differing, numbers

expected = json.loads(\"\"\"
{expected}
\"\"\")
wrong = differing(numbers(results), expected)
assert not wrong, f"{{len(wrong)}} numbers are not those of the page (has the app changed?): {{wrong[:5]}}"
print(f"All {{len(expected):,}} numbers are those of the page, to 1e-9.")"""

_SIGNS: Final = re.compile(r"([\\`*_\[\]#|$])")


def notebook(study: Study, results: Results, name: str) -> str:
    """A study as a Jupyter notebook (nbformat 4.5, without outputs) that computes it again and checks it.

    Parameters
    ----------
    study : Study
    results : Results
        With need `profiles`, as pages show them (`core.pipeline.as_shown`).
    name : str
        Of the data set.
    """
    profile = results.profile
    assert profile is not None
    demo = study.source.ds == DEMO
    head = _HEAD.format(
        finding=_plain(describe.profiles_finding(profile)),
        scope=_plain(describe.scope(study, results)),
        ds=study.source.ds,
        name=_plain(name),
        how=_DEMO if demo else _OWN,
        link=resolved(study, results).query(),
    )
    setup = _SETUP.format(query=repr(study.query()), need=NEED, demo="\nstore.ensure_demo()" if demo else "")
    cells = [
        _cell("markdown", head),
        _cell("code", setup),
        _cell("markdown", "## How the segments were made, and what was left out"),
        _cell("code", _HOW),
        _cell("markdown", "## Who they are, and where the value is"),
        *(_cell("code", text) for text in (_SEGMENTS, _VALUE)),
        _cell("markdown", "## What makes them different"),
        *(_cell("code", text) for text in (_MEDIANS, _DIFFERENCES, _DISTRIBUTION, _RULES)),
        _cell("markdown", "## The same numbers as on the page"),
        _cell("code", _CHECK.format(expected=_lines(numbers(results)))),
    ]
    return json.dumps(_document(cells), ensure_ascii=False, indent=1) + "\n"


def notebook_of(
    study: Study,
    store: Any,
    through: Through = no_cache,
    progress: Progress = silent,
    elsewhere: Callable[[str], Through] = keep_nothing,
) -> str:
    """A study run and written as a notebook; parameters and errors as of `core.pipeline.run`."""
    results = as_shown(study, store, NEED, through, progress, elsewhere)
    return notebook(study, results, store.get(study.source.ds).name)


def _plain(text: str) -> str:
    """A data string in Markdown: as text alone."""
    return _SIGNS.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False))


def _lines(found: dict[str, float]) -> str:
    """Numbers as JSON, some on each line; a name is one of ours, or a slug."""
    pairs = [f"{json.dumps(name)}: {value!r}" for name, value in found.items()]
    return textwrap.fill("{" + ", ".join(pairs) + "}", 118, break_long_words=False, break_on_hyphens=False)


def _cell(kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True)}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _document(cells: list[dict[str, Any]]) -> dict[str, Any]:
    numbered = [{"id": f"cell-{at}"} | cell for at, cell in enumerate(cells, 1)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": numbered,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
