"""Which segments are close relatives: the upper branches of the family tree, and the cut."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from core.choose import Clustering
from core.figures.drawn import HOVER, Drawn, figure, line_at, note, small, table, wrapped
from core.figures.theme import MIDDLE, QUIET, segment_colours
from core.profile.profile import Segment
from core.words import escape, number, plural

CUTS: Final = range(2, 13)
CUT_HERE: Final = ((0, "rgba(0,0,0,0)"), (1, "rgba(91,100,214,0.14)"))


@dataclass(slots=True)
class _Node:
    """A branch while it is laid out: `x` is its place, `count` its customers."""

    id: int
    height: float
    count: int
    children: "tuple[_Node, _Node] | None" = None
    x: float = 0.0
    segment: int | None = None
    leaves: list["_Node"] = field(default_factory=list)


def tree(result: Clustering, segments: Sequence[Segment]) -> Drawn:
    """The last merges as a tree with the cut; branches below the cut have their segment's colour.

    Every height is a mark, known by the number of segments that a cut there makes.
    """
    merges = np.asarray(result.tree, dtype=np.float64)
    root, cut_at = _grown(merges), _cut(merges, result.k)
    tops = _tops(root, result.k)
    _claim(tops, segments)
    colours = segment_colours(segments)
    named = {s.number: s.name for s in segments}
    lines = _lines(root, tops, colours, named)
    ticks = [(top, named.get(top.segment or -1, "")) for top in tops]
    return Drawn(
        figure=figure(
            [*_heights(merges, result.k, len(root.leaves)), *lines],
            showlegend=False,
            xaxis={
                "tickvals": [_middle(top) for top, _ in ticks],
                "ticktext": [_under(top, name) for top, name in ticks],
                "autotickangles": [0, -90],
                "range": [-0.6, len(root.leaves) - 0.4],
            },
            yaxis={"title": {"text": "How much they differ"}, "rangemode": "tozero"},
            shapes=[line_at(y=cut_at, dash="dash")],
            annotations=[
                note(
                    f"cut: {plural(result.k, 'segment')}",
                    x=1,
                    y=cut_at,
                    xref="x domain",
                    xanchor="right",
                    yanchor="bottom",
                )
            ],
        ),
        table=_table(merges),
        alt=f"Tree of the last {len(merges)} merges, cut into {plural(result.k, 'segment')}. "
        f"{_closest(root, tops, named)}",
        answer=_closest(root, tops, named) or "The higher two branches meet, the more they differ.",
        caption="The higher two branches meet, the more they differ. Click a height to cut there.",
        height=MIDDLE,
    )


def _grown(merges: np.ndarray) -> _Node:
    """The tree of the last merges (`core.cluster.contract.Fitted`), whose lowest branches stay unopened."""
    first = int(merges[-1, :2].max()) + 2 - len(merges)  # the last but one is always a branch of the last
    nodes: dict[int, _Node] = {}

    def node(at: int, count: int) -> _Node:
        return nodes.setdefault(at, _Node(id=at, height=0.0, count=count))

    for at, (a, b, height, count, of_a, of_b) in enumerate(merges, first):
        children = node(int(a), int(of_a)), node(int(b), int(of_b))
        nodes[at] = _Node(id=at, height=float(height), count=int(count), children=children)
    root = nodes[first + len(merges) - 1]
    _place(root)
    return root


def _place(root: _Node) -> None:
    """Leaves from left to right in the order of the tree; every merge in the middle of its two."""
    leaves: list[_Node] = []

    def walk(node: _Node) -> None:
        if node.children is None:
            node.x = float(len(leaves))
            leaves.append(node)
            node.leaves = [node]
            return
        for child in node.children:
            walk(child)
        node.x = (node.children[0].x + node.children[1].x) / 2
        node.leaves = [*node.children[0].leaves, *node.children[1].leaves]

    walk(root)


def _cut(merges: np.ndarray, k: int) -> float:
    """Height between the last merge that stands and the first that is undone."""
    heights = merges[:, 2]
    if k <= 1:
        return float(heights[-1]) * 1.05
    above = float(heights[-(k - 1)])
    below = float(heights[-k]) if k <= len(heights) else 0.0
    return (above + below) / 2


def _tops(root: _Node, k: int) -> list[_Node]:
    """The k branches that are left when the last k − 1 merges are undone, from left to right."""
    tops = [root]
    while len(tops) < k:
        opened = max((t for t in tops if t.children), key=lambda t: t.id, default=None)
        if opened is None or opened.children is None:
            break
        tops.remove(opened)
        tops.extend(opened.children)
    return sorted(tops, key=lambda t: t.x)


def _claim(tops: Sequence[_Node], segments: Sequence[Segment]) -> None:
    """Give each branch the segment of its size; sizes that occur twice can't be told apart and stay grey."""
    sizes = [s.size for s in segments if s.number]
    counts = [t.count for t in tops]
    for top in tops:
        if sizes.count(top.count) == 1 and counts.count(top.count) == 1:
            top.segment = next(s.number for s in segments if s.number and s.size == top.count)
    left = [s.number for s in segments if s.number and s.number not in {t.segment for t in tops}]
    unknown = [t for t in tops if t.segment is None]
    if len(left) == len(unknown) == 1:
        unknown[0].segment = left[0]


def _lines(
    root: _Node, tops: Sequence[_Node], colours: dict[int, str], named: dict[int, str]
) -> list[dict[str, Any]]:
    below = {id_: top for top in tops for id_ in _ids(top)}
    drawn = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.children is None:
            continue
        waiting.extend(node.children)
        top = below.get(node.id)
        for child in node.children:
            colour = colours.get(top.segment or -1, QUIET) if top else QUIET
            parts = root.id - node.id + 2
            drawn.append(_elbow(node, child, colour, _sentence(node, top, named), parts))
    single = [top for top in tops if top.children is None]
    return drawn + [
        _dot(top, colours.get(top.segment or -1, QUIET), _sentence(top, top, named)) for top in single
    ]


def _ids(node: _Node) -> list[int]:
    return [node.id, *(i for child in node.children or () for i in _ids(child))]


def _heights(merges: np.ndarray, k: int, leaves: int) -> list[dict[str, Any]]:
    """A band from side to side for each number of segments: the heights at which a cut makes so many."""
    heights = [*np.maximum.accumulate(merges[:, 2])[::-1].tolist(), 0.0]
    cuts = [cut for cut in CUTS if cut <= len(merges) + 1 and heights[cut - 2] > heights[cut - 1]]
    return [
        {
            "type": "heatmap",
            "x": [-0.6, leaves - 0.4],
            "y": [heights[cut - 1], heights[cut - 2]],
            "z": [[int(cut == k)]],
            "zmin": 0,
            "zmax": 1,
            "colorscale": CUT_HERE,
            "showscale": False,
            "customdata": [[cut]],
            "hovertext": [[f"A cut here makes {plural(cut, 'segment')}"]],
            "hovertemplate": HOVER,
        }
        for cut in cuts
    ]


def _elbow(parent: _Node, child: _Node, colour: str, hover: str, parts: int) -> dict[str, Any]:
    """`parts` is the number of segments that a cut just below makes."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": small([parent.x, child.x, child.x]),
        "y": small([parent.height, parent.height, child.height]),
        "line": {"color": colour, "width": 2},
        "customdata": [parts] * 3,
        "hovertext": [hover] * 3,
        "hovertemplate": HOVER,
    }


def _dot(node: _Node, colour: str, hover: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": small([node.x]),
        "y": small([node.height]),
        "marker": {"color": colour, "size": 8},
        "hovertext": [hover],
        "hovertemplate": HOVER,
    }


def _sentence(node: _Node, top: _Node | None, named: dict[int, str]) -> str:
    of = f" of “{escape(named[top.segment])}”" if top is not None and top.segment in named else ""
    if node.children is None:
        return f"{plural(node.count, 'customer')}{of}"
    return f"{plural(node.count, 'customer')}{of} join at {number(node.height, 'number')}"


def _middle(top: _Node) -> float:
    return (top.leaves[0].x + top.leaves[-1].x) / 2


def _under(top: _Node, name: str) -> str:
    return "<br>".join(part for part in (wrapped(name, 14, 2), f"{top.count:,}") if part)


def _closest(root: _Node, tops: Sequence[_Node], named: dict[int, str]) -> str:
    """The two segments that would join first."""
    chosen = {top.id for top in tops}
    joins = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.children and all(child.id in chosen for child in node.children):
            joins.append(node)
        waiting.extend(node.children or ())
    if not joins:
        return ""
    first = min(joins, key=lambda node: node.height)
    assert first.children is not None
    names = [named.get(child.segment or -1, "") for child in first.children]
    return f"“{names[0]}” and “{names[1]}” are the closest relatives." if all(names) else ""


def _table(merges: np.ndarray) -> Any:
    last = [(len(merges) - at, float(row[2]), int(row[3])) for at, row in enumerate(merges)]
    return table(
        (
            ("left", "Branches left", "count"),
            ("height", "They differed by", "number"),
            ("customers", "Customers joined", "count"),
        ),
        reversed(last),
    )
