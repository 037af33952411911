"""Two candidates on the same rows: differences and when they are sure."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from core.evaluate.detail import detail
from core.evaluate.intervals.influence import measured
from core.evaluate.intervals.paired_tests import difference
from core.evaluate.intervals.uncertainty import Sampling
from core.evaluate.metrics import point
from core.evaluate.ranking import positive_class
from core.evaluate.scores import score
from core.evaluate.verdict.verdict import verdict
from core.results.comparison import CandidateResult, Comparison, Difference, Interval


def test_both_ends_of_an_interval_leave_out_one_draw_in_forty():
    random = np.random.default_rng(6)
    truth, said = np.full(3000, "a"), np.where(random.random(3000) < 0.7, "a", "b")
    other = np.where(random.random(3000) < 0.7, "a", "b")
    error = (0.7 * 0.3 / 3000) ** 0.5
    one = score("binary", truth, said, None, ["a", "b"])["accuracy"]
    assert [(one.mean - one.low) / error, (one.high - one.mean) / error] == pytest.approx([1.96, 1.96], abs=0.12)
    mine, others = (measured("binary", truth, one, None, ["a", "b"])["accuracy"] for one in (said, other))
    gain = difference("accuracy", mine, others, Sampling.alone(3000), to="x")
    error = np.std((said == truth).astype(float) - (other == truth)) / 3000**0.5
    ends = [(gain.mean - gain.low) / error, (gain.high - gain.mean) / error]
    assert ends == pytest.approx([1.96, 1.96], abs=0.12)


def test_where_folds_train_on_each_others_rows_a_gain_in_a_loss_is_less_sure():
    random = np.random.default_rng(8)
    truth = random.normal(size=400)
    mine, other = (measured("regression", truth, truth + random.normal(size=400), None, [])["r2"] for _arm in range(2))
    rows = np.arange(400)
    single, crossed = (difference("r2", mine, other, Sampling(rows, rows, times), to="x") for times in (1.0, 1.25))
    assert crossed.mean == single.mean
    assert (crossed.high - crossed.low) / (single.high - single.low) == pytest.approx(1.75**0.5)
    right, wrong = (measured("binary", np.array(["a"] * 4), np.array(said), None, ["a", "b"])["accuracy"]
                    for said in (list("aaab"), list("abab")))  # fmt: skip
    of_four = difference("accuracy", right, wrong, Sampling(np.arange(4), np.arange(4), 1.25), to="x")
    # influences (-1, 3, -1, -1)/16: 1.25 · 4/3 · 12/256, and one row of four more; Student's of 3 is 3.182
    assert of_four.high - of_four.mean == pytest.approx(3.182 * (1.25 * 4 / 3 * 12 / 256 + 1 / 16) ** 0.5, abs=1e-3)


def test_the_positive_class_of_the_whole_comparison_goes_over_that_of_the_rows():
    truth, yes = np.array(["1", "1", "1", "0"]), np.array([0.9, 0.2, 0.6, 0.4])
    likely = np.column_stack([1 - yes, yes])
    told = ("binary", truth, np.where(yes > 0.5, "1", "0"), likely, ["0", "1"])
    assert positive_class(truth, ["0", "1"]) == "1"
    for positive in ("0", "1"):
        expected = metrics.average_precision_score(truth == positive, likely[:, int(positive)])
        assert point("average_precision", *told, positive=positive) == pytest.approx(expected)
        found = score(*told, positive=positive)["average_precision"]
        assert found.mean == pytest.approx(expected)
        assert detail("m", *told[:1], told[4], *told[1:4], dummy_scores={}, positive=positive).positive == positive
    wrong = (*told[:3], likely[:, ::-1], told[4])
    mine, others = (measured(*one, positive="0")["average_precision"] for one in (told, wrong))
    gain = difference("average_precision", mine, others, Sampling.alone(4), to="x")
    expected = metrics.average_precision_score(truth == "0", 1 - yes) - metrics.average_precision_score(
        truth == "0", yes
    )
    assert gain.mean == pytest.approx(expected)


def line(name, mode, mean, *, difference=None, encoder=""):
    spread = Interval(mean=mean, low=mean - 0.02, high=mean + 0.02)
    return CandidateResult(
        name=name, mode=mode, encoder=encoder, status="ok", scores={"accuracy": spread}, fit_seconds=2.0,
        size_mb=90.0, difference=difference,
    )  # fmt: skip


def judged(*lines):
    return verdict(
        Comparison(task="binary", target="y", metric="accuracy", n_rows=500, folds=5, seed=0, candidates=list(lines))
    )


def test_no_gain_is_not_minus_zero_points():
    difference = Difference(mean=0.0, low=-0.0004, high=0.0004, to="classical", p=1.0)
    found = judged(
        line("classical", "classical", 0.8),
        line("cooperative", "cooperative", 0.8, difference=difference, encoder="minilm"),
    )
    assert found.code == "not_worth_it"
    assert "-0.0" not in str(found.text)
