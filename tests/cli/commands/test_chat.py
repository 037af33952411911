"""``chat``: facts come with numbers, and where an explanation would answer, the command that makes it."""

from __future__ import annotations

import json
import shlex

import pandas as pd
import pytest

from core.__main__ import main
from core.data.schema import write_model
from core.results.comparison import CandidateResult, Comparison, Interval, candidate_folder

QUESTION = "Which words make a ticket high?"


@pytest.fixture
def table(tmp_path):
    rows = [{"message": f"It is {['late', 'fine'][place % 2]} {place}", "priority": ["high", "low"][place % 2]}
            for place in range(30)]  # fmt: skip
    pd.DataFrame(rows).to_csv(tmp_path / "tickets.csv", index=False)
    return tmp_path / "tickets.csv"


@pytest.fixture
def run(tmp_path):
    """What ``compare --out`` would have left, without the models."""
    score = Interval(mean=0.8, low=0.7, high=0.9)
    line = CandidateResult(name="text-tfidf", mode="text-tfidf", status="ok", scores={"accuracy": score})
    result = Comparison(
        task="binary", target="priority", metric="accuracy", classes=["high", "low"], n_rows=30, folds=5, seed=0,
        candidates=[line], best="text-tfidf",
    )  # fmt: skip
    folder = tmp_path / "run"
    candidate_folder(folder, "text-tfidf").mkdir(parents=True)
    write_model(result, folder / "result.json")
    return folder


def asked(capfd, *arguments):
    capfd.readouterr()
    assert main(["chat", *map(str, arguments)]) == 0
    return capfd.readouterr()


def test_facts_have_numbers_and_say_where_they_stand(capfd, table, run):
    shown = asked(capfd, table, "Which model is best?", "--run", run).out
    assert "[1] Text only" in shown
    assert "0.800" in shown
    assert "(the leaderboard)" in shown


def test_what_an_explanation_would_answer_comes_with_its_command(capfd, table, run):
    told = asked(capfd, table, QUESTION, "--run", run)
    assert "there is none of this run yet" in told.err
    assert "explain" not in told.out  # no model was kept that could be explained
    bundle = candidate_folder(run, "text-tfidf") / "bundle"
    bundle.mkdir()
    told = asked(capfd, table, QUESTION, "--run", run)
    assert shlex.split(told.out.strip())[:6] == ["python", "-m", "core", "explain", str(bundle), str(table)]
    assert told.out.strip().endswith("--class high")


def test_json_has_the_whole_answer(capfd, table, run):
    found = json.loads(asked(capfd, table, QUESTION, "--run", run, "--json").out)
    assert found["offer"]["candidate"] == "text-tfidf"
    assert found["facts"] == []
