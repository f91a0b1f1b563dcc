"""What a browser sends to open a page and to move within it, made from the app's own list of callbacks."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Post = Callable[[str, bytes], tuple[int, bytes]]
"""`post(path, body)` gives status and body of the answer."""

UPDATE: Final = "/_dash-update-component"
DEPENDENCIES: Final = "/_dash-dependencies"
ROUTER: Final = "_pages_content.children"
POLL_SECONDS: Final = 0.2
SAID_WRONG: Final = b"atlas-error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A browser as far as the server can tell: it knows the callbacks and can ask for them.

    Parameters
    ----------
    callbacks : sequence of mapping
        What `/_dash-dependencies` lists.
    post : callable
    """

    callbacks: Sequence[Mapping[str, Any]]
    post: Post

    def opening(self, path: str, query: str = "") -> bytes:
        """The request of a link: the router's callback, which builds the whole page."""
        return self.request(ROUTER, {"_pages_location.pathname": path, "_pages_location.search": query})

    def moving(self, page: str, segment: str = "", query: str = "") -> bytes:
        """The request after Back on a page: its own callback, which renders the view of a query."""
        values = {
            "view-in.data": f"{query}#1",
            f"{page}-query.data": query,
            f"{page}-segment.data": segment,
        }
        return self.request(f"{page}-view.children", values, changed=["view-in.data"])

    def request(self, output: str, values: Mapping[str, Any], changed: Sequence[str] | None = None) -> bytes:
        """The body for the callback with this output; what has no value is empty."""
        found = next(
            c for c in self.callbacks if output in _outputs(c["output"]) and not c["clientside_function"]
        )
        inputs, state = ([_filled(d, values) for d in found[part]] for part in ("inputs", "state"))
        outputs = [_split(one) for one in _outputs(found["output"])]
        body = {
            "output": found["output"],
            "outputs": outputs if found["output"].startswith("..") else outputs[0],
            "inputs": inputs,
            "changedPropIds": list(values) if changed is None else list(changed),
            "state": state,
        }
        return json.dumps(body).encode()

    def ask(self, body: bytes) -> bytes:
        """The server's answer.

        Raises
        ------
        RuntimeError
            When it is not 200 or 204, or the page could only say what is wrong.
        """
        status, answer = self.post(UPDATE, body)
        if status not in (200, 204) or SAID_WRONG in answer:
            raise RuntimeError(f"{status}: {answer[:200]!r}")
        return answer

    def settle(self, body: bytes, seconds: float = 120) -> bytes:
        """The answer once no job stands behind it any more."""
        deadline = time.monotonic() + seconds
        while waits(answer := self.ask(body)):
            if time.monotonic() > deadline:
                raise RuntimeError("The worker does not get done.")
            time.sleep(POLL_SECONDS)
        return answer


def waits(answer: bytes) -> bool:
    """Whether an answer says that a job is under way: it turns the polling on."""
    side = json.loads(answer).get("sideUpdate") or {} if answer else {}
    return side.get("job-poll", {}).get("disabled") is False


def over_http(base: str) -> Post:
    """Ask a server over HTTP."""

    def post(path: str, body: bytes) -> tuple[int, bytes]:
        asked = urllib.request.Request(base + path, body or None, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    return post


def _outputs(output: str) -> list[str]:
    return output.strip(".").split("...") if output.startswith("..") else [output]


def _split(one: str) -> dict[str, str]:
    ident, _, name = one.rpartition(".")
    return {"id": ident, "property": name.split("@")[0]}


def _filled(declared: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    slot = {"id": declared["id"], "property": declared["property"]}
    return {**slot, "value": values.get(f"{declared['id']}.{declared['property']}")}
