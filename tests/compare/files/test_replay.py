"""A run that had a budget is repeated exactly: the same candidates, the same trials, the same scores."""

from __future__ import annotations

import json

import pytest

from core.__main__ import main
from core.compare.comparison import compare
from core.compare.files.replay import plan_of
from core.data.schema import read_model
from core.jobs.context import Context
from core.messages import UnreadableFile
from core.plan import EncoderChoice, Plan, Search, Validation
from core.results.comparison import Comparison
from core.workspace import Workspace
from tests.fuse.tables import tickets


@pytest.fixture
def context(tmp_path):
    return Context(Workspace(tmp_path / "home"), "me", "job", tmp_path / "run", threads=2)


@pytest.mark.slow
def test_a_replay_tries_what_was_tried_and_ends_alike(context, tmp_path):
    table, schema = tickets(120)
    plan = Plan(
        target="mood",
        candidates=["dummy", "columns+tree", "auto"],
        encoders={"text": EncoderChoice(name="bow")},
        search=Search(trials=50, budget_seconds=0.3),
        validation=Validation(folds=2),
        budget_seconds=12.0,
    )
    first = compare(table, schema, plan, context.folder, context)
    finished = [line.name for line in first.candidates if line.status == "ok"]
    assert "columns+tree" in finished
    again = plan_of(context.folder)
    assert again.candidates == finished
    assert again.budget_seconds is None
    second = compare(table, schema, again, tmp_path / "again", context)
    for name in finished:
        assert second.candidate(name).scores == first.candidate(name).scores
        assert second.candidate(name).fold_scores == first.candidate(name).fold_scores


def test_the_command_repeats_a_kept_run(tmp_path, capfd, monkeypatch):
    monkeypatch.setenv("AMALGAM_HOME", str(tmp_path / "home"))
    table, _schema = tickets(80)
    table.to_csv(tmp_path / "t.csv", index=False)
    base = ["compare", str(tmp_path / "t.csv"), "--target", "mood", "--json"]
    first = [*base, "--candidates", "dummy,columns+tree", "--folds", "2", "--trials", "3", "--out", str(tmp_path / "a")]
    assert main(first) == 0
    told = json.loads(capfd.readouterr().out)
    assert main([*base, "--replay", str(tmp_path / "a")]) == 0
    repeated = json.loads(capfd.readouterr().out)
    assert [line["scores"] for line in repeated["candidates"]] == [line["scores"] for line in told["candidates"]]
    assert read_model(Comparison, tmp_path / "a" / "result.json") is not None


def test_a_folder_that_is_no_run_is_one_sentence(tmp_path):
    with pytest.raises(UnreadableFile, match="is not the folder of a run"):
        plan_of(tmp_path)
