"""Candidates, encoders and models by the names people know them by, in the viewer's language."""

from __future__ import annotations

from core import names
from core.catalog import Task
from core.results.comparison import CandidateResult
from pages.shared.i18n import _, t


def encoder_label(name: str) -> str:
    """An encoder as the catalogue calls it; a Hugging Face id or a folder stands as it is."""
    return t(names.encoder_label(name))


def model_label(name: str, task: Task | None = None) -> str:
    """A classical model as the catalogue calls it."""
    return t(names.model_label(name, task))


def candidate_label(name: str) -> str:
    """“Cooperative · MiniLM (English) · Linear SVM” for ``cooperative:minilm+svm-linear``."""
    return t(names.label(name))


def line_label(candidate: CandidateResult, task: Task | None = None) -> str:
    """A leaderboard line's name, with the encoder and model that a bare family turned out to use."""
    return t(candidate.label(task))


def is_parent(candidate: CandidateResult) -> bool:
    """Whether a candidate is there to be beaten: drawn in grey."""
    return names.is_baseline(candidate.mode)


def status_label(candidate: CandidateResult) -> str:
    """A candidate's state in a word."""
    if candidate.left_out:
        return _("left out")
    return {
        "waiting": _("waiting"),
        "running": _("running"),
        "ok": _("done"),
        "failed": _("failed"),
        "skipped": _("left out"),
        "cancelled": _("cancelled"),
    }[candidate.status]
