"""The (i) beside numbers, filled in with what the page's results say of them."""

import json
from collections.abc import Sequence
from typing import Any, Final

from core.glossary import explained
from core.io.settings import Display
from core.io.written import written
from core.pipeline import Results

MARK: Final = "data-term"
"""Attribute of an (i) that waits for its text: keys of the glossary, blanks between them."""

TABLE: Final = "data-table"
"""Attribute of a table that is built when it is opened; its columns name their keys of the glossary."""


def with_terms(view: Any, results: Results, display: Display) -> Any:
    """A view, as JSON has it, in which every (i) of the glossary says what it has to say."""

    def said(keys: str, help: str = "") -> str:
        texts = [text for key in keys.split() if (text := explained(key, results, help))]
        return written(_together(texts), display)

    pending = [view]
    while pending:
        one = pending.pop()
        if isinstance(one, list):
            pending.extend(one)
        elif isinstance(one, dict) and isinstance(one.get("props"), dict):
            props = one["props"]
            if MARK in props:
                text = said(props[MARK], props.get("data-help", ""))
                props.update({"title": text, "aria-label": text})
            if TABLE in props:
                table = json.loads(props[TABLE])
                table["terms"] = {key: said(key) for _, _, key in table["columns"] if key}
                props[TABLE] = json.dumps(table, separators=(",", ":"), ensure_ascii=False)
            pending.append(props.get("children"))
    return view


def _together(texts: Sequence[str]) -> str:
    """What several terms say, a paragraph each; what they all say stands once, at the end."""
    if len(texts) < 2:
        return "".join(texts)
    lines = [text.splitlines() for text in texts]
    shared = [line for line in lines[0] if all(line in other for other in lines)]
    own = ["\n".join(line for line in said if line not in shared) for said in lines]
    return "\n\n".join([*own, *(["\n".join(["All of these", *shared])] if shared else [])])
