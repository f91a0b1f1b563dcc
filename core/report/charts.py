"""The charts of a report: the words and tables of the page's own, the picture drawn for paper."""

from html import unescape

from markupsafe import Markup

from core import explore
from core.figures import CHARTS, all_measures
from core.figures.drawn import Drawn
from core.figures.theme import level_colours
from core.pipeline import Results
from core.profile import Profile
from core.report import drawn
from core.report.drawn.paper import MOST
from core.report.told import About, Drawing, Group, Sheet, fitting, sheet_of
from core.spec import Study
from core.words import cut

MOST_MIXES = 4
"""Categories that are drawn; the tables have all."""

LONGEST_LEVEL = 48
"""Signs of a level's name beside its figure."""

OF_SEGMENTS = ("value", "differences", "mix")
"""Charts with a row or a column per segment."""


class Charts:
    """The groups of charts, and the tables behind them in the same order."""

    def __init__(self, study: Study, results: Results, about: About) -> None:
        assert results.profile is not None
        self._study, self._results, self._about = study, results, about
        self._profile: Profile = results.profile
        self._currency = results.customers.currency
        self.tables: list[tuple[str, str, Sheet]] = []

    def groups(self) -> tuple[Group, ...]:
        """Every group that there is something to say in."""
        found = (self._value(), self._differences(), self._habits(), self._mixes())
        self._tables_only()
        return tuple(group for group in found if group is not None and group.drawings)

    def _value(self) -> Group:
        profile, say = self._profile, self._about.say
        shown = CHARTS["value"].draw(profile, "net", self._currency)
        money = profile.value is not None
        caption = (
            "Pale: share of customers; full colour: share of net sales." if money else "Share of customers."
        )
        drawings = [self._drawing("value", shown, drawn.value(profile.segments, say), caption)]
        held = self._concentration()
        if held is not None:
            shown = CHARTS["concentration"].draw(held)
            drawings.append(self._drawing("concentration", shown, drawn.concentration(held, say)))
        return Group(title="Value" if money else "Sizes", drawings=tuple(drawings))

    def _concentration(self) -> explore.Concentration | None:
        results = self._results
        return (
            None if results.matrix is None else explore.concentration(results.customers, results.matrix.rows)
        )

    def _differences(self) -> Group:
        average, most = self._study.lens.average, self._study.lens.attributes
        shown = CHARTS["differences"].draw(self._profile, self._currency, most=most, statistic=average)
        svg = drawn.differences(self._profile, self._currency, average, self._about.say, most)
        return Group(
            title="Differences",
            drawings=(self._drawing("differences", shown, svg, wide=True),)
            if shown.table.columns[2:]
            else (),
        )

    def _habits(self) -> Group:
        shown = CHARTS["habits"].draw(self._profile, self._currency)
        by_slug = {m.slug: m for m in self._profile.measures}
        measures = [by_slug[key] for key, _ in shown.table.columns if key in by_slug]
        self._keep("habits", shown)
        say = self._about.say
        return Group(
            title="Habits",
            said=say(f"{shown.answer} {shown.caption}{self._first()}"),
            drawings=tuple(
                Drawing(
                    title=m.label,
                    answer="",
                    alt=say(f"{m.label} per segment: medians and middle halves. {shown.answer}"),
                    svg=Markup(drawn.habits(self._profile, m, self._currency, say)),
                )
                for m in measures
            ),
        )

    def _mixes(self) -> Group:
        made = [self._mix(at) for at in range(len(self._profile.mixes))]
        return Group(title="Demographics", drawings=tuple(made[:MOST_MIXES]))

    def _mix(self, at: int) -> Drawing:
        found = self._profile.mixes[at]
        shown = CHARTS["mix"].draw(self._profile, found.slug)
        svg = drawn.mix(self._profile, found, self._about.say) if at < MOST_MIXES else ""
        names = [cut(level, LONGEST_LEVEL) for level in found.levels]
        legend = tuple(zip(level_colours(found.levels), names, strict=True))
        return self._drawing("mix", shown, svg, legend=legend)

    def _tables_only(self) -> None:
        """What pages show and a report has as a table alone."""
        found = self._results
        bought = self._profile.baskets or (found.bought.baskets if found.bought is not None else None)
        if bought is not None:
            self._keep("baskets", CHARTS["baskets"].draw(self._profile, bought))
        if found.drivers is not None and found.drivers.drivers:
            self._keep("separating", CHARTS["separating"].draw(found.drivers))
        if found.crossed is not None and not found.crossed.reason:
            self._keep("beside_rules", CHARTS["beside_rules"].draw(self._profile, found.crossed))
        self._all_measures()

    def _all_measures(self) -> None:
        average, say = self._study.lens.average, self._about.say
        rows = all_measures.said(self._profile, average, self._currency)
        columns = [(label, at > 0) for at, (_, label) in enumerate(all_measures.columns(self._profile))]
        found = fitting(columns, [[row[0], *map(say, row[1:])] for row in rows])
        self.tables.append((all_measures.TITLE, all_measures.caption(average), found))

    def _drawing(
        self,
        key: str,
        shown: Drawn,
        svg: str,
        caption: str | None = None,
        legend: tuple[tuple[str, str], ...] = (),
        wide: bool = False,
    ) -> Drawing:
        say, first = self._about.say, self._first() if key in OF_SEGMENTS else ""
        self._keep(key, shown)
        return Drawing(
            title=_title(key, shown),
            answer=say(shown.answer),
            alt=say(unescape(shown.alt)),
            svg=Markup(svg),
            caption=say(f"{shown.caption if caption is None else caption}{first}".strip()),
            legend=legend,
            wide=wide,
        )

    def _first(self) -> str:
        """Where there are more segments than a figure has room for: which ones it shows."""
        n = len(self._profile.segments)
        return f" The first {MOST} of {n} segments; the tables have all." if n > MOST else ""

    def _keep(self, key: str, shown: Drawn) -> None:
        caption = self._about.say(shown.caption)
        self.tables.append((_title(key, shown), caption, sheet_of(shown.table, self._about)))


def _title(key: str, shown: Drawn) -> str:
    return shown.title or CHARTS[key].title
