"""Which values are missing together."""

from typing import Any, Final

from core.explore import Pattern, Patterns
from core.figures.drawn import HOVER, Drawn, Mark, distinct, figure, shown, small, table
from core.figures.theme import EDGE, HIGH, INK, NOISE, TALL
from core.words import cut, escape, number, plural

MOST_ROWS: Final = 12


def missing_together(result: Patterns) -> Drawn:
    """Bars of customers above, and below each bar a dot for every attribute that they lack."""
    names = distinct(shown(label, 22) for label in result.labels[:MOST_ROWS])
    return Drawn(
        figure=figure(
            [_bars(result), _dots(result, names)],
            showlegend=False,
            xaxis={"showticklabels": False, "showgrid": False, "dtick": 1, "anchor": "y2"},
            yaxis={"title": {"text": "Customers"}, "rangemode": "tozero", "domain": [0.56, 1], "nticks": 4},
            yaxis2={
                "type": "category",
                "autorange": "reversed",
                "categoryorder": "array",
                "categoryarray": names,
                "range": [len(names) - 0.5, -0.5],
                "domain": [0, 0.5],
                "showgrid": True,
            },
        ),
        table=table(
            (
                ("gaps", "Missing together", ""),
                ("customers", "Customers", "count"),
                ("share", "Share of customers", "share"),
            ),
            [
                (_said(result, pattern), pattern.customers, pattern.customers / max(result.customers, 1))
                for pattern in result.patterns
            ],
        ),
        alt=f"Bars of {plural(result.customers, 'customer')} by what they lack. {_answer(result)}",
        answer=_answer(result),
        caption=_caption(result),
        height=HIGH if len(names) <= 5 else TALL,
        marks=tuple(
            Mark(
                key=str(at),
                conditions=result.conditions(pattern),
                customers=pattern.customers,
                said=f"without {_said(result, pattern)}" if pattern.gaps else "with every value",
                row=at,
            )
            for at, pattern in enumerate(result.patterns)
        ),
    )


def _bars(result: Patterns) -> dict[str, Any]:
    some = result.patterns
    return {
        "type": "bar",
        "x": list(range(len(some))),
        "y": small([p.customers for p in some]),
        "customdata": [str(at) for at in range(len(some))],
        "text": [number(p.customers / max(result.customers, 1), "share") for p in some],
        "textfont": {"size": 11},
        "textposition": "outside",
        "constraintext": "none",
        "cliponaxis": False,
        "marker": {"color": [INK if p.gaps else NOISE for p in some], "line": {"color": EDGE, "width": 0.5}},
        "hovertext": [
            f"{plural(p.customers, 'customer')}<br>missing: {escape(_said(result, p))}" for p in some
        ],
        "hovertemplate": HOVER,
    }


def _dots(result: Patterns, names: list[str]) -> dict[str, Any]:
    at = [(x, gap) for x, pattern in enumerate(result.patterns) for gap in pattern.gaps if gap < len(names)]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x for x, _ in at],
        "y": [names[gap] for _, gap in at],
        "yaxis": "y2",
        "marker": {"color": INK, "size": 11},
        "customdata": [str(x) for x, _ in at],
        "hovertext": [
            f"{escape(result.labels[gap])} is missing for {plural(result.patterns[x].customers, 'customer')}"
            for x, gap in at
        ],
        "hovertemplate": HOVER,
    }


def _said(result: Patterns, pattern: Pattern) -> str:
    return ", ".join(result.labels[gap] for gap in pattern.gaps) or "Nothing"


def _answer(result: Patterns) -> str:
    whole = sum(p.customers for p in result.patterns if not p.gaps)
    said = f"{number(whole / max(result.customers, 1), 'share')} of the customers have every value"
    together = next((p for p in result.patterns if len(p.gaps) > 1), None)
    if together is None:
        return f"{said}; no two values are often missing together."
    share = number(together.customers / max(result.customers, 1), "share")
    names = " and ".join(f"“{cut(result.labels[gap])}”" for gap in together.gaps[:3])
    more = f" and {len(together.gaps) - 3} more" if len(together.gaps) > 3 else ""
    return f"{said}; {names}{more} are missing together for {share}."


def _caption(result: Patterns) -> str:
    if not result.others:
        return ""
    of = plural(result.others_customers, "customer")
    return f"{plural(result.others, 'rarer combination')} of {of} not shown."
