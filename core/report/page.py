"""The report as one HTML file: nothing in it asks for anything else, and no script runs."""

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from core import describe
from core.cluster.contract import Progress, silent
from core.errors import UserError
from core.io.settings import TAXES
from core.pipeline import Results, resolved
from core.report import made, segments
from core.report.charts import Charts
from core.report.drawn.paper import apart
from core.report.told import About, Told
from core.spec import Study
from core.words import day

_FOLDER: Final = Path(__file__).parent


def report(study: Study, results: Results, about: About, progress: Progress = silent) -> str:
    """A study as one HTML file for reading and printing.

    Parameters
    ----------
    study : Study
    results : Results
        With a profile (need `profile`); with need `profiles` also differences, rules and change.
    about : About

    Returns
    -------
    str
        HTML without a script and without an address of another file; figures are SVG.

    Raises
    ------
    UserError
        When the study has no segments.
    """
    if results.profile is None or results.clustering is None:
        raise UserError("There are no segments to report on.", "Open Profiles first.")
    progress("Drawing the report", 0.2)
    told = _told(study, results, about)
    progress("Writing the report", 0.9)
    css = Markup((_FOLDER / "report.css").read_text(encoding="utf-8"))
    return apart(_template().render(told=told, css=css))


def _told(study: Study, results: Results, about: About) -> Told:
    profile, say = results.profile, about.say
    assert profile is not None
    finding = say(describe.profiles_finding(profile))
    query = resolved(study, results).query()
    charts = Charts(study, results, about)
    groups = charts.groups()
    return Told(
        title=f"{about.name}: {finding}",
        name=about.name,
        made=say(day(about.made)) if about.made else "",
        finding=finding,
        scope=say(describe.scope(study, results, TAXES[about.display.tax])),
        notes=tuple(map(say, (*_filtered(study, results), *study.notes, *results.notes))),
        figures=made.key_figures(results, about),
        sentence=say(describe.sentence(results)),
        segments=segments.segment_table(results, about),
        segment_marks=segments.segment_marks(profile),
        change=made.change(results, about),
        groups=groups,
        labels=segments.label_table(profile, about),
        rules=segments.label_rules(results, about),
        parts=segments.parts(results, about, int(study.lens.questions)),
        how=made.how(study, results, about),
        query=query,
        address=about.address + query if about.address else "",
        versions=made.versions(),
        ledger=made.ledger(results, about),
        tables=tuple(charts.tables),
        terms=made.terms(results),
    )


def _filtered(study: Study, results: Results) -> tuple[str, ...]:
    """Who is included, where that is not everybody."""
    said = [describe.condition(results.customers, one) for one in study.cohort.where]
    return (f"Only customers are included for whom: {'; '.join(said)}.",) if said else ()


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")
