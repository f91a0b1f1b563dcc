"""How much of spend the top customers bring."""

from core.explore import Concentration
from core.explore.steps import digits
from core.figures.drawn import HOVER, Drawn, Mark, figure, note, percent_axis, small, table
from core.figures.theme import INK, MIDDLE, QUIET
from core.param import Filter
from core.words import about, number


def concentration(result: Concentration, currency: str = "") -> Drawn:
    """The curve with its two marks, over the line of equal spend."""
    share = [number(float(s), "share") for s in result.spend]
    customers = [number(float(c), "share") for c in result.customers]
    top = [(10.0, result.top10), (20.0, result.top20)]
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": small([0, 100]),
            "y": small([0, 100]),
            "line": {"color": QUIET, "width": 1, "dash": "dot"},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "lines",
            "x": small(100 * result.customers),
            "y": small(100 * result.spend),
            "line": {"color": INK, "width": 2.5},
            "hovertext": [
                f"The top {c} of customers bring {s} of net sales"
                for c, s in zip(customers, share, strict=True)
            ],
            "hovertemplate": HOVER,
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": small([x for x, _ in top]),
            "y": small([100 * y for _, y in top]),
            "marker": {"color": INK, "size": 10},
            "customdata": [_key(x / 100) for x, _ in top],
            "hovertext": [
                f"The top {x:.0f} % of customers bring {number(y, 'share')} of net sales" for x, y in top
            ],
            "hovertemplate": HOVER,
        },
    ]
    notes = [
        note(
            f"top {x:.0f} %: {number(y, 'share')}",
            x=x,
            y=100 * y,
            xanchor="left",
            yanchor="top",
            xshift=8,
            yshift=0,
        )
        for x, y in top
    ]
    notes.append(note("dotted: if all spent the same", x=99, y=18, xanchor="right"))
    steps = range(0, 101, 10)
    return Drawn(
        figure=figure(
            traces,
            showlegend=False,
            xaxis=percent_axis(
                title={"text": "Share of customers, highest spend first"}, range=[0, 100.5], dtick=20
            ),
            yaxis=percent_axis(title={"text": "Share of net sales"}, range=[0, 104], dtick=20),
            annotations=notes,
        ),
        table=table(
            (("customers", "Top share of customers", "share"), ("spend", "Share of net sales", "share")),
            [(result.customers[i], result.spend[i]) for i in steps],
        ),
        alt=f"Curve of the share of net sales that the top share of customers bring: the top 10 % bring "
        f"{number(result.top10, 'share')}, the top 20 % bring {number(result.top20, 'share')}.",
        answer=f"The top 10 % of customers bring {number(result.top10, 'share')} of net sales, the top 20 % "
        f"{number(result.top20, 'share')}; half of it comes from {number(result.half, 'share')}.",
        caption="Customers below zero count as 0.",
        height=MIDDLE,
        marks=_marks(result, currency),
    )


def _marks(result: Concentration, currency: str) -> tuple[Mark, ...]:
    """Who spent as much as the last of the top: more than the share where several spent the same."""
    return tuple(
        Mark(
            key=_key(share),
            conditions=(Filter("monetary", "ge", (digits(least),)),),
            customers=n,
            said=f"who spent {about(least, 'money', currency)} or more",
            row=round(10 * share),
        )
        for share, least, n in result.marks
        if least > 0
    )


def _key(share: float) -> str:
    return f"top{100 * share:.0f}"
