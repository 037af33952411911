"""One form for a figure, a duration and a size, wherever it is shown."""

from __future__ import annotations

import io
from contextlib import redirect_stderr

import pytest

from core.cli.printed import leaderboard as in_terminal
from core.cli.terminal import Terminal
from core.evaluate.report import html
from core.evaluate.verdict.verdict import verdict
from core.messages import translate
from core.results.amounts import (
    decimals,
    duration,
    figure,
    gain,
    gain_at_best,
    gain_interval,
    gain_with_interval,
    size,
)
from core.results.comparison import CandidateResult, Comparison, Difference, Interval
from pages.shared import numbers
from pages.shared.runs.board import ranking


@pytest.mark.parametrize(
    ("megabytes", "shown"),
    [(0.0304, "0.030 MB"), (0.4, "0.40 MB"), (1.04, "1.0 MB"), (90.6, "91 MB"), (1234.0, "1.2 GB"), (None, "–")],
)
def test_a_small_size_is_not_rounded_to_nothing(megabytes, shown):
    assert str(size(megabytes)) == numbers.megabytes(megabytes) == shown


@pytest.mark.parametrize(
    ("metric", "ends", "shown"),
    [
        ("f1", (0.03, -0.004, 0.064), ("3.0 points", "6.4 points", "−0.4 to 6.4 points", "+3.0 points (−0.4 to +6.4)")),
        ("f1", (-0.0004, -0.02, 0), ("0.0 points", "0.0 points", "−2.0 to 0.0 points", "+0.0 points (−2.0 to +0.0)")),
        ("r2", (-0.033, -0.041, -0.025), ("0.033", "−0.025", "−0.041 to −0.025", "−0.033 (−0.041 to −0.025)")),
        ("rmse", (1234.5, 1200.1, 1270.2), ("1,234", "1,270", "1,200 to 1,270", "+1,234 (+1,200 to +1,270)")),
    ],
)  # fmt: skip
def test_a_gain_reads_the_same_wherever_it_is_told(metric, ends, shown):
    found = Interval(mean=ends[0], low=ends[1], high=ends[2])
    assert tuple(str(say(found, metric)) for say in (gain, gain_at_best, gain_interval, gain_with_interval)) == shown


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0.82, "0.82 s", "0.82 秒"),
        (38.4, "38 s", "38 秒"),
        (70, "1 min 10 s", "1 分 10 秒"),
        (300, "5 min", "5 分钟"),
        (59.6, "1 min", "1 分钟"),
        (3599, "59 min 59 s", "59 分 59 秒"),
        (3600, "1 h 0 min", "1 小时 0 分"),
        (7500, "2 h 5 min", "2 小时 5 分"),
        (None, "–", "–"),
    ],
)
def test_durations_in_both_languages(seconds, english, chinese):
    assert [translate(duration(seconds), language) for language in ("en", "zh_CN")] == [english, chinese]
    assert numbers.seconds(seconds) == english


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.8123, "0.812"), (41234.5, "41,234"), (0.00002, "2e-05"), (0, "0"), (None, "–"), (float("nan"), "–")],
)
def test_figures_have_the_digits_that_count(value, shown):
    assert figure(value) == numbers.figure(value) == shown


@pytest.fixture
def compared() -> Comparison:
    def line(name: str, mean: float, **more) -> CandidateResult:
        score = Interval(mean=mean, low=mean - 0.01, high=mean + 0.01)
        return CandidateResult(
            name=name, mode=name, status="ok", scores={"accuracy": score}, fold_scores=[mean] * 5, **more
        )

    gain = Difference(to="classical", mean=0.1, low=0.08, high=0.12, p=0.001)
    found = Comparison(
        task="binary", target="y", metric="accuracy", classes=["no", "yes"], n_rows=500, folds=5, seed=0, best="llm",
        candidates=[
            line("classical", 0.8, model="linear", fit_seconds=0.0, size_mb=0.03),
            line("cooperative", 0.9, encoder="minilm", model="linear", fit_seconds=125.4, size_mb=0.42,
                 difference=gain),
        ],
    )  # fmt: skip
    return found.model_copy(update={"verdict": verdict(found)})


def test_leaderboard_verdict_report_and_terminal_show_the_same_cost(compared, capfd):
    llm = compared.candidate("cooperative")
    assert ranking.costs(llm) == "2 min 5 s · 0.42 MB"
    report = html(compared, {}, "en", title="Run")
    with redirect_stderr(io.StringIO()), Terminal("en") as terminal:
        in_terminal.show(compared, terminal)
    printed = capfd.readouterr().out
    for place in (str(compared.verdict.text), report, printed):
        assert "2 min 5 s" in place
        assert "0.42 MB" in place
    assert "0.030 MB" in report
    assert "0.030 MB" in printed


def test_a_size_that_is_not_known_yet_is_not_shown_as_nothing(compared):
    running = compared.model_copy(deep=True)
    for line in running.candidates:
        line.size_mb = None
    assert ranking.costs(running.candidate("cooperative")) == "2 min 5 s"
    assert "MB" not in str(verdict(running).text)
    assert str(verdict(running).text).endswith("2 min 5 s more training.")


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (12.34, 3, "12.3"), (1234.6, 3, "1,235"), (-0.8123, 3, "-0.812"), (-1234.6, 3, "-1,235"), (7.0, 1, "7"),
        (0.5, 1, "0.5"), (100.4, 3, "100"), (99.96, 3, "100"), (99.94, 3, "99.9"), (0.9996, 3, "1.00"),
        (9.96, 2, "10"), (9.94, 2, "9.9"), (0.0001, 3, "0.000100"), (0.000099, 3, "9.9e-05"),
        (0.00001234, 3, "1.23e-05"),
    ],
)  # fmt: skip
def test_figures_by_hand(value, digits, shown):
    assert figure(value, digits) == shown


@pytest.mark.parametrize(
    ("mean", "low", "high", "places"),
    [
        (100, 99, 101, 0), (99, 98.9, 99.1, 2), (-20, -150, 10, 0), (20, 10, 150, 0),
        (0.8, 0.79, 0.81, 3), (0.8, 0.798, 0.802, 3),  # never more digits of the number than three
        (0.8, 0.6, 1.0, 2), (0.01, -0.06, 0.08, 2), (50, 40, 60, 0), (5, 4.4, 5.6, 1), (5, 4.94, 5.06, 2),
        (0.001, 0.0009, 0.0011, 4), (5.0, 4.99995, 5.00005, 2),
        (0.5, 0.5, 0.5, 3), (5.0, 5.0, 5.0, 2), (0.00001, 0.00001, 0.00001, 4), (0.0, 0.0, 0.0, 4), (50, 50, 50, 1),
    ],
)  # fmt: skip
def test_decimals_by_hand(mean, low, high, places):
    assert decimals(Interval(mean=mean, low=low, high=high)) == places


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"), (9.94, "9.9 s"), (9.99, "10 s"), (10, "10 s"), (10.6, "11 s"), (59.4, "59 s"), (60, "1 min"),
        (61, "1 min 1 s"), (119.6, "2 min"), (3540, "59 min"), (3599.6, "1 h 0 min"), (3661, "1 h 1 min"),
        (2 * 3600 + 59 * 60 + 59, "2 h 59 min"), (float("inf"), "–"), (float("nan"), "–"),
    ],
)  # fmt: skip
def test_durations_at_the_ends_of_their_units(seconds, shown):
    assert str(duration(seconds)) == shown


@pytest.mark.parametrize(("megabytes", "shown"), [(999.0, "999 MB"), (1000.0, "1.0 GB"), (float("inf"), "–")])
def test_sizes_at_the_end_of_megabytes(megabytes, shown):
    assert str(size(megabytes)) == shown
