"""`python -m core run QUERY`: run a study in this process and print what it comes to."""

import argparse
import json
from typing import Any

from core import pipeline
from core.features.labels import said_rule
from core.io.store import Store
from core.match import sentences
from core.profile import Segment
from core.silhouette import Silhouette
from core.spec import DEMO, Study
from core.words import number


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("query", metavar="QUERY", help="the query string of a page, as in ?ds=…&k=5")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def ready_store(study: Study) -> Store:
    """The store, with the demo made where it is asked for and not there yet."""
    store = Store()
    if study.source.ds == DEMO:
        store.ensure_demo()
    return store


def run(args: argparse.Namespace) -> int:
    """Run the study and print its result; UserError where it can't be settled."""
    study = Study.parse(args.query)
    store = ready_store(study)
    results = pipeline.run(study, store)
    document = as_document(study, store, results)
    print(json.dumps(document, ensure_ascii=False) if args.json else _as_text(document))
    return 0


def as_document(study: Study, store: Any, results: pipeline.Results) -> dict[str, Any]:
    """A study's result as one JSON document; the numbers are those of the pages."""
    matrix, clustering, profile = results.matrix, results.clustering, results.profile
    assert matrix is not None and clustering is not None and profile is not None
    return {
        "query": pipeline.resolved(study, results).query(),
        "rows_in": store.get(study.source.ds).table.rows,
        "customers": profile.customers,
        "columns": list(matrix.columns),
        "algorithm": clustering.algorithm,
        "k": clustering.k,
        "segments": [_segment(s) for s in profile.segments],
        "inertia": clustering.inertia,
        "silhouette": _silhouette(clustering.silhouette),
        "suggested_k": clustering.suggested_k,
        "elbow": clustering.elbow,
        "reason": clustering.reason,
        "candidates": [
            {
                "k": c.k,
                "inertia": c.inertia,
                "silhouette": _silhouette(c.silhouette),
                "smallest": c.smallest,
                "problem": c.problem,
            }
            for c in clustering.candidates
        ],
        "preprocessing": [
            *[{"name": s.name, "text": s.text, "rows": s.rows, "values": s.values} for s in matrix.steps],
            *[{"name": p.slug, "text": p.text, "rows": None, "values": None} for p in matrix.prepared],
        ],
        "ledger": [
            {
                "key": r.key,
                "kind": r.kind,
                "text": r.text,
                "rows": r.rows,
                "customers": r.customers,
                "money": r.money,
            }
            for r in results.ledger
        ],
        "compared_with_saved": list(sentences(results.match)) if results.match is not None else [],
        "labels": [
            {
                "key": s.key,
                "name": s.name,
                "customers": s.yes,
                "judged": s.judged_all,
                "rule": said_rule(s, results.customers.currency),
                "reason": s.reason,
            }
            for s in profile.labels
        ],
        "notes": [*study.notes, *results.notes],
    }


def _segment(segment: Segment) -> dict[str, Any]:
    return {
        "number": segment.number,
        "name": segment.name,
        "size": segment.size,
        "share": segment.share,
        "value_share": segment.value_share,
        "index": segment.index,
        "net": None if segment.net is None else round(segment.net, 4),
        "average_order_value": segment.average_order_value,
        "labels": list(segment.labels),
        "because": segment.because,
    }


def _silhouette(score: Silhouette | None) -> dict[str, Any] | None:
    if score is None:
        return None
    return {"value": score.value, "low": score.low, "high": score.high, "sampled": score.sampled}


def _as_text(document: dict[str, Any]) -> str:
    lines = [document["query"] or "the demo with every default"]
    lines.append(f"{document['customers']:,} customers, grouped by {', '.join(document['columns'])}")
    lines.append(f"{document['k']} segments: {document['reason']}")
    score = document["silhouette"]
    if score:
        lines.append(f"silhouette {score['value']:.4f}, inertia {document['inertia']:,.1f}")
    lines += ["", f"{'':>2}  {'customers':>9}  {'share':>6}  {'of value':>8}  name"]
    for s in document["segments"]:
        share, value = number(s["share"], "share"), number(s["value_share"], "share")
        labels = f"  [{', '.join(s['labels'])}]" if s["labels"] else ""
        lines.append(f"{s['number']:>2}  {s['size']:>9,}  {share:>6}  {value:>8}  {s['name']}{labels}")
    lines += [
        "",
        *[f"{r['text']}: {r['rows']:,} rows, {r['customers']:,} customers" for r in document["ledger"]],
    ]
    lines += [f"saved: {said}" for said in document["compared_with_saved"]]
    lines += [f"note: {note}" for note in document["notes"]]
    return "\n".join(lines)
