"""Scores equal scikit-learn's; intervals cover; curves, ranking rule, paired tests and verdicts are right."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from core.evaluate.detail import detail
from core.evaluate.intervals.uncertainty import Sampling
from core.evaluate.report import html
from core.evaluate.scores import score
from core.evaluate.verdict.checks import checks
from core.evaluate.verdict.verdict import verdict
from core.results.comparison import CandidateResult, Comparison, Detail, Difference, Interval, LearningPoint


@pytest.fixture(scope="module")
def three():
    random = np.random.default_rng(0)
    classes = ["a", "b", "c"]
    truth = random.choice(classes, 300, p=[0.5, 0.3, 0.2])
    likely = random.dirichlet([1, 1, 1], 300) + 0.8 * (truth[:, None] == np.array(classes))
    likely /= likely.sum(axis=1, keepdims=True)
    return classes, truth, np.array(classes)[likely.argmax(axis=1)], likely


def test_several_classes_equal_scikit_learn(three):
    classes, truth, said, likely = three
    found = score("multiclass", truth, said, likely, classes)
    hit = truth[:, None] == np.array(classes)
    expected = {
        "accuracy": metrics.accuracy_score(truth, said),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, said),
        "precision": metrics.precision_score(truth, said, average="macro"),
        "recall": metrics.recall_score(truth, said, average="macro"),
        "f1": metrics.f1_score(truth, said, average="macro"),
        "roc_auc": metrics.roc_auc_score(truth, likely, multi_class="ovr"),
        "average_precision": metrics.average_precision_score(hit, likely, average="macro"),
        "log_loss": metrics.log_loss(truth, likely),
        "brier": np.mean(((likely - hit) ** 2).sum(axis=1)),
    }
    assert {name: one.mean for name, one in found.items()} == pytest.approx(expected)
    assert all(one.low <= one.mean <= one.high for one in found.values())


def test_two_classes_equal_scikit_learn():
    random = np.random.default_rng(1)
    truth = random.choice(["no", "yes"], 200, p=[0.8, 0.2])
    yes = np.round(np.clip(0.3 * (truth == "yes") + random.random(200) * 0.7, 0, 1), 2)  # with ties
    likely = np.column_stack([1 - yes, yes])
    found = score("binary", truth, np.where(yes > 0.5, "yes", "no"), likely, ["no", "yes"])
    assert found["roc_auc"].mean == pytest.approx(metrics.roc_auc_score(truth == "yes", yes))
    assert found["average_precision"].mean == pytest.approx(metrics.average_precision_score(truth == "yes", yes))
    assert found["brier"].mean == pytest.approx(metrics.brier_score_loss(truth == "yes", yes))


def test_numbers_equal_scikit_learn():
    random = np.random.default_rng(2)
    truth = random.normal(5, 2, 150)
    said = truth + random.normal(0, 1, 150)
    found = score("regression", truth, said, None, [])
    assert found["r2"].mean == pytest.approx(metrics.r2_score(truth, said))
    assert found["rmse"].mean == pytest.approx(metrics.root_mean_squared_error(truth, said))
    assert found["mae"].mean == pytest.approx(metrics.mean_absolute_error(truth, said))


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    random = np.random.default_rng(3)
    covered = 0
    for _time in range(120):
        right = random.random(150) < 0.8
        said = np.where(right, "a", "b")
        one = score("binary", np.full(150, "a"), said, None, ["a", "b"])["accuracy"]
        covered += one.low <= 0.8 <= one.high
    assert 0.88 <= covered / 120 <= 1.0


@pytest.mark.parametrize(("said", "low", "high"), [("a", 0.8389, 1), ("b", 0, 0.1611)])  # Wilson's, for 20 rows
def test_twenty_rows_that_are_all_alike_do_not_make_sure(said, low, high):
    truth = np.full(20, "a")
    found = score("binary", truth, np.full(20, said), None, ["a", "b"])["accuracy"]
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))
    twice = np.tile(np.arange(20), 2)
    again = score("binary", np.tile(truth, 2), np.full(40, said), None, ["a", "b"], sampling=Sampling(twice, twice))
    assert again["accuracy"] == found


def test_a_class_nobody_has_or_says_does_not_disturb():
    truth = np.array(["a", "b"] * 20)
    likely = np.tile([0.5, 0.3, 0.2], (40, 1))
    found = score("multiclass", truth, np.full(40, "a"), likely, ["a", "b", "c"])
    assert found["recall"].mean == pytest.approx(metrics.recall_score(truth, np.full(40, "a"), average="macro"))
    only = score("binary", np.full(9, "a"), np.full(9, "a"), np.tile([0.9, 0.1], (9, 1)), ["a", "b"])
    assert only["accuracy"].mean == 1
    assert "roc_auc" not in only


def test_curves_have_scikit_learns_areas(three):
    classes, truth, said, likely = three
    found = detail("m", "multiclass", classes, truth, said, likely, dummy_scores={})
    for curve, label in zip(found.roc, [one.label for one in found.roc], strict=True):
        expected = metrics.roc_auc_score(truth == label, likely[:, classes.index(label)])
        assert curve.area == pytest.approx(expected)
    assert found.confusion == metrics.confusion_matrix(truth, said, labels=classes).tolist()
    assert [one.n_rows for one in found.classes] == [int((truth == label).sum()) for label in classes]


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


@pytest.mark.parametrize(
    ("score_of_llm", "low", "high", "code"),
    [(0.86, 0.03, 0.09, "worth_it"), (0.79, -0.04, 0.02, "not_worth_it"), (0.82, -0.01, 0.05, "too_close")],
)
def test_the_verdict_on_three_constructed_cases(score_of_llm, low, high, code):
    difference = Difference(mean=score_of_llm - 0.8, low=low, high=high, to="classical", p=0.1)
    found = judged(
        line("dummy", "dummy", 0.5),
        line("classical", "classical", 0.8),
        line("cooperative", "cooperative", score_of_llm, difference=difference, encoder="minilm"),
    )
    assert found.code == code
    assert found.numbers["gain"] == pytest.approx(100 * (score_of_llm - 0.8))
    assert "Classical, no LLM" in str(found.text)


def test_the_other_verdicts():
    assert judged().code == "nothing_finished"
    assert judged(line("dummy", "dummy", 0.8), line("columns", "columns", 0.81)).code == "no_better_than_guessing"
    assert judged(line("columns", "columns", 0.9)).code == "no_llm"
    assert judged(line("cooperative", "cooperative", 0.9, encoder="e5")).code == "no_rival"
    assert judged(line("cooperative:tfidf", "cooperative", 0.9, encoder="tfidf")).code == "no_llm"
    with_texts, without = (judged(line("auto", "auto", 0.9, encoder=encoder)) for encoder in ("minilm", ""))
    assert with_texts.code == without.code == "no_llm"
    assert "chooses among candidates with and without one" in str(with_texts.text)
    assert "No language model took part" in str(without.text)


def test_each_doubt_is_raised_by_its_fault():
    def found(mean, low, high, **more):
        spread = Interval(mean=mean, low=low, high=high)
        guess = Interval(mean=0.5, low=0.48, high=0.52)
        made = Detail(
            name="m", scores={"accuracy": spread, "balanced_accuracy": spread}, dummy_scores={"accuracy": guess}, **more
        )
        return set(checks(made, "accuracy", "binary"))

    assert found(0.8, 0.75, 0.85) == set()
    assert found(0.52, 0.49, 0.55) == {"no_better_than_guessing"}
    assert found(1.0, 0.99, 1.0) == {"suspiciously_perfect"}
    assert found(0.75, 0.6, 0.9) == {"wide_interval"}
    one = Interval(mean=0.5, low=0.1, high=0.9)
    small = [{"label": "x", "n_rows": 4, "precision": one, "recall": one, "f1": one}]
    assert found(0.8, 0.75, 0.85, classes=small) == {"small_class"}
    enough = [{**small[0], "label": label, "n_rows": 40} for label in ("x", "y")]
    assert found(0.8, 0.75, 0.85, classes=enough, confusion=[[40, 0], [40, 0]]) == {"never_predicted"}
    held_out = Interval(mean=0.8, low=0.75, high=0.85)
    assert found(0.8, 0.75, 0.85, learning=[LearningPoint(n_rows=90, train=1.0, validation=held_out)]) == {"overfitted"}


def test_the_report_shows_markup_as_text(three):
    classes, truth, said, likely = three
    shown = detail("<script>alert(1)</script>", "multiclass", classes, truth, said, likely, dummy_scores={})
    hostile = line("<script>alert(1)</script>", "columns", 0.8)
    result = Comparison(
        task="multiclass", target="<b>y</b>", metric="accuracy", classes=["<i>a</i>", "b", "c"], n_rows=300, folds=2,
        seed=0, candidates=[hostile], best=hostile.name,
    )  # fmt: skip
    page = html(result, {hostile.name: shown}, "en", title="<script>t</script>")
    assert "<script>" not in page
    assert "&lt;b&gt;y&lt;/b&gt;" in page
    assert "<polyline" in page
