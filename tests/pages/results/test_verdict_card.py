"""The verdict's card, the ladder and the one click that trains the fair rival; on real small runs."""

from __future__ import annotations

import re

import pytest

from core.data.schema import read_model
from core.job_params import CompareParams
from core.jobs import client
from core.messages import say
from core.plan import Plan, Validation
from core.results.comparison import CandidateResult, Comparison, Difference, Interval, Rung, Verdict
from core.workspace import Workspace
from pages.results import ladder, verdict_card
from tests.fuse.tables import tickets
from tests.pages import trained
from tests.pages.conftest import OWNER, words


@pytest.fixture
def unfair(tmp_path, monkeypatch):
    """A language model was compared with half the table only.  →  workspace, run"""
    workspace = Workspace(tmp_path / "home")
    dataset = trained.read(workspace, tmp_path, paste=tickets(160)[0].to_csv(index=False), name="T", target="mood")
    names = ["dummy", "columns", "cooperative+linear"]
    plan = Plan(target="mood", task="binary", candidates=names, validation=Validation(kind="holdout"))
    run = trained.train(workspace, dataset, plan, "Unfair")
    monkeypatch.setenv("AMALGAM_HOME", str(tmp_path / "home"))
    return workspace, run


def result_of(workspace, run) -> Comparison:
    result = read_model(Comparison, client.folder(workspace, run) / "result.json")
    assert result is not None
    return result


def test_without_a_fair_rival_there_is_a_sentence_and_one_click_that_trains_it(unfair, open_page):
    workspace, run = unfair
    before = result_of(workspace, run)
    assert before.verdict.code == "no_rival"
    page = open_page("compare")
    assert not page.exception
    assert "Whether the language model was worth it can't be said" in words(page)
    assert "Worth it" not in words(page)
    next(button for button in page.button if button.label == "Train the fair rival").click().run()
    params = CompareParams.model_validate(client.get(workspace, run, OWNER).params)
    assert params.added == ["classical", "classical+boosting"]
    trained.carry_out(workspace, run)
    after = result_of(workspace, run)
    assert after.verdict.code in {"worth_it", "not_worth_it", "too_close"}
    assert after.verdict.rival in {"classical", "classical+boosting", "columns"}
    assert after.candidate("cooperative+linear").scores == before.candidate("cooperative+linear").scores
    page = open_page("compare")
    assert not page.exception
    assert not [button for button in page.button if button.label == "Train the fair rival"]
    assert not [warning for warning in page.warning if "other settings" in warning.value]


def judged(code, gain, low, high) -> Comparison:
    numbers = {"gain": gain, "low": low, "high": high}
    interval = Interval(mean=0.7, low=0.65, high=0.75)
    lines = [
        CandidateResult(name=name, mode=name, status="ok", scores={"accuracy": interval})
        for name in ("columns", "classical", "cooperative")
    ]
    rungs = [
        Rung(step="columns", name="columns", score=interval),
        Rung(step="words", name="classical", score=interval,
             gain=Difference(mean=0.186, low=0.149, high=0.223, to="columns", p=0.001)),
        Rung(step="frozen", name="cooperative", score=interval, seconds=4.0, megabytes=90.0,
             gain=Difference(mean=-0.01, low=-0.04, high=0.02, to="classical", p=0.5)),
    ]  # fmt: skip
    return Comparison(
        task="binary", target="y", metric="accuracy", n_rows=100, folds=5, seed=0, candidates=lines, ladder=rungs,
        verdict=Verdict(code=code, text=say("as it is"), numbers=numbers),
    )  # fmt: skip


@pytest.mark.parametrize("code", ["worth_it", "not_worth_it", "too_close"])
def test_each_verdict_has_a_word_and_its_interval_reaches_to_both_ends(code):
    assert verdict_card.words()[code]
    found = judged(code, 3.0, -0.4, 6.4).verdict
    assert verdict_card.amount(found, "accuracy") == "+3.0 points (−0.4 to +6.4)"
    chart = verdict_card.interval(found, "accuracy")
    dot = chart.data[0]
    assert dot.x[0] + dot.error_x.array[0] == pytest.approx(6.4)
    assert dot.x[0] - dot.error_x.arrayminus[0] == pytest.approx(-0.4)
    low, high = chart.layout.xaxis.range
    assert low < -0.4 < 6.4 < high
    assert low < 0 < high


def test_each_step_of_the_ladder_says_what_it_adds():
    result = judged("too_close", 1.0, -1.0, 3.0)
    assert [ladder.sentence(rung, "accuracy") for rung in result.ladder] == [
        "Columns alone",
        "+ word counts: +18.6 points (+14.9 to +22.3)",
        "+ frozen language model: −1.0 points (−4.0 to +2.0)",
    ]
    table = ladder.table(result)
    assert table["Gain"].tolist()[1:] == [0.186, -0.01]
    assert len(ladder.figure(result).layout.annotations) == 8


def test_the_rivals_to_train_are_those_that_are_not_finished():
    result = judged("no_rival", 0.0, 0.0, 0.0)
    assert verdict_card.rivals_to_train(result, 1) == ["classical+boosting"]
    assert verdict_card.rivals_to_train(result, 0) == ["columns+boosting"]  # there are no words to count


NARROW = 45  # characters of bold text that a telephone has room for


def test_no_line_of_the_ladder_is_cut_on_a_telephone_or_stands_beside_another():
    lines = ladder.figure(judged("too_close", 1.0, -1.0, 3.0)).layout.annotations
    assert max(len(re.sub("<[^>]*>", "", line.text)) for line in lines) <= NARROW
    assert len({(line.y, line.yshift) for line in lines}) == len(lines)
