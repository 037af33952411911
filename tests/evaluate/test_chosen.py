"""The best of several is ahead by luck too: how often "worth it" is said where no language model is any better."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.evaluate.compare import among_several, paired, paired_rows
from core.evaluate.result import Candidate, Comparison, Difference, Interval
from core.evaluate.verdict import verdict
from core.messages import translate

LLMS = tuple(f"cooperative:minilm+{model}" for model in ("linear", "forest", "boosting", "svm-linear", "knn", "mlp"))
N = 800  # simulated comparisons
BOLD = 0.05


def spread(mean, reach=0.03):
    return {"accuracy": Interval(mean=mean, low=mean - reach, high=mean + reach)}


def line(name, scores, difference=None):
    mode, mean = name.split(":")[0], float(np.mean(scores))
    encoder = "minilm" if mode == "cooperative" else ""
    return Candidate(
        name=name, mode=mode, encoder=encoder, status="ok", scores=spread(mean), fold_scores=list(scores),
        difference=difference, fit_seconds=1.0, size_mb=90.0,
    )  # fmt: skip


def judged(lines, folds=5):
    guess = Candidate(name="dummy", mode="dummy", status="ok", scores=spread(0.1))
    return verdict(
        Comparison(
            task="binary", target="y", metric="accuracy", n_rows=500, folds=folds, seed=0, candidates=[guess, *lines]
        )
    )


def over_folds(random):
    """Five folds of seven equally good candidates, correlated as Nadeau and Bengio suppose: by n_test / n = 1/5."""
    shared, own = random.normal(0, 0.02 * 0.2**0.5, (7, 1)), random.normal(0, 0.02 * 0.8**0.5, (7, 5))
    plain, *scores = 0.8 + shared + own
    lines = [
        line(name, each, paired("accuracy", list(each), list(plain), 400, 100, to="columns"))
        for name, each in zip(LLMS, scores, strict=True)
    ]
    return [line("columns", plain), *lines]


def over_rows(random):
    """200 held-out rows; each candidate is right on eight of ten, the same ones more often than not."""
    hard = random.normal(size=200)
    right = hard + random.normal(size=(7, 200)) < 2**0.5 * stats.norm.ppf(0.8)
    said = np.where(right, "a", "b")
    truth = np.full(200, "a")
    best = int(right[1:].mean(axis=1).argmax())
    gain = paired_rows(
        "binary", "accuracy", truth, said[1 + best], None, said[0], None, ["a", "b"], to="columns", resamples=200,
        seed=int(random.integers(1 << 30)),
    )  # fmt: skip
    lines = [line(name, [right[1 + place].mean()], gain if place == best else None) for place, name in enumerate(LLMS)]
    return [line("columns", [right[0].mean()]), *lines]


@pytest.mark.parametrize(("simulated", "folds", "n"), [(over_folds, 5, N), (over_rows, 1, N // 2)])
def test_worth_it_is_rarely_said_where_six_language_models_gain_nothing(simulated, folds, n):
    random = np.random.default_rng(0)
    said = hopeful = 0
    for _time in range(n):
        lines = simulated(random)
        said += judged(lines, folds).code == "worth_it"
        best = max(lines[1:], key=lambda one: one.scores["accuracy"].mean)
        hopeful += best.difference.low > 0
    assert stats.binomtest(said, n, BOLD, alternative="greater").pvalue > 0.01
    assert stats.binomtest(hopeful, n, BOLD, alternative="greater").pvalue < 0.01
    assert hopeful > 2 * said


def test_the_wider_interval_is_that_of_the_level_it_says():
    gain = paired("accuracy", [0.72, 0.74, 0.73, 0.75, 0.71], [0.7] * 5, 80, 20, to="other")
    found = among_several(gain, 5, 4)
    error = 0.0001125**0.5  # by hand in test_scores
    assert found.high == pytest.approx(0.03 + stats.t.ppf(1 - 0.0125 / 2, 4) * error)
    assert found.low == pytest.approx(0.03 - stats.t.ppf(1 - 0.0125 / 2, 4) * error)
    # over rows a normal distribution is taken: 2.4977 / 1.9600 for four candidates
    rows = among_several(Interval(mean=0.1, low=0.04, high=0.18), 0, 4)
    assert (rows.low, rows.high) == (
        pytest.approx(0.1 - 0.06 * 1.27438, abs=1e-4),
        pytest.approx(0.1 + 0.08 * 1.27438, abs=1e-4),
    )


def test_one_candidate_was_not_chosen():
    gain = Interval(mean=0.1, low=0.04, high=0.18)
    assert among_several(gain, 5, 1) == gain


def four(low):
    difference = Difference(mean=0.04, low=low, high=0.08 - low, to="columns", p=0.01)
    lines = [line(name, [0.8]) for name in LLMS[1:4]]
    return judged([line("columns", [0.8]), line(LLMS[0], [0.84], difference), *lines], folds=1)


def test_the_verdict_says_that_the_best_of_four_was_chosen():
    found = four(0.03)
    assert found.code == "worth_it"
    assert "2.7 to 5.3 points (widened because the best of 4 was chosen), lies above zero" in str(found.text)
    assert "2.7 到 5.3 个百分点（因从 4 个中选出最好的，已放宽）" in translate(found.text, "zh_CN")
    assert (found.numbers["candidates"], found.numbers["level"]) == (4, pytest.approx(0.9875))
    assert found.numbers["low"] == pytest.approx(100 * (0.04 - 0.01 * 1.27438), abs=0.01)


def test_a_gain_that_only_the_best_of_four_would_have_is_too_close():
    assert four(0.005).code == "too_close"


def test_folds_that_all_gain_the_same_leave_the_word_to_the_rows():
    alike = paired("accuracy", [0.9, 0.85, 0.95], [0.85, 0.8, 0.9], 40, 20, to="columns")
    assert (alike.high - alike.low, alike.mean, alike.p) == (0, pytest.approx(0.05), 0.25)
    over_rows = alike.model_copy(update={"row_low": -0.03, "row_high": 0.13})
    found = judged([line("columns", [0.85] * 3), line(LLMS[0], [0.9] * 3, over_rows)], folds=3)
    assert found.code == "too_close"
    assert (found.numbers["low"], found.numbers["high"]) == (pytest.approx(-3), pytest.approx(13))


def test_the_best_of_many_guesses_is_no_better_than_guessing():
    guess = Candidate(name="dummy", mode="dummy", status="ok", scores=spread(0.5))

    def code(n):
        lines = [line(f"columns+m{place}", [0.535 if place == 0 else 0.5]) for place in range(n)]
        return verdict(
            Comparison(
                task="binary", target="y", metric="accuracy", n_rows=500, folds=1, seed=0, candidates=[guess, *lines]
            )
        ).code

    assert code(1) == "no_llm"
    assert code(10) == "no_better_than_guessing"
