"""The (i) beside numbers, filled in with what the page's results say of them."""

from typing import Any, Final

from core.glossary import explained
from core.pipeline import Results

MARK: Final = "data-term"
"""Attribute of an (i) that waits for its text: keys of the glossary, blanks between them."""


def with_terms(view: Any, results: Results) -> Any:
    """A view, as JSON has it, in which every (i) of the glossary says what it has to say."""
    pending = [view]
    while pending:
        one = pending.pop()
        if isinstance(one, list):
            pending.extend(one)
        elif isinstance(one, dict) and isinstance(one.get("props"), dict):
            props = one["props"]
            if MARK in props:
                text = _text(props[MARK], props.get("data-help", ""), results)
                props.update({"title": text, "aria-label": text})
            pending.append(props.get("children"))
    return view


def _text(keys: str, help: str, results: Results) -> str:
    return "\n\n".join(filter(None, (explained(key, results, help) for key in keys.split())))
