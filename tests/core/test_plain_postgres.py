"""The SQL of segments in Postgres: the plain rules' labels, and the exact segments."""

import numpy as np

from core.plain import columns_of, plain_rule, plain_rules, sql
from core.score import segment_sql
from tests.core.postgres import answers
from tests.core.test_plain import in_a_table, segments, shop
from tests.core.test_score import people, study_of


def test_postgres_picks_whom_the_rule_picks_and_puts_each_customer_into_its_segment() -> None:
    columns = shop(1_000, 4)
    rules = [plain_rule(columns, belongs).rule for belongs in segments(columns).values()]
    sheet = in_a_table(columns).append_column("at", [np.arange(1_000)])
    study, results = study_of(people(), "cols=spend,drift,town,size,member&k=3&missing=median")
    assert results.clustering is not None and results.matrix is not None
    queries = [f'SELECT "at" FROM sheet WHERE {sql(rule, "postgres")} ORDER BY "at"' for rule in rules]
    exact = segment_sql(study, results, "postgres").rstrip().rstrip(";")
    tables = {"sheet": sheet, "customers": results.customers.table}
    *found, labels = answers(tables, [*queries, f"SELECT id, segment FROM (\n{exact}\n) s ORDER BY id"])
    for rule, rows in zip(rules, found, strict=True):
        assert [int(row[0]) for row in rows] == np.flatnonzero(rule.picks(columns.table())).tolist()
    assert [int(row[1]) for row in labels] == results.clustering.labels.tolist()


def test_the_rules_of_a_study_are_kept_with_their_sql() -> None:
    _, results = study_of(people(), "cols=spend,drift&k=3&missing=leave")
    assert results.clustering is not None and results.matrix is not None
    customers, rows, labels = results.customers, results.matrix.rows, results.clustering.labels
    found = plain_rules(customers, rows, labels, 3)
    assert found.rules[-1] is None and found.sql[-1] == {}  # who has no spend has no segment
    assert found.customers == rows.size and len(found.rules) == 4
    table = columns_of(customers, rows).table()
    for rule, said in zip(found.rules[:3], found.sql[:3], strict=True):
        assert rule is not None and said["postgres"] == sql(rule.rule, "postgres")
        assert rule.rule.picks(table).any()
