"""The three ways in words and numbers: their names, what passed between the models, the three as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.results.comparison import CandidateResult
from core.results.flow import Flow
from pages.shared import numbers
from pages.shared.i18n import _


def titles() -> dict[str, tuple[str, str]]:
    """Way → its name, and what it is in a sentence."""
    return {
        "cooperative": (
            _("Cooperative"),
            _("The language model turns each text into numbers; a classical model learns from them and the columns."),
        ),
        "joint": (
            _("Joint"),
            _("Language model and classical model learn together: each mistake corrects both, end to end."),
        ),
        "assisted": (
            _("Assisted"),
            _("The classical model learns by itself; the language model gives advice, which it may turn down."),
        ),
    }


def counts(flow: Flow | None) -> list[tuple[str, str]]:
    """The same numbers in words: what, and how many."""
    if flow is None:
        return []
    lines = [
        (_("Rows trained on"), numbers.count(flow.n_rows)),
        (_("Different texts the language model read"), numbers.count(flow.n_texts)),
        (_("Numbers it hands over per row"), numbers.count(flow.width)),
        (_("Other columns"), numbers.count(flow.n_columns)),
    ]
    if flow.n_features:
        lines.append((_("Numbers per row the model takes"), numbers.count(flow.n_features)))
    if flow.n_trained:
        lines.append((_("The language model's parameters that changed"), numbers.count(flow.n_trained)))
    if flow.n_parameters:
        lines.append((_("Parameters trained with it"), numbers.count(flow.n_parameters)))
    if flow.n_steps:
        lines.append((_("Training steps"), numbers.count(flow.n_steps)))
    if flow.trust is not None:
        lines.append((_("Trust in the advice, from 0 to 1"), numbers.figure(flow.trust)))
    return [*lines, (_("Seconds of one fit"), numbers.figure(flow.fit_seconds))]


def rows(lines: Sequence[tuple[str, CandidateResult]], metric: str, label: Any) -> list[dict[str, Any]]:
    """The three as a table: way, candidate, score, and all counts."""
    found = []
    for way, line in lines:
        score = line.scores.get(metric)
        found.append(
            {
                _("Way"): titles()[way][0],
                _("Candidate"): label(line),
                numbers.metric_label(metric): score.mean if score else None,
                _("Low"): score.low if score else None,
                _("High"): score.high if score else None,
                _("Training, s"): line.fit_seconds,
                **dict(counts(line.flow)),
            }
        )
    return found
