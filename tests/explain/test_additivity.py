"""Base and bars sum to the output for every kind of candidate, and no wider than their bands say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.bundles import bundle
from core.data.schema import Schema
from core.explain.open_candidate import OpenCandidate
from core.explain.row.estimate import EXACT_PLAYERS, ROW_PAIRS
from core.explain.row.rows import explain_row
from core.explain.shapley.values import never
from core.fuse.candidates import build
from core.fuse.setting import Setting
from core.jobs.context import Context
from core.plan import Plan
from core.results.explanations.rows import RowExplanation
from tests.explain.shapley.test_evaluators import FEW
from tests.fuse.tables import column, tickets

SAMPLE = Path(bundle.__file__).parents[1] / "assets" / "samples" / "support_tickets.csv"
ROLES = {
    "opened": "date", "message": "text", "plan": "category", "channel": "category", "hours_waiting": "number",
    "seats": "number", "on_call_paged": "category", "region": "category", "priority": "target",
}  # fmt: skip
COOPERATIVE = ["linear", "svm-linear", "svm-kernel", "forest", "boosting"]


def opened(name, table, schema, task, target, workspace, place, output, **settings) -> OpenCandidate:
    """A candidate fitted on these rows, kept and opened as a job opens it."""
    plan = Plan(target=target, model_settings=settings)
    built = build(name, Setting(schema, plan, task, n_rows=len(table), threads=2))
    fitted = built.fit(table.drop(columns=target), table[target])
    kept = getattr(fitted, "best_", fitted)
    bundle.save(kept, place / "bundle", name=name, target=target, schema=schema, rows=table.drop(columns=target))
    context = Context(workspace, "tester", "job", place)
    return OpenCandidate(bundle.load(place / "bundle"), table, context, output=output)


def check(row: RowExplanation) -> None:
    sampled = any(one.high > one.low for one in row.columns)
    gap = 0.01 * abs(row.output - row.base) if sampled else 1e-6 * max(1.0, abs(row.output))
    assert abs(row.base + sum(one.value for one in row.columns) - row.output) <= gap
    assert row.error == pytest.approx(row.base + sum(one.value for one in row.columns) - row.output, abs=1e-9)


@pytest.mark.parametrize(("model", "output"), [("linear", "margin"), ("forest", "probability"), ("knn", "margin")])
def test_bars_sum_to_the_output(workspace, tmp_path, model, output):
    table, schema = tickets(70)
    found = opened(
        f"cooperative:tfidf-svd+{model}", table, schema, "binary", "mood", workspace, tmp_path, output, **FEW
    )
    assert found.weights.sum() == pytest.approx(1)
    for position in range(3):
        check(explain_row(found, position, None, exact=EXACT_PLAYERS, pairs=ROW_PAIRS, enough=never)[0])


def test_many_columns_are_sampled_and_still_sum_up(workspace, tmp_path):
    table, schema = tickets(70)
    found = opened("cooperative:tfidf-svd+knn", table, schema, "binary", "mood", workspace, tmp_path, "probability")
    exact, _game = explain_row(found, 1, None, exact=4, enough=never)
    row, _game = explain_row(found, 1, None, exact=2, pairs=40, enough=never)
    check(row)
    truth = {one.name: one.value for one in exact.columns}
    assert all(abs(one.value - truth[one.name]) <= (one.high - one.low) + 1e-9 for one in row.columns)


@pytest.mark.slow
@pytest.mark.timeout(1800)  # training an encoder or screening candidates on a busy machine
@pytest.mark.parametrize("output", ["margin", "probability"])
@pytest.mark.parametrize("name", [*(f"cooperative:minilm+{one}" for one in COOPERATIVE), "joint:minilm", "auto"])
def test_fifty_rows_of_each_candidate_sum_up(workspace, tmp_path, name, output):
    table = pd.read_csv(SAMPLE)[list(ROLES)].dropna(subset="priority").head(400).reset_index(drop=True)
    schema = Schema(
        columns=[column(one, role, "en" if role == "text" else "") for one, role in ROLES.items()], task="multiclass"
    )
    found = opened(name, table, schema, "multiclass", "priority", workspace, tmp_path, output)
    rows = [
        explain_row(found, position, None, exact=EXACT_PLAYERS, pairs=ROW_PAIRS, enough=never)[0]
        for position in range(50)
    ]
    for row in rows:
        check(row)
    assert np.median([row.seconds for row in rows]) < 10
