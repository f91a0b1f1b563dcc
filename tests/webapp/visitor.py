"""A browser without a screen: asks the app what Dash's renderer would ask, and reads what comes back."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dash import Dash
from werkzeug.test import TestResponse

UPDATE = "/_dash-update-component"
PATIENCE = 60.0
Values = Mapping[str, Any]


@dataclass(slots=True)
class Tree:
    """A component and what is in it, as the JSON that the app sends."""

    root: Any
    known: dict[str, dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.known = {_text(p["id"]): p for _, p in self.components() if "id" in p}

    def components(self, below: Any = None) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every component as (type, properties), in the order of the page."""
        pending = [self.root if below is None else below]
        while pending:
            one = pending.pop()
            if isinstance(one, list):
                pending.extend(reversed(one))
            elif isinstance(one, dict) and "props" in one:
                yield one["type"], one["props"]
                pending.append(one["props"].get("children"))

    def of_type(self, *types: str) -> list[dict[str, Any]]:
        """The properties of every component of these types."""
        return [props for kind, props in self.components() if kind in types]

    def of_class(self, name: str) -> list[dict[str, Any]]:
        """The properties of every component of a CSS class."""
        return [p for _, p in self.components() if name in str(p.get("className", "")).split()]

    @property
    def finding(self) -> str:
        """The text of the page's h1."""
        (heading,) = self.of_type("H1")
        return text(heading)

    @property
    def figures(self) -> list[str]:
        """The key figures, each as one text."""
        return [text(p) for p in self.of_class("atlas-figure")]

    @property
    def pending(self) -> bool:
        """Whether the page is not there yet: grey blocks stand in its place."""
        return bool(self.of_class("atlas-skeleton"))

    @property
    def refusal(self) -> str:
        """What the error card says, empty without one."""
        return " ".join(text(p) for p in self.of_class("atlas-error"))


def text(props: Any) -> str:
    """The text of a component, words apart."""
    found: list[str] = []
    pending = [props.get("children") if isinstance(props, dict) and "props" not in props else props]
    while pending:
        one = pending.pop()
        if isinstance(one, list):
            pending.extend(reversed(one))
        elif isinstance(one, dict):
            pending.append(one.get("props", {}).get("children"))
        elif one is not None:
            found.append(str(one))
    return " ".join(" ".join(found).split())


class Visitor:
    """Somebody at the app: opens addresses, moves controls, follows jobs.

    Parameters
    ----------
    app : Dash
    """

    def __init__(self, app: Dash) -> None:
        self.client = app.server.test_client()
        self.declared: list[dict[str, Any]] = self.client.get("/_dash-dependencies").get_json()
        self.page = Tree(None)
        self.query = ""

    def send(self, body: Any) -> TestResponse:
        """A callback request as it stands."""
        return self.client.post(UPDATE, json=body)

    def body(self, output: str, values: Values, changed: str) -> dict[str, Any]:
        """The request that the renderer would make for the callback that writes `output` first.

        `values` are by `id.property`; what is not named there is read from the page that is open.
        """
        one = next(d for d in self.declared if d["output"].lstrip(".").startswith(output))
        outputs = [_output(o) for o in one["output"].strip(".").split("...")]
        return {
            "output": one["output"],
            "outputs": outputs if one["output"].startswith("..") else outputs[0],
            "inputs": [self._filled(i, values) for i in one["inputs"]],
            "state": [self._filled(i, values) for i in one["state"]],
            "changedPropIds": [changed],
        }

    def _filled(self, slot: Mapping[str, str], values: Values) -> Any:
        name, wanted = slot["property"], slot["id"]
        if not wanted.startswith("{"):
            value = values.get(f"{wanted}.{name}", self.page.known.get(wanted, {}).get(name))
            return {"id": wanted, "property": name, "value": value}
        keys = json.loads(wanted).keys()
        found = [
            p for p in self.page.known.values() if isinstance(p.get("id"), dict) and p["id"].keys() == keys
        ]
        default = {"n_clicks": None}
        return [
            {
                "id": p["id"],
                "property": name,
                "value": values.get(f"{_text(p['id'])}.{name}", p.get(name, default.get(name))),
            }
            for p in found
        ]

    def routed(self, address: str) -> dict[str, Any]:
        """The request that opens an address."""
        path, mark, query = address.partition("?")
        values = {"_pages_location.pathname": path, "_pages_location.search": mark + query}
        return self.body("_pages_content.children", values, "_pages_location.pathname")

    def open(self, address: str) -> Tree:
        """Open an address, follow its job to the end as the browser does, and return the page."""
        deadline = time.monotonic() + PATIENCE
        found = self._opened(address)
        while found.pending:
            assert time.monotonic() < deadline, f"{address} is not there after {PATIENCE} s"
            time.sleep(0.05)
            found = self._opened(address)
        return found

    def _opened(self, address: str) -> Tree:
        answer = self.send(self.routed(address))
        assert answer.status_code == 200, f"{address}: {answer.status_code} {answer.text[:200]}"
        self.page = Tree(answer.get_json()["response"]["_pages_content"]["children"])
        self.query = address.partition("?")[2]
        return self.page

    def change(self, page: str, values: Values) -> dict[str, Any]:
        """Move controls of the open page (`name: value`); the answer's body."""
        named = {f"{page}-{name}.value": value for name, value in values.items()}
        body = self.body(f"{page}-top.children", named, "")
        body["changedPropIds"] = list(named)
        answer = self.send(body)
        assert answer.status_code == 200, answer.text[:200]
        found: dict[str, Any] = answer.get_json()
        return found

    def move(self, page: str, query: str) -> dict[str, Any]:
        """Back, Forward or a link within the open page."""
        answer = self.send(self.body(f"{page}-top.children", {"view-in.data": f"{query}#1"}, "view-in.data"))
        assert answer.status_code == 200, answer.text[:200]
        found: dict[str, Any] = answer.get_json()
        return found


def _output(name: str) -> dict[str, Any]:
    ident, _, prop = name.rpartition(".")
    return {"id": ident, "property": prop}


def _text(ident: Any) -> str:
    return json.dumps(ident, sort_keys=True, separators=(",", ":")) if isinstance(ident, dict) else str(ident)
