"""The steps from columns alone to a language model trained on the target."""

from __future__ import annotations

from core.evaluate.verdict.ladder import rung_line, rungs_of
from core.results.comparison import Difference, Interval, Rung
from tests.evaluate.verdict.test_rival import LLM, comparison, line


def test_the_ladder_takes_the_best_of_each_step_and_leaves_out_what_was_not_trained():
    lines = [
        line("columns", 0.5),
        line("columns+boosting", 0.6),
        line("text-tfidf", 0.55),
        line("classical", 0.7),
        LLM,
        line("cooperative@words", 0.72, encoder="minilm"),
        line("joint", 0.74, encoder="minilm"),
        line("cooperative-tuned", 0.76, encoder="minilm"),
    ]
    steps = [(step, one.name) for step, one in rungs_of(comparison(*lines))]
    assert steps == [
        ("columns", "columns+boosting"),
        ("words", "classical"),
        ("frozen", "cooperative@words"),
        ("trained", "cooperative-tuned"),
    ]
    assert [step for step, _one in rungs_of(comparison(lines[0], LLM))] == ["columns", "frozen"]


def test_a_step_says_what_it_adds_and_what_it_costs():
    gain = Difference(mean=0.03, low=-0.01, high=0.07, to="classical", p=0.2)
    score = Interval(mean=0.71, low=0.69, high=0.73)
    rung = Rung(step="frozen", name="cooperative", score=score, gain=gain, seconds=4.21, megabytes=90.6)
    assert str(rung_line(rung, comparison(line("classical", 0.68), LLM))) == (
        "+ frozen language model: accuracy 0.710, adds +3.0 points (−1.0 to +7.0) (Cooperative · MiniLM "
        "(English); 4.2 s, 91 MB)"
    )


def test_the_lowest_step_adds_nothing_and_says_its_score():
    score = Interval(mean=0.684, low=0.66, high=0.71)
    rung = Rung(step="columns", name="columns", score=score, seconds=0.5, megabytes=0.0)
    assert str(rung_line(rung, comparison(line("columns", 0.684)))).startswith("Columns alone: accuracy 0.684 (")
