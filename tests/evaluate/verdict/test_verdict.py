"""Three constructed comparisons end in the right verdict, and the sentence says gain, interval, price and how sure."""

from __future__ import annotations

import re

import numpy as np
import pytest

from core.evaluate.verdict.verdict import verdict
from core.messages import translate
from core.results.comparison import CandidateResult, Comparison, Difference, Interval

PLAIN = [0.80, 0.82, 0.79, 0.81, 0.80]
CASES = {
    "worth_it": [0.85, 0.86, 0.84, 0.86, 0.85],
    "not_worth_it": [0.77, 0.78, 0.76, 0.77, 0.77],
    "too_close": [0.84, 0.80, 0.81, 0.80, 0.83],
}


def candidate(name, mode, fold_scores, metric, **more):
    mean = sum(fold_scores) / len(fold_scores)
    spread = Interval(mean=mean, low=mean - 0.03, high=mean + 0.03)
    return CandidateResult(name=name, mode=mode, status="ok", scores={metric: spread}, fold_scores=fold_scores, **more)


def gained(mine, others):
    """A gain with an interval that is as wide as these scores differ."""
    apart = np.asarray(mine) - np.asarray(others)
    reach = 2.7764451 * float(apart.std(ddof=1)) * 0.45**0.5
    mean = float(apart.mean())
    return Difference(mean=mean, low=mean - reach, high=mean + reach, to="classical", p=0.5)


def judged(llm_scores, *, metric="accuracy", seconds=40.0, plain_scores=PLAIN):
    plain = candidate("classical", "classical", plain_scores, metric, model="linear", fit_seconds=2.0)
    llm = candidate(
        "cooperative", "cooperative", llm_scores, metric, encoder="minilm", model="linear", fit_seconds=seconds,
        size_mb=90.6, difference=gained(llm_scores, plain_scores),
    )  # fmt: skip
    guess = candidate("dummy", "dummy", [0.1] * 5, metric)
    return verdict(
        Comparison(
            task="regression" if metric == "r2" else "binary", target="y", metric=metric, n_rows=500, folds=5, seed=0,
            candidates=[guess, plain, llm],
        )
    )  # fmt: skip


@pytest.mark.parametrize("code", CASES)
def test_the_code_is_right(code):
    assert judged(CASES[code]).code == code


@pytest.mark.parametrize("code", CASES)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_sentence_says_gain_interval_price_and_both_names(code, language):
    found = judged(CASES[code])
    text = translate(found.text, language)
    numbers = found.numbers
    assert not re.search(r"[{}]|None|nan|[-−]0\.0\b", text)
    for figure in (abs(numbers["gain"]), numbers["low"], numbers["high"]):
        assert f"{figure:.1f}".replace("-", "−") in text
    assert "38 " in text
    assert "91 MB" in text
    assert "95 %" in text
    assert translate(found.text.params["llm"], language) in text
    assert translate(found.text.params["plain"], language) in text


def test_worth_it_reads_well():
    assert str(judged(CASES["worth_it"]).text) == (
        "Worth it: with a language model, Cooperative · MiniLM (English) · Logistic regression gains 4.8 points in "
        "accuracy over Classical, no LLM · Logistic regression, the best without one on the same columns and texts. "
        "The 95 % interval of the gain, 4.0 to 5.6 points, lies above zero, so chance alone is an unlikely reason. Its "
        "price: 38 s more training and 91 MB."
    )


def test_not_worth_it_reads_well():
    assert str(judged(CASES["not_worth_it"]).text) == (
        "Not worth it here: on the same columns and texts, Classical, no LLM · Logistic regression needs no language "
        "model and reaches accuracy 0.804; Cooperative · MiniLM (English) · Logistic regression loses 3.4 points "
        "against it. The 95 % interval of the gain, −4.4 to −2.4 points, holds no gain at all. Its price would be: 38 "
        "s more training and 91 MB."
    )


def test_too_close_reads_well():
    assert str(judged(CASES["too_close"]).text) == (
        "Too close to call: Cooperative · MiniLM (English) · Logistic regression is 1.2 points ahead of Classical, no "
        "LLM · Logistic regression, the best without a language model on the same columns and texts, in accuracy, but "
        "the 95 % interval of the gain, −3.6 to 6.0 points, includes zero, so it may be chance. More rows would tell. "
        "Its price: 38 s more training and 91 MB."
    )


def test_chinese_reads_as_chinese():
    for scores in CASES.values():
        text = translate(judged(scores).text, "zh_CN")
        english = set(re.findall(r"[A-Za-z-]{3,}", text)) - {"MiniLM", "TF-IDF"}
        assert not english, text


def test_a_loss_with_room_for_a_gain_that_matters_is_too_close():
    noisy = [0.70, 0.90, 0.74, 0.88, 0.79]
    found = judged(noisy)
    assert found.numbers["gain"] < 0
    assert found.code == "too_close"
    assert "from worse to clearly better" in str(found.text)


def test_a_small_sure_loss_leaves_no_room():
    found = judged([0.798, 0.822, 0.788, 0.812, 0.798])
    assert found.code == "not_worth_it"
    assert "at least as good without a language model" in str(found.text)


def test_r2_gains_no_points():
    text = str(judged([score + 0.031 for score in PLAIN[:4]] + [0.84], metric="r2").text)
    assert "points" not in text
    assert "gains 0.033 in R²" in text


def test_long_training_is_given_in_minutes():
    assert "5 min more training" in str(judged(CASES["worth_it"], seconds=302.0).text)


def test_a_language_model_that_trains_faster_costs_no_time():
    found = judged(CASES["worth_it"], seconds=1.0)
    assert found.numbers["seconds"] == 0
    assert "no more training time, but 91 MB" in str(found.text)


def lines_of_a_loss(llm_mean, **more):
    """Log loss, of which less is better: guessing .70, without a language model .50, with one as given, each ± .03."""
    guess, plain = (candidate(name, name, [mean], "log_loss") for name, mean in (("dummy", 0.7), ("classical", 0.5)))
    llm = candidate("cooperative", "cooperative", [llm_mean], "log_loss", encoder="minilm", fit_seconds=9.0, **more)
    return verdict(
        Comparison(
            task="binary", target="y", metric="log_loss", n_rows=500, folds=5, seed=0, candidates=[guess, plain, llm]
        )
    )  # fmt: skip


@pytest.mark.parametrize(("mean", "code"), [(0.4, "worth_it"), (0.48, "too_close"), (0.6, "not_worth_it")])
def test_without_a_gain_by_pairs_both_intervals_tell_and_a_smaller_loss_is_better(mean, code):
    found = lines_of_a_loss(mean)
    reach = 0.03 * 2**0.5  # of a difference of two that are 0.03 wide either way
    assert found.code == code
    assert [found.numbers[name] for name in ("gain", "low", "high")] == pytest.approx(
        [0.5 - mean, 0.5 - mean - reach, 0.5 - mean + reach]
    )


def test_a_loss_counts_as_better_than_guessing_by_its_unlucky_end():
    """.67 + .03 is what guessing gets."""

    def alone(mean):
        lines = [
            candidate("dummy", "dummy", [0.7], "log_loss"),
            candidate("classical", "classical", [mean], "log_loss"),
        ]
        return verdict(
            Comparison(task="binary", target="y", metric="log_loss", n_rows=9, folds=5, seed=0, candidates=lines)
        ).code

    assert (alone(0.68), alone(0.66)) == ("no_better_than_guessing", "no_llm")
