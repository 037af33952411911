"""Candidates in their order, and what is said of one in few words: its name, how its features came about, its cost."""

from __future__ import annotations

from core.catalog import METRICS
from core.results.comparison import CandidateResult, Comparison
from pages.shared import names, numbers
from pages.shared.i18n import _


def ranked(comparison: Comparison) -> list[CandidateResult]:
    """Finished candidates by the ranking metric, best first."""
    metric = comparison.metric
    done = [line for line in comparison.candidates if line.status == "ok" and metric in line.scores]
    higher = METRICS[metric].higher_is_better if metric in METRICS else True
    return sorted(done, key=lambda line: line.scores[metric].mean, reverse=higher)


def badges() -> dict[str, tuple[str, str]]:
    """How a candidate's text features came about: in a word or two, and in a sentence."""
    return {
        "label-free": (
            _("label-free"),
            _("Its text features come from a model that never saw the target, so they can't give the answer away."),
        ),
        "fitted-in-fold": (
            _("fitted in the fold"),
            _("What makes its features was fitted again in every fold, on the training rows alone."),
        ),
        "out-of-fold": (
            _("out of fold"),
            _("Its features are predictions for rows that the model behind them was not trained on."),
        ),
    }


def costs(candidate: CandidateResult) -> str:
    """How long it takes to train, and, once it is kept, how large it is."""
    if candidate.size_mb is None:
        return numbers.seconds(candidate.fit_seconds)
    return _("{seconds} · {size}").format(
        seconds=numbers.seconds(candidate.fit_seconds), size=numbers.megabytes(candidate.size_mb)
    )


def name_in_words(name: str, comparison: Comparison) -> str:
    """Another candidate's name in words."""
    line = comparison.candidate(name)
    return name if line is None else names.line_label(line, comparison.task)
