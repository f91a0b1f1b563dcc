"""A page is one value; its one callback is written here, once, for all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import dash
from dash import Input, Output, State, ctx, dcc, html, no_update, set_props

from core import describe, pipeline
from core.errors import UserError
from core.io.dataset import Dataset
from core.io.settings import TAXES, Display
from core.pipeline import Results
from core.spec import DEMO, PARAMS, Study
from webapp import parts, rolls, shell
from webapp.conditions import FORM, condition_form, read_condition
from webapp.controls import control, control_id, raw_value, widget_value
from webapp.display import in_currency, shown
from webapp.jobs import Job
from webapp.kept_views import Kept, key_of_view
from webapp.parts import Component, Step
from webapp.results import Pending, Services
from webapp.selection import need_of, notes_of

SETTLED: Final = "#job"
"""Ends the address when a job has just ended: a failed one is then told, not tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a page's view is made from; `before` is the study before the last change of segments."""

    services: Services
    study: Study
    dataset: Dataset
    results: Results
    display: Display = field(default_factory=Display)
    home: bool = False
    before: Study | None = None

    @property
    def scope(self) -> str:
        """What was looked at, under the heading."""
        return describe.scope(self.study, self.results, TAXES[self.display.tax])


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page.

    Attributes
    ----------
    name : str
        Beginning of its component ids.
    path : str
        `/eda`; a last part `<segment>` becomes the study's open segment.
    need : str
        `customers` or `profile`: how far the study is computed for it.
    visible, more : tuple of str
        URL names of its controls: at most five in sight, the rest under More.
    view : callable (Scene) -> list of components
    conditions : bool
        Whether “Who is included” can be edited here.
    small_print : str
        Stands at the end of More.
    without : str
        As `need`, for studies that have no segments; empty where the page is not possible without.
    outlined : bool
        Whether the page is about one customer, and makes do with the outline of the study's roll.
    refused : callable, optional
        The page of a data set of which no study can be made; a sentence alone without it.
    """

    name: str
    path: str
    title: str
    need: str
    visible: tuple[str, ...]
    more: tuple[str, ...]
    view: Callable[[Scene], list[Component]]
    conditions: bool = False
    small_print: str = ""
    without: str = ""
    outlined: bool = False
    refused: Callable[[Services, Dataset, UserError, Step | None], list[Component]] | None = None

    @property
    def controls(self) -> tuple[str, ...]:
        """Every control of the page."""
        return (*self.visible, *self.more)

    @property
    def tab(self) -> str:
        """The shell's tab that this page belongs to."""
        return "/" + self.path.split("/")[1]


def register(app: dash.Dash, services: Services, pages: Mapping[str, Page]) -> None:
    """Register every page's route and its callback."""
    for page in pages.values():
        dash.register_page(
            page.name,
            path=page.path if "<" not in page.path else None,
            path_template=page.path if "<" in page.path else None,
            title=f"{page.title} · {shell.NAME}",
            name=page.title,
            layout=_layout(services, page),
        )
        _callback(app, services, page)


def _layout(services: Services, page: Page) -> Callable[..., Component]:
    def layout(*_: Any, **query: Any) -> Component:
        return build(services, page, query)

    return layout


def build(services: Services, page: Page, query: Mapping[str, Any]) -> Component:
    """A whole page for a query, as Dash gives it: names with text or lists of text, path parts among them."""
    study = Study.parse({k: v for k, v in query.items() if isinstance(k, str)})
    home = page.path == "/" and not query
    state = _show(services, page, study, home=home, fresh=True)
    return html.Div(
        [
            html.Div(state.top, id=f"{page.name}-top"),
            dcc.Store(id=f"{page.name}-query", data=study.query()),
            dcc.Store(id=f"{page.name}-segment", data=study.lens.segment),
            dcc.Store(id=f"{page.name}-before", storage_type="session"),
            html.Div(
                [
                    *_controls(page, state),
                    html.Main(
                        [
                            *([_filters_button(page, study)] if page.controls and state.dataset else []),
                            html.Div(state.view, id=f"{page.name}-view", className="atlas-view"),
                        ],
                        className="atlas-main",
                        id="main",
                        tabIndex=-1,
                    ),
                ],
                className="atlas-body",
                **{"data-view": page.name},
            ),
            shell.tabbar(page.tab, study),
        ],
        id=f"{page.name}-page",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """What one look at a study comes to: a view, or a job that is making it."""

    top: list[Component]
    view: list[Component]
    study: Study
    dataset: Dataset | None
    job: Job | None


def _show(
    services: Services, page: Page, study: Study, home: bool, fresh: bool, before: Study | None = None
) -> _State:
    dataset: Dataset | None = None
    job: Job | None = None
    display = Display()
    try:
        dataset = services.store.get(study.source.ds)
        display = services.store.display(dataset.id)
        kept = _kept(services, page, study, dataset, display, home=home, fresh=fresh, before=before)
        notes = shown(parts.notes([*study.notes, *kept.notes]), display)
        return _settled(kept.top, [*notes, *kept.view], study, dataset, None)
    except Pending as pending:
        job, view = pending.job, parts.skeleton()
    except UserError as problem:
        view = _refused(services, page, study, dataset, problem)
    top = shell.header(page.tab, study, dataset, None)
    return _settled(shown(top, display), shown(view, display), study, dataset, job)


def _settled(
    top: list[Component], view: list[Component], study: Study, dataset: Dataset | None, job: Job | None
) -> _State:
    _follow(job)
    return _State(top=top, view=view, study=study, dataset=dataset, job=job)


def _kept(
    services: Services,
    page: Page,
    study: Study,
    dataset: Dataset,
    display: Display,
    home: bool,
    fresh: bool,
    before: Study | None,
) -> Kept:
    """The view as it was last made, else made now. What may be another the next time is never kept."""
    door, name = services.door.of(dataset.id), "home" if home else page.name
    key = key_of_view(services, name, study, dataset, display, before)
    data = door.get(key) if services.comparable(study) else None
    if data is not None:
        return Kept.read(data)
    results = in_currency(_results(services, page, study, home=home, fresh=fresh), display)
    scene = Scene(
        services=services,
        study=study,
        dataset=dataset,
        results=results,
        display=display,
        home=home,
        before=before,
    )
    top = shell.header(page.tab, study, dataset, results, _frozen(study, results, home), services)
    notes = (*results.notes, *notes_of(results, study))
    made = Kept.of(shown(top, display), shown(page.view(scene), display), notes)
    made = made.explained(results, display)
    if _lasting(page, results):
        door.put(key, made.written())
    return made


def _lasting(page: Page, results: Results) -> bool:
    """Whether the same would be made the next time: a cancelled job may leave segments out for now."""
    named = results.match is None or not results.match.problem
    return named and not (page.without and results.clustering is None)


def _results(services: Services, page: Page, study: Study, home: bool, fresh: bool) -> Results:
    """What the page needs; of a study without segments, what it can do with."""
    if page.outlined:
        return rolls.outline(services, study, fresh)
    need = "profile" if home else need_of(study, page.need)
    try:
        return services.results(study, need, fresh=fresh)
    except UserError:
        if not page.without or need_of(study, page.without) == need:
            raise
        return services.results(study, page.without, fresh=fresh)


def _frozen(study: Study, results: Results, home: bool) -> str | None:
    """The query with automatic values written out, for Copy link; None where there is nothing to freeze."""
    return None if home else pipeline.resolved(study, results).query()


def _refused(
    services: Services, page: Page, study: Study, dataset: Dataset | None, problem: UserError
) -> list[Component]:
    notes = parts.notes(study.notes)
    if dataset is None:
        return [*notes, *parts.error(problem, Step(text="Open the demo", href=f"/?ds={DEMO}"))]
    instead = _instead(page, study, problem)
    if page.refused is not None:
        return [*notes, *page.refused(services, dataset, problem, instead)]
    check = Step(text="Check the data", href="/" + shell.own_query(study))
    return [*notes, *parts.error(problem, check, instead)]


def _instead(page: Page, study: Study, problem: UserError) -> Step | None:
    """A button that opens the page with the values that a refusal offers."""
    if not problem.offer:
        return None
    href = shell.path_of(page.tab, study) + shell.kept_query(study.with_(**problem.offer))
    return Step(text=describe.offered(problem.offer), href=href)


def _follow(job: Job | None) -> None:
    """Start or stop the polling of a job; the box shows the job until it is over."""
    set_props("job", {"data": job.key if job else None})
    set_props("job-poll", {"disabled": job is None})
    shown = parts.progress(job.stage or "Waiting for a free place", job.share) if job else []
    set_props("job-box", {"children": shown, "hidden": job is None})


def _controls(page: Page, state: _State) -> list[Component]:
    dataset, study = state.dataset, state.study
    if dataset is None or not page.controls:
        return []
    changed = _changed_in(page.more, study)
    more = html.Details(
        [
            html.Summary(_caption(page, study), id=f"{page.name}-more"),
            *[control(page.name, n, study, dataset) for n in page.more],
            *([html.P(page.small_print, className="atlas-hint")] if page.small_print else []),
        ],
        className="atlas-more",
        open=bool(changed),
    )
    return [
        html.Aside(
            [
                *([condition_form(page.name, study, dataset)] if page.conditions else []),
                *filter(None, (control(page.name, n, study, dataset) for n in page.visible)),
                *([more] if page.more else []),
                html.Div(
                    [
                        html.Button(
                            "Show results",
                            className="btn btn-primary",
                            type="button",
                            **{"data-filters": "close"},
                        ),
                        html.Button(
                            "Reset",
                            id=f"{page.name}-reset",
                            className="btn btn-outline-secondary",
                            type="button",
                        ),
                    ],
                    className="atlas-controls-actions",
                ),
            ],
            className="atlas-controls",
            **{"aria-label": "Controls"},
        )
    ]


def _changed_in(names: tuple[str, ...], study: Study) -> int:
    return sum(study.value(n) != PARAMS[n][1].default for n in names)


def _caption(page: Page, study: Study) -> str:
    """What stands over the folded controls: how many of them differ from their defaults."""
    changed = _changed_in(page.more, study)
    return f"More · {changed} changed" if changed else "More"


def _filters_button(page: Page, study: Study) -> Component:
    count = _changed_in(page.controls, study) + len(study.cohort.where)
    badge = [html.Span(str(count), className="atlas-label")] if count else []
    return html.Button(
        [parts.icon("sliders"), "Filters", *badge],
        className="atlas-filters-button",
        type="button",
        **{"data-filters": "open"},
    )


def _callback(app: dash.Dash, services: Services, page: Page) -> None:
    ids = {n: control_id(page.name, n) for n in page.controls}
    form = {f"form_{part}": f"{page.name}-{part}" for part in FORM} if page.conditions else {}

    @app.callback(
        output={
            "top": Output(f"{page.name}-top", "children"),
            "view": Output(f"{page.name}-view", "children"),
            "busy": Output(f"{page.name}-view", "className"),
            "query": Output(f"{page.name}-query", "data"),
            "before": Output(f"{page.name}-before", "data"),
            "values": {n: Output(i, "value") for n, i in ids.items()},
            **({"more": Output(f"{page.name}-more", "children")} if page.more else {}),
        },
        inputs={
            "url": Input("view-in", "data"),
            "values": {n: Input(i, "value") for n, i in ids.items()},
            "reset": Input(f"{page.name}-reset", "n_clicks")
            if page.controls
            else Input("view-in", "modified_timestamp"),
            "add": Input(f"{page.name}-add", "n_clicks")
            if page.conditions
            else Input("view-in", "modified_timestamp"),
        },
        state={
            "query": State(f"{page.name}-query", "data"),
            "segment": State(f"{page.name}-segment", "data"),
            "before": State(f"{page.name}-before", "data"),
            "form": {n: State(i, "value") for n, i in form.items()},
        },
        prevent_initial_call=True,
    )
    def show(
        url: Any,
        values: dict[str, Any],
        reset: Any,
        add: Any,
        query: Any,
        segment: Any,
        before: Any,
        form: dict[str, Any],
    ) -> dict[str, Any]:
        was = _at(query, segment)
        moved = "view-in" in _triggered()
        if moved:
            study = _at(str(url or "").partition("#")[0], segment)
        else:
            study = _changed(services, page, was, values, form)
        settled = moved and str(url or "").endswith(SETTLED)
        asked = str(url or "").partition("#")[0].strip("?") if moved else study.query()
        earlier = _earlier(was, study, before)
        home = page.path == "/" and not asked
        state = _show(services, page, study, home=home, fresh=not settled, before=earlier)
        if not moved:
            set_props("view-out", {"data": study.query() or "?"})
        waiting = state.job is not None
        return {
            "top": no_update if waiting else state.top,
            "view": no_update if waiting else state.view,
            "busy": "atlas-view atlas-busy" if waiting else "atlas-view",
            "query": study.query(),
            "before": {"was": earlier.query(), "now": study.query()} if earlier else None,
            "values": _written_back(page, study, values, state.dataset, moved),
            **({"more": _caption(page, study)} if page.more else {}),
        }


def _triggered() -> set[str]:
    return {str(t["prop_id"]).rsplit(".", 1)[0] for t in ctx.triggered}


def _at(query: Any, segment: Any) -> Study:
    study = Study.parse(str(query or ""))
    return replace(study, lens=replace(study.lens, segment=str(segment or "")[:20]))


def _earlier(was: Study, study: Study, kept: Any) -> Study | None:
    """The study before the last change of segments: the last one, or what was kept with the same segments."""
    if was.key("cluster") != study.key("cluster"):
        return was
    if not isinstance(kept, dict) or _at(kept.get("now"), "").key("cluster") != study.key("cluster"):
        return None
    return _at(kept.get("was"), study.lens.segment)


def _changed(
    services: Services, page: Page, before: Study, values: dict[str, Any], form: dict[str, Any]
) -> Study:
    """The study after the controls that were just moved; the others stand in the query already."""
    moved = _triggered()
    if f"{page.name}-reset" in moved:
        return before.with_(**dict.fromkeys((*page.controls, *(["where"] if page.conditions else [])), ""))
    if f"{page.name}-add" in moved:
        found = read_condition({k.removeprefix("form_"): v for k, v in form.items()})
        if found is None:
            return replace(before, notes=("Choose an attribute and type a value to add a condition.",))
        kept = [f.write() for f in before.cohort.where]
        return before.with_(where=[*kept, found.write()])
    dataset = services.store.get(before.source.ds)
    changed = {
        n: raw_value(n, values.get(n), dataset) for n in page.controls if control_id(page.name, n) in moved
    }
    return before.with_(**changed)


def _written_back(
    page: Page, study: Study, values: dict[str, Any], dataset: Dataset | None, moved: bool
) -> dict[str, Any]:
    """Control values to set: all after Back or Reset; else only those that had to be corrected."""
    if dataset is None:
        return dict.fromkeys(page.controls, no_update)
    wanted = {n: widget_value(n, study, dataset) for n in page.controls}
    if moved or f"{page.name}-reset" in _triggered():
        return wanted
    return {n: no_update if _same(wanted[n], values.get(n)) else wanted[n] for n in page.controls}


def _same(wanted: Any, shown: Any) -> bool:
    if isinstance(wanted, list):
        return isinstance(shown, list) and list(shown) == wanted
    return str("" if wanted is None else wanted) == str("" if shown is None else shown)
