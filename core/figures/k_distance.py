"""How far customers are from their neighbours, and the reach."""

import numpy as np

from core.choose import Clustering
from core.figures.drawn import HOVER, Drawn, figure, line_at, note, percent_axis, small, table
from core.figures.theme import INK, LOW
from core.words import number, plural


def k_distance(result: Clustering, proposed: bool = True) -> Drawn:
    """Distance to the last of the minimum neighbours, customers in ascending order, with the reach across.

    Parameters
    ----------
    proposed : bool
        Whether the reach is the proposed one, and not one that was chosen.
    """
    curve = np.asarray(result.curve if result.curve is not None else [], dtype=np.float64)
    share = np.linspace(0, 1, curve.size) if curve.size > 1 else np.zeros(curve.size)
    eps = result.eps
    inside = float((curve <= eps).mean()) if eps is not None and curve.size else None
    trace = {
        "type": "scatter",
        "mode": "lines",
        "x": small(100 * share),
        "y": small(curve),
        "line": {"color": INK, "width": 2},
        "hovertext": [
            f"{number(s, 'share')} of customers have their neighbours within {number(d, 'number')}"
            for s, d in zip(share.tolist(), curve.tolist(), strict=True)
        ],
        "hovertemplate": HOVER,
    }
    crowd = f"{plural(result.k, 'crowd')}" if result.k else "no crowd"
    answer = (
        f"With {'the proposed' if proposed else 'your'} reach {number(eps, 'number')}, "
        f"{number(inside, 'share')} of customers "
        f"have enough neighbours: {crowd}."
        if eps is not None
        else "There is no reach to show."
    )
    words = [
        note(
            f"{'proposed' if proposed else 'chosen'} reach {number(eps, 'number')}",
            x=0,
            y=eps,
            xref="x domain",
            xanchor="left",
            yanchor="bottom",
            xshift=4,
        )
    ]
    steps = np.unique(np.linspace(0, max(curve.size - 1, 0), 11).astype(int))[: curve.size]
    return Drawn(
        figure=figure(
            [trace],
            showlegend=False,
            xaxis=percent_axis(title={"text": "Share of customers, nearest neighbours first"}),
            yaxis={"title": {"text": "Distance to their neighbours"}, "rangemode": "tozero"},
            shapes=[line_at(y=eps)] if eps is not None else [],
            annotations=words if eps is not None else [],
        ),
        table=table(
            (("share", "Share of customers", "share"), ("distance", "Neighbours within", "number")),
            [(float(share[i]), float(curve[i])) for i in steps],
        ),
        alt=f"Rising curve of the distance to the neighbours, flat at first and steep at the end. {answer}",
        answer=answer,
        height=LOW,
    )
