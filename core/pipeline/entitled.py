"""A study's results under the names and colours that a team has given its segments."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from core.compare import Comparison
from core.io.sets.kept_rows import Given
from core.match import Match, Now, Part, Then
from core.pipeline.origins import Origin, origins
from core.pipeline.stages import Results
from core.pipeline.titles import Titles
from core.profile import Profile, free_name
from core.profile.coloured import chosen_places
from core.spec import Study

LookUp = Callable[[Collection[Origin]], Mapping[Origin, Given]]


def entitled(study: Study, results: Results, look_up: LookUp) -> Results:
    """Results with the names and colours that were given to their segments; nothing is computed anew.

    Parameters
    ----------
    study : Study
    results : Results
        Without a profile they stay as they are.
    look_up : callable
        What was given to segments, by where these began.
    """
    if results.profile is None:
        return results
    here = origins(study, results)
    then = results.match.then if results.match is not None else ()
    found = look_up({*here.values(), *(t.origin for t in then)})
    given = {number: found[origin] for number, origin in here.items() if origin in found}
    profile = _profile(results.profile, given)
    shown = [(s.number, s.name, s.colour) for s in profile.segments]
    stamp = hashlib.sha256(repr(shown).encode()).hexdigest()[:12] if profile != results.profile else ""
    names = {s.number: s.name for s in profile.segments}
    return replace(
        results,
        profile=profile,
        match=None if results.match is None else _match(results.match, names, found),
        comparison=None if results.comparison is None else _comparison(results.comparison, names),
        titles=Titles(origins=here, given=given, stamp=stamp),
    )


def called(automatic: Mapping[int, str], began: Mapping[int, Origin], look_up: LookUp) -> dict[int, str]:
    """The names of segments by number, given ones instead of automatic ones.

    Parameters
    ----------
    automatic : mapping of int to str
    began : mapping of int to Origin
        As `origins` gives them.
    look_up : callable
        What was given to segments, by where these began.
    """
    found = look_up(set(began.values()))
    return _names(automatic, {number: found[origin] for number, origin in began.items() if origin in found})


def _profile(found: Profile, given: Mapping[int, Given]) -> Profile:
    names = _names({s.number: s.name for s in found.segments}, given)
    chosen = sorted((n for n in given if given[n].colour), key=lambda n: given[n].changed, reverse=True)
    places = chosen_places(found.segments, {n: given[n].colour for n in chosen}) if chosen else {}
    segments = tuple(
        replace(
            s,
            name=names[s.number],
            automatic=s.name if names[s.number] != s.name else "",
            colour=places.get(s.number),
        )
        for s in found.segments
    )
    return replace(found, segments=segments)


def _names(automatic: Mapping[int, str], given: Mapping[int, Given]) -> dict[int, str]:
    """Names by number, each there once; an automatic one makes room for one that was given."""
    found: dict[int, str] = {}
    for number in sorted(automatic, key=lambda n: (not (n in given and given[n].name), n)):
        own = given[number].name if number in given else ""
        found[number] = free_name(own or automatic[number], tuple(found.values()))
    return found


def _match(found: Match, names: Mapping[int, str], given: Mapping[Origin, Given]) -> Match:
    before = {t.number: _called(t, given) for t in found.then}
    return replace(
        found,
        then=tuple(replace(t, name=before[t.number], parts=_parts(t.parts, names)) for t in found.then),
        now=tuple(_now(n, names, before) for n in found.now),
    )


def _called(then: Then, given: Mapping[Origin, Given]) -> str:
    return (given[then.origin].name if then.origin in given else "") or then.name


def _now(now: Now, names: Mapping[int, str], before: Mapping[int, str]) -> Now:
    """A segment of the study; that it has its own name stays so under another one."""
    name = names.get(now.number, now.name)
    own = name if now.own == now.name else now.own
    return replace(now, name=name, own=own, parts=_parts(now.parts, before))


def _parts(parts: Sequence[Part], names: Mapping[int, str]) -> tuple[Part, ...]:
    return tuple(replace(p, name=names.get(p.number, p.name)) for p in parts)


def _comparison(found: Comparison, names: Mapping[int, str]) -> Comparison:
    """A comparison in which the study's own segments have these names."""
    own = found.models[0]
    parts = tuple(replace(p, name=names.get(p.number, p.name)) for p in own.parts)
    return replace(found, models=(replace(own, parts=parts), *found.models[1:]))
