"""Who comes first, how long it will take, and what a budget does."""

from __future__ import annotations

import time

import pytest

from core.evaluate.result import Comparison
from core.fuse.compare import compare
from core.fuse.schedule import Forecast, guess, order
from core.jobs.context import Context
from core.plan import EncoderChoice, Plan, Validation
from core.workspace import Workspace
from tests.fuse.tables import tickets


@pytest.fixture
def context(tmp_path):
    return Context(Workspace(tmp_path / "home"), "me", "job", tmp_path / "run", threads=2)


def test_what_is_to_be_beaten_comes_first_and_the_costly_last():
    names = ["cooperative-tuned", "cooperative", "columns+boosting", "text-tfidf", "dummy"]
    assert order(names, 3000) == ["dummy", "text-tfidf", "columns+boosting", "cooperative", "cooperative-tuned"]
    assert guess("cooperative-tuned", 3000) > 20 * guess("columns", 3000)


def test_the_share_grows_with_what_is_done_and_never_shrinks():
    forecast = Forecast(folds=2, refits=False, budget_seconds=None)
    forecast.expect("a", 0.2)
    forecast.expect("b", 0.2)
    shares = [forecast.share()]
    for name in ("a", "a", "b", "b"):
        time.sleep(0.02)
        forecast.finished(name, 0.02)
        shares.append(forecast.share())
    assert shares == sorted(shares)
    assert shares[0] < 0.1
    assert shares[-1] == 0.99
    assert forecast.remaining_seconds() == 0


def test_a_budget_bounds_what_is_said_to_be_left():
    forecast = Forecast(folds=5, refits=True, budget_seconds=10)
    forecast.expect("a", 1000)
    assert forecast.remaining_seconds() <= 10
    assert 9 < forecast.left() <= 10


def test_what_does_not_fit_the_budget_is_left_out_with_its_time(context):
    table, schema = tickets()
    plan = Plan(
        target="mood",
        candidates=["dummy", "columns", "cooperative-tuned"],
        encoders={"text": EncoderChoice(name="minilm")},
        validation=Validation(folds=5),
        budget_seconds=3.0,
    )
    result = compare(table, schema, plan, context.folder, context)
    assert result.candidate("columns").status == "ok"
    tuned = result.candidate("cooperative-tuned")
    assert tuned.status == "cancelled"
    assert "of the time budget are left" in str(tuned.reason) or "used up" in str(tuned.reason)
    assert result.verdict is not None


def test_progress_ends_near_one_and_says_what_is_done(context):
    table, schema = tickets()
    heard = []
    context.report = lambda stage, share, finding: heard.append((str(stage), share))
    plan = Plan(target="mood", candidates=["dummy", "columns", "text-tfidf"], validation=Validation(folds=2))
    result = compare(table, schema, plan, context.folder, context)
    assert isinstance(result, Comparison)
    shares = [share for _stage, share in heard]
    assert shares == sorted(shares)
    assert any("fold 2 of 2" in stage for stage, _share in heard)
