"""Why a segment has its name, in words."""

from core.profile.measured import MeasureProfile


def because(measures: tuple[MeasureProfile, ...], found: tuple[tuple[str, float], ...], at: int) -> str:
    """The differences behind a name (`name_segments`), in real units; `at` is the segment's place."""
    by_slug = {m.slug: m for m in measures}
    said = []
    for feature, z in found:
        slug, _, level = feature.partition("=")
        m = by_slug.get(slug)
        if m is not None and m.segments[at].median is not None and m.overall.median is not None:
            said.append(_median_or_mean(m, at))
        else:
            said.append(f"{'more' if z > 0 else 'fewer'} {level or slug} than in all")
    return (
        "Its strongest differences: " + "; ".join(said) + "."
        if said
        else "No attribute differs much from all."
    )


def _median_or_mean(m: MeasureProfile, at: int) -> str:
    """Segment against all by the middle customer; by the mean where the middle customers print alike."""
    own, overall = m.segments[at], m.overall
    if _short(m, own.median) == _short(m, overall.median):
        return f"{m.label} {_short(m, own.mean)} on average (all: {_short(m, overall.mean)})"
    return f"{m.label} {_short(m, own.median)} (all: {_short(m, overall.median)})"


def _short(m: MeasureProfile, value: float | None) -> str:
    if value is None:
        return "–"
    if m.unit == "share":
        return f"{100 * value:.0f} %"
    return f"{value:,.0f}" if abs(value) >= 20 else f"{value:.3g}"
