"""The best of several is ahead by luck too: how often "worth it" is said where no language model is any better."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.evaluate.intervals.influence import measured, share_of_right
from core.evaluate.intervals.paired_tests import difference, joint_differences
from core.evaluate.intervals.uncertainty import Sampling
from core.evaluate.verdict.verdict import verdict
from core.messages import translate
from core.results.comparison import CandidateResult, Comparison, Difference, Interval

LLMS = tuple(f"cooperative:minilm+{model}" for model in ("linear", "forest", "boosting", "svm-linear", "knn", "mlp"))
N = 800  # simulated comparisons
BOLD = 0.025  # of all, the share that may be called worth it by luck


def spread(mean, reach=0.03):
    return {"accuracy": Interval(mean=mean, low=mean - reach, high=mean + reach)}


def line(name, mean, found=None):
    mode = name.split(":")[0]
    encoder = "minilm" if mode == "cooperative" else ""
    return CandidateResult(
        name=name, mode=mode, encoder=encoder, status="ok", scores=spread(mean), difference=found, fit_seconds=1.0,
        size_mb=90.0,
    )  # fmt: skip


def judged(lines, folds=5):
    guess = CandidateResult(name="dummy", mode="dummy", status="ok", scores=spread(0.1))
    return verdict(
        Comparison(
            task="binary", target="y", metric="accuracy", n_rows=500, folds=folds, seed=0, candidates=[guess, *lines]
        )
    )


def compared(random, sampling, n):
    """Seven candidates, each right on eight of ten rows, the same ones more often than not; none is any better."""
    units = random.normal(size=(7, n))[:, sampling.units] * 0.4
    right = random.normal(size=n) + units + random.normal(size=(7, n)) < 2.16**0.5 * stats.norm.ppf(0.8)
    plain, *others = (share_of_right(one.astype(float)) for one in right)
    found = joint_differences("accuracy", dict(zip(LLMS, others, strict=True)), plain, sampling, to="classical")
    lines = [line(name, one.value, found[name]) for name, one in zip(LLMS, others, strict=True)]
    return [line("classical", plain.value), *lines]


@pytest.mark.parametrize("n_units", [200, 50])
def test_worth_it_is_rarely_said_where_six_language_models_gain_nothing(n_units):
    random, sampling = np.random.default_rng(0), Sampling(np.arange(200), np.arange(200) % n_units)
    said = hopeful = covered = 0
    for _time in range(N):
        lines = compared(random, sampling, 200)
        best = max(lines[1:], key=lambda one: one.scores["accuracy"].mean)
        said += judged(lines).code == "worth_it"
        hopeful += best.difference.low > 0
        covered += all(one.difference.joint_low <= 0 <= one.difference.joint_high for one in lines[1:])
    assert stats.binomtest(said, N, BOLD, alternative="greater").pvalue > 0.01
    assert stats.binomtest(hopeful, N, BOLD, alternative="greater").pvalue < 0.01
    assert covered >= 0.93 * N


def test_rows_of_a_group_drawn_alone_would_be_bold():
    random, rows = np.random.default_rng(1), np.arange(400)
    grouped, alone = Sampling(rows, rows % 20), Sampling.alone(400)
    bold = {"grouped": 0, "alone": 0}
    for _time in range(400):
        lead = random.normal(0, 1, 20)[rows % 20] + random.normal(size=400)  # the groups, not the rows, decide
        first, second = share_of_right((lead > 1.0).astype(float)), share_of_right((lead < -1.0).astype(float))
        for name, sampling in (("grouped", grouped), ("alone", alone)):
            bold[name] += difference("accuracy", first, second, sampling, to="x").low > 0
    assert bold["grouped"] <= 0.045 * 400
    assert bold["alone"] > 0.1 * 400


def test_a_difference_by_hand():
    # right on 80 and 70 of 100, 70 in common: 10 rows gain 1, 90 gain 0. Variance .09 / 99, and one row more
    truth = np.array(["a"] * 100)
    mine = measured("binary", truth, np.array(["a"] * 80 + ["b"] * 20), None, ["a", "b"])["accuracy"]
    other = measured("binary", truth, np.array(["a"] * 70 + ["b"] * 30), None, ["a", "b"])["accuracy"]
    error = (0.09 / 99 + 0.0001) ** 0.5
    found = difference("accuracy", mine, other, Sampling.alone(100), to="other")
    assert (found.mean, found.to, found.joint_low) == (pytest.approx(0.1), "other", None)
    assert found.low == pytest.approx(0.1 - 1.984217 * error)
    assert found.high == pytest.approx(0.1 + 1.984217 * error)
    assert found.p == pytest.approx(2 * stats.t.sf(0.1 / error, 99))
    wider = difference("accuracy", mine, other, Sampling(np.arange(100), np.arange(100), 1.25), to="other")
    assert wider.low == pytest.approx(0.1 - 1.984217 * (1.25 * 0.09 / 99 + 0.0001) ** 0.5)


def test_less_is_better_of_a_loss():
    truth, said = np.arange(20.0), np.arange(20.0)
    near, far = (measured("regression", truth, said + off * (-1) ** np.arange(20), None, [])["mae"] for off in (1, 2))
    assert difference("mae", near, far, Sampling.alone(20), to="far").mean == pytest.approx(1)


def test_four_rows_that_only_one_gets_right_prove_nothing():
    # McNemar's exact test says .125 for 4 : 0; without one row more the interval would lie above zero
    truth = np.array(["a"] * 200)
    mine = measured("binary", truth, truth, None, ["a", "b"])["accuracy"]
    other = measured("binary", truth, np.array(["b"] * 4 + ["a"] * 196), None, ["a", "b"])["accuracy"]
    found = difference("accuracy", mine, other, Sampling.alone(200), to="other")
    assert found.low < 0 < found.mean
    assert found.p > 0.05


def test_those_that_say_the_same_gain_nothing_but_are_not_proved_equal():
    truth = np.array(["a", "b"] * 50)
    same = measured("binary", truth, truth, None, ["a", "b"])["accuracy"]
    found = difference("accuracy", same, same, Sampling.alone(100), to="other")
    assert (found.mean, found.p) == (0, 1)
    assert found.low == pytest.approx(-0.0198, abs=1e-4)


def test_one_candidate_was_not_chosen():
    random, sampling = np.random.default_rng(0), Sampling.alone(100)
    mine, other = (share_of_right((random.random(100) < share).astype(float)) for share in (0.9, 0.7))
    found = joint_differences("accuracy", {"only": mine}, other, sampling, to="x")["only"]
    assert (found.joint_low, found.joint_high) == (pytest.approx(found.low), pytest.approx(found.high))
    assert joint_differences("accuracy", {}, other, sampling, to="x") == {}


def four(joint_low):
    found = Difference(
        mean=0.04, low=0.03, high=0.05, to="classical", p=0.01, joint_low=joint_low, joint_high=0.08 - joint_low
    )
    return judged(
        [line("classical", 0.8), line(LLMS[0], 0.84, found), *(line(name, 0.8) for name in LLMS[1:4])], folds=1
    )


def test_the_verdict_says_that_the_best_of_four_was_chosen():
    found = four(0.027)
    assert found.code == "worth_it"
    assert "2.7 to 5.3 points (widened because the best of 4 was chosen), lies above zero" in str(found.text)
    assert "2.7 到 5.3 个百分点（因从 4 个中选出最好的，已放宽）" in translate(found.text, "zh_CN")
    assert found.numbers["candidates"] == 4
    assert found.numbers["low"] == pytest.approx(2.7)


def test_a_gain_that_only_the_best_of_four_would_have_is_too_close():
    assert four(-0.001).code == "too_close"


def test_a_difference_of_an_old_run_has_no_joint_interval():
    old = {"mean": 0.04, "low": 0.03, "high": 0.05, "to": "classical", "p": 0.01, "row_low": 0.02, "row_high": 0.06}
    found = judged([line("classical", 0.8), line(LLMS[0], 0.84, Difference.model_validate(old))])
    assert (found.code, found.numbers["low"]) == ("worth_it", pytest.approx(3))


def test_the_best_of_many_guesses_is_no_better_than_guessing():
    random, sampling = np.random.default_rng(5), Sampling.alone(150)
    bold = 0
    for _time in range(300):
        right = {f"columns+m{place}": share_of_right((random.random(150) < 0.5) * 1.0) for place in range(10)}
        dummy = share_of_right((random.random(150) < 0.5) * 1.0)
        found = joint_differences("accuracy", right, dummy, sampling, to="dummy")
        lines = [line(name, one.value).model_copy(update={"over_guessing": found[name]}) for name, one in right.items()]
        guess = CandidateResult(name="dummy", mode="dummy", status="ok", scores=spread(dummy.value))
        result = Comparison(
            task="binary", target="y", metric="accuracy", n_rows=150, folds=1, seed=0, candidates=[guess, *lines]
        )
        bold += verdict(result).code != "no_better_than_guessing"
    assert bold <= 0.045 * 300
