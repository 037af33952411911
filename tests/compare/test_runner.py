"""One comparison under way: the contrast whatever the budget, then what the time allows, and what is kept of it."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from core.compare.comparison import compare
from core.compare.estimator import Estimator
from core.compare.prepare import prepare
from core.compare.runner import Run
from core.data.schema import write_model
from core.encode.finetuning.encoder import TunedEncoder
from core.fuse.asked import spending
from core.fuse.setting import Setting
from core.jobs.context import Context
from core.messages import Cancelled
from core.plan import EncoderChoice, Plan, Validation
from core.results.comparison import CandidateResult, Comparison, Detail, Interval, LearningPoint, candidate_folder
from core.results.endpoint_use import EndpointUse
from core.run_jobs import keeper
from core.workspace import Workspace
from tests.fuse.tables import tickets


@pytest.fixture
def context(tmp_path):
    return Context(Workspace(tmp_path / "home"), "me", "job", tmp_path / "run", threads=2)


def plan(candidates, **more):
    return Plan(target="mood", candidates=candidates, encoders={"text": EncoderChoice(name="minilm")}, **more)


def test_the_contrast_is_trained_whatever_the_budget_and_the_result_says_so(context):
    table, schema = tickets()
    names = ["dummy", "columns", "classical", "classical+boosting", "cooperative", "cooperative-tuned"]
    result = compare(table, schema, plan(names, budget_seconds=1.0), context.folder, context)
    states = {line.name: line.status for line in result.candidates}
    assert {states[name] for name in names[:-1]} == {"ok"}
    assert states["cooperative-tuned"] == "cancelled"
    assert result.verdict.code in {"worth_it", "not_worth_it", "too_close"}
    assert result.verdict.rival in {"classical", "classical+boosting", "columns"}
    assert any("more than the 1 s allowed" in str(warning) for warning in result.warnings)
    if result.verdict.code != "worth_it":
        assert result.verdict.left_out == ["cooperative-tuned"]


def test_what_does_not_fit_the_budget_is_left_out_with_the_time_it_needs(context):
    table, schema = tickets()
    result = compare(
        table, schema, plan(["dummy", "columns", "cooperative", "cooperative-tuned"], validation=Validation(folds=5),
        budget_seconds=3.0), context.folder, context,
    )  # fmt: skip
    tuned = result.candidate("cooperative-tuned")
    assert tuned.status == "cancelled"
    assert "of the time budget are left" in str(tuned.reason) or "used up" in str(tuned.reason)
    assert tuned.needed_seconds > 3.0


def test_time_spent_counts_over_all_attempts(context):
    table, schema = tickets()
    names = ["dummy", "columns", "text-tfidf"]
    first = compare(table, schema, plan(names, budget_seconds=300.0), context.folder, context)
    again = compare(table, schema, plan(names, budget_seconds=300.0), context.folder, context)
    assert again.spent_seconds > first.spent_seconds > 0


def test_where_all_is_trained_anew_the_budget_is_whole_again(context):
    table, schema = tickets()
    names = ["dummy", "columns", "text-tfidf"]
    first = compare(table, schema, plan(names, budget_seconds=300.0), context.folder, context)
    write_model(first.model_copy(update={"spent_seconds": 1000.0}), context.folder / "result.json")
    anew = compare(table, schema, plan(names, budget_seconds=300.0, seed=5), context.folder, context)
    assert {line.status for line in anew.candidates} == {"ok"}
    assert anew.spent_seconds < 300


def test_a_candidate_added_later_is_trained_beside_what_is_finished(context):
    table, schema = tickets()
    before = compare(table, schema, plan(["dummy", "columns", "cooperative"]), context.folder, context)
    assert before.verdict.code in {"no_rival", "no_better_than_guessing"}
    names = ["dummy", "columns", "cooperative", "classical", "classical+boosting"]
    after = compare(table, schema, plan(names), context.folder, context)
    assert after.verdict.code != "no_rival"
    assert after.candidate("cooperative").scores == before.candidate("cooperative").scores


def test_progress_says_what_is_done_and_how_long_it_will_take(context):
    table, schema = tickets()
    heard, expected = [], []
    context.report = lambda stage, share, finding: heard.append((str(stage), share))
    context.expect = expected.append
    result = compare(
        table, schema, plan(["dummy", "columns", "text-tfidf"], validation=Validation(folds=2)), context.folder, context
    )
    assert isinstance(result, Comparison)
    shares = [share for _stage, share in heard]
    assert shares == sorted(shares)
    assert any("fold 2 of 2" in stage for stage, _share in heard)
    assert len(expected) > 4
    assert expected[-1] < expected[0]


@pytest.mark.parametrize(("budget", "first"), [(None, "probed"), (600.0, "shown")])
def test_a_costly_candidate_is_asked_for_its_time_before_any_training_where_nothing_else_bounds_it(
    context, monkeypatch, budget, first
):
    heard = []

    def listened(name, inner):
        monkeypatch.setattr(Estimator, name, lambda self, *given: (heard.append(name), inner(self, *given)))

    listened("probed", Estimator.probed)
    listened("finished", Estimator.finished)
    table, schema = tickets(60)
    names = ["columns", "cooperative", "cooperative-tuned@top"]
    chosen = plan(names, validation=Validation(folds=2), budget_seconds=budget)
    context.expect = lambda remaining_seconds: heard.append("shown")
    result = compare(table, schema, chosen, context.folder, context)
    assert [line.status for line in result.candidates] == ["ok"] * 3
    assert heard[0] == first  # what is shown once hardly rises later
    assert sorted(set(heard)) == ["finished", "probed", "shown"]


def test_an_encoder_that_can_not_be_asked_for_its_time_is_trained_all_the_same(context, monkeypatch):
    def broken(*_given):
        raise RuntimeError

    monkeypatch.setattr(TunedEncoder, "estimate_seconds", broken)
    table, schema = tickets(60)
    chosen = plan(["columns", "cooperative-tuned@top"], validation=Validation(folds=2))
    result = compare(table, schema, chosen, context.folder, context)
    assert [line.status for line in result.candidates] == ["ok", "ok"]


def test_the_ladder_and_the_rival_are_in_the_document(context):
    table, schema = tickets()
    result = compare(table, schema, plan(["dummy", "columns", "classical", "cooperative"]), context.folder, context)
    told = json.loads((context.folder / "result.json").read_text())
    assert [rung["step"] for rung in told["ladder"]] == ["columns", "words", "frozen"]
    assert told["ladder"][0]["gain"] is None
    assert told["ladder"][1]["gain"]["to"] == "columns"
    frozen = told["ladder"][2]
    assert frozen["gain"]["mean"] == pytest.approx(
        result.candidate("cooperative").scores[result.metric].mean
        - result.candidate("classical").scores[result.metric].mean
    )


def test_who_cancels_after_the_first_verdict_keeps_a_model_to_explain_and_use(context):
    table, schema = tickets()
    names = ["dummy", "columns", "classical", "cooperative", "columns+forest"]

    def stop_at_the_rest() -> bool:
        return (candidate_folder(context.folder, "columns+forest") / "folds").exists()

    context.stop = stop_at_the_rest
    with pytest.raises(Cancelled):
        compare(table, schema, plan(names), context.folder, context, keep=keeper("mood", 0))
    told = Comparison.model_validate_json((context.folder / "result.json").read_text())
    assert told.verdict.code in {"worth_it", "not_worth_it", "too_close"}
    assert told.candidate("columns+forest").status == "cancelled"
    assert all((candidate_folder(context.folder, name) / "bundle").is_dir() for name in names[:-1])


def test_the_time_left_counts_the_contrast_beyond_the_budget(context):
    """What is trained in any case takes longer than the one second allowed, and it is foretold so."""
    table, schema = tickets()
    expected = []
    context.expect = expected.append
    compare(table, schema, plan(["columns", "classical", "cooperative"], budget_seconds=1.0), context.folder, context)
    assert max(expected) > 3.0


def test_a_learning_curve_that_was_drawn_before_is_taken_up(tmp_path):
    drawn = [LearningPoint(n_rows=10, train=0.9, validation=Interval(mean=0.5, low=0.4, high=0.6))]
    place = candidate_folder(tmp_path, "columns")
    place.mkdir(parents=True)
    write_model(Detail(name="columns", scores={}, learning=drawn), place / "detail.json")
    line = CandidateResult(name="columns", mode="columns", status="ok")
    asked = SimpleNamespace(setting=SimpleNamespace(plan=plan(["columns"], learning_curve=True)), folder=tmp_path)
    assert Run._learning(asked, line) == drawn
    asked.setting.plan = plan(["columns"])
    assert Run._learning(asked, line) == []


def test_the_fit_on_all_rows_is_foretold_by_how_many_more_they_are_than_a_folds_training_rows(context):
    table, schema = tickets(160)
    chosen = plan(["dummy"], validation=Validation(folds=5, near_duplicates_together=False))
    prepared = prepare(table, schema, chosen)
    setting = Setting(prepared.schema, chosen, "binary")
    run = Run(
        SimpleNamespace(spent_seconds=7.0, endpoint=None), prepared, setting, context.folder, context, None, "", 0.0
    )
    assert run.estimator.growth == pytest.approx(160 / len(prepared.folds[0][0]))
    assert run.estimator.spent_seconds > 7
    assert not run.estimator.refits


def unhurried(tmp_path, left):
    """What keeping a finished candidate looks at: 5 seconds of fitting, and so many left."""
    heard = []
    estimator = SimpleNamespace(
        left=lambda: left,
        refit_seconds=lambda name: 5.0,
        drop=lambda name: heard.append(("dropped", name)),
        refitted=lambda name: heard.append(("refitted", name)),
    )
    run = Run.__new__(Run)
    result = Comparison(
        task="binary", metric="accuracy", target="mood", n_rows=9, folds=3, seed=0, best="other", candidates=[]
    )
    vars(run).update(folder=tmp_path, estimator=estimator, result=result, keep=print, _write=lambda: None)
    run.scorer = SimpleNamespace(megabytes=lambda line: 1.5)
    run.setting = SimpleNamespace(plan=plan(["columns"]))
    return run, heard


def test_what_there_is_no_time_to_keep_is_dropped_from_what_is_left_to_do(tmp_path):
    run, heard = unhurried(tmp_path, left=4.9)
    line = CandidateResult(name="columns", mode="columns", status="ok")
    assert run._kept(line) is False
    assert heard == [("dropped", "columns")]


def test_what_was_kept_before_counts_as_kept(tmp_path):
    run, heard = unhurried(tmp_path, left=0.0)
    line = CandidateResult(name="columns", mode="columns", status="ok")
    (candidate_folder(tmp_path, "columns") / "bundle").mkdir(parents=True)
    assert run._kept(line) is True
    assert heard == [("refitted", "columns")]
    assert line.size_mb == 1.5


def test_what_an_endpoint_took_adds_to_earlier_attempts_and_only_once(tmp_path):
    before = EndpointUse(host="llm.example", model="large", answers=3, tokens_in=120, tokens_out=3)
    result = Comparison(task="binary", target="y", metric="accuracy", n_rows=9, folds=2, seed=0, endpoint=before)
    run = SimpleNamespace(
        result=result, endpoint_before=before, folder=tmp_path, estimator=SimpleNamespace(spent=lambda: 1.0)
    )
    usage = SimpleNamespace(requests=2, tokens_in=80, tokens_out=2, cost=None)
    with spending.counting():
        Run._write(run)
        assert result.endpoint == before
        spending.count(SimpleNamespace(name="large", host="llm.example", usage=usage), 1.0, judged=True)
        Run._write(run)
        Run._write(run)
    kept = Comparison.model_validate_json((tmp_path / "result.json").read_text())
    assert (kept.endpoint.answers, kept.endpoint.tokens_in) == (5, 200)
