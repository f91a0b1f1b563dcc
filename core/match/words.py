"""What became of the segments of a reference, in sentences."""

from collections.abc import Sequence
from typing import Final

from core.match.result import Match, Now, Part, Then
from core.words import number, plural

FEW: Final = 0.1
"""A segment with a smaller share is not named where others are."""

MOST_NAMED: Final = 3


def note(found: Match) -> str:
    """The whole of it in one sentence, for the notes of a view; empty where there is nothing to say."""
    if found.problem:
        return f"Names and colours are not kept from the saved segments: {found.problem}"
    if not found.reference:
        return ""
    lost = [found.fate(t) for t in found.then if not t.kept]
    counts = {"gone": lost.count("gone"), "merged": lost.count("merged"), "split up": lost.count("split")}
    counts["new"] = sum(not n.kept for n in found.now)
    said = [f"{n} {'is' if n == 1 else 'are'} {word}" for word, n in counts.items() if n]
    kept = _kept(found)
    return f"Compared with saved: {'; '.join([kept[:1].lower() + kept[1:], *said])}."


def sentences(found: Match) -> tuple[str, ...]:
    """What was kept, split, merged, lost and found, a sentence each."""
    if found.problem or not found.reference:
        return tuple(filter(None, [note(found)]))
    return (
        f"{_kept(found)}.",
        *(_split(found, t) for t in found.then if found.fate(t) == "split"),
        *(_merged(found, n) for n in found.now if len(found.merged(n.number)) > 1),
        *(gone(t) for t in found.then if found.fate(t) == "gone"),
        *(_new(n) for n in found.now if not n.kept and not _of_a_split(found, n)),
        *(_drifted(n) for n in found.now if n.kept and n.own != n.name),
        _customers(found),
    )


def gone(segment: Then) -> str:
    """Where the customers of a segment are that no longer exists."""
    if not segment.parts:
        return f"“{segment.name}” no longer exists."
    return f"“{segment.name}” no longer exists; its customers are now in {listed(segment.parts)}."


def listed(parts: Sequence[Part]) -> str:
    """Segments with their shares: `“A” (61 %) and “B” (39 %)`; small shares are added up as others."""
    named = [p for p in parts if p.share >= FEW][:MOST_NAMED] or list(parts[:1])
    said = [f"{_quoted(p)} ({number(p.share, 'share')})" for p in named]
    rest = sum(p.share for p in parts) - sum(p.share for p in named)
    said += [f"others ({number(rest, 'share')})"] if len(named) < len(parts) else []
    return _and(said)


def _kept(found: Match) -> str:
    n, of = sum(t.kept for t in found.then), len(found.then)
    if not n:
        return f"None of the {plural(of, 'segment')} is found again" if of else "There were no segments"
    names = "number and colour" if found.now and _own_names(found) else "number, name and colour"
    each = "keeps its" if n == 1 else "keep their"
    return f"{f'All {of}' if n == of > 1 else f'{n} of {of}'} segments {each} {names}"


def _own_names(found: Match) -> bool:
    """Whether kept segments have names of their own, since rules and groups never share names."""
    then = {t.number: t.name for t in found.then}
    return any(n.kept and n.name != then[n.number] for n in found.now)


def _split(found: Match, segment: Then) -> str:
    shares = {p.number: p.share for p in segment.parts}
    parts = sorted(found.split(segment), key=lambda n: -shares.get(n.number, 0.0))
    said = " / ".join(number(shares.get(n.number, 0.0), "share") for n in parts)
    return f"“{segment.name}” became {_and([f'“{n.name}”' for n in parts])}: {said} of its customers."


def _merged(found: Match, now: Now) -> str:
    return f"{_and([f'“{t.name}”' for t in found.merged(now.number)])} became “{now.name}”."


def _of_a_split(found: Match, now: Now) -> bool:
    return any(now in found.split(t) and found.fate(t) == "split" for t in found.then)


def _new(now: Now) -> str:
    if not now.parts:
        return f"“{now.name}” is new."
    return f"“{now.name}” is new; its customers were in {listed(now.parts)}."


def _drifted(now: Now) -> str:
    return f"“{now.name}” would be called “{now.own}” by its customers now."


def _customers(found: Match) -> str:
    """How many customers are in both, and in another segment."""
    both = plural(found.shared, "customer")
    if found.by == "centres":
        return (
            f"Only {both} of {found.customers:,} {'is' if found.shared == 1 else 'are'} here too, so that "
            "segments are matched by what is typical of them; where customers went can't be said."
        )
    share = number(found.moved / found.shared if found.shared else 0.0, "share")
    joined = f"; {plural(found.joined, 'customer')} came after it" if found.joined else ""
    return f"{found.moved:,} of {both} in both ({share}) are in another segment{joined}."


def _quoted(part: Part) -> str:
    return f"“{part.name}”" if part.number else "no segment"


def _and(said: Sequence[str]) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
