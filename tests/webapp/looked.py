"""A page as it is looked at: its study is run in this process, without a worker and without a server."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from plotly.utils import PlotlyJSONEncoder

from core.pipeline import Results, run
from core.spec import Study
from tests.webapp.visitor import Tree
from webapp.page import Page, Scene
from webapp.results import Services


@dataclass(slots=True)
class Looker:
    """Somebody who looks at pages of one data set; each way to group its customers is run once."""

    services: Services
    ds: str
    runs: dict[str, Results] = field(default_factory=dict)
    views: dict[tuple[str, str, str], Tree] = field(default_factory=dict)

    def results(self, study: Study) -> Results:
        """The results of a study."""
        key = study.key("cluster")
        if key not in self.runs:
            self.runs[key] = run(study, self.services.store, need="profiles")
        return self.runs[key]

    def scene(self, query: str = "", segment: str = "", **changed: Any) -> Scene:
        """What the view of a page is made from; `changed` replaces stages of its results."""
        study = Study.parse(query).with_(ds=self.ds)
        study = replace(study, lens=replace(study.lens, segment=segment))
        results = replace(self.results(study), **changed)
        return Scene(
            services=self.services, study=study, dataset=self.services.store.get(self.ds), results=results
        )

    def look(self, page: Page, query: str = "", segment: str = "", **changed: Any) -> Tree:
        """The view of a page; made once for the same study."""
        key = (page.name, query, segment)
        if not changed and key in self.views:
            return self.views[key]
        view: Sequence[Any] = page.view(self.scene(query, segment, **changed))
        found = Tree(json.loads(json.dumps(view, cls=PlotlyJSONEncoder)))
        return found if changed else self.views.setdefault(key, found)
