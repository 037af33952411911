"""Candidates, encoders and models by the names people know them by."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core import catalog
from core.catalog import Task
from core.evaluate.result import Candidate
from pages.parts.words import _, t

BASELINES = ("dummy", "columns", "text-tfidf")
_NAME = re.compile(r"^(?P<family>[^:+@]+)(?::(?P<encoder>[^+@]+))?(?:\+(?P<model>[^@]+))?(?:@(?P<variant>.+))?$")


@dataclass(frozen=True)
class Name:
    """A candidate's name taken apart: ``family[:encoder][+model][@variant]``."""

    family: str
    encoder: str = ""
    model: str = ""
    variant: str = ""


def parse(name: str) -> Name:
    """Take a candidate's name apart; what does not follow the pattern is a family of its own."""
    match = _NAME.match(name)
    return Name(**{key: value or "" for key, value in match.groupdict().items()}) if match else Name(name)


def family_label(name: str) -> str:
    """A family as the catalogue calls it."""
    entry = next((fusion for fusion in catalog.FUSIONS if fusion.name == name), None)
    return t(entry.label) if entry else name


def encoder_label(name: str) -> str:
    """An encoder as the catalogue calls it; a Hugging Face id or a folder stands as it is."""
    entry = catalog.encoder(name)
    return t(entry.label) if entry else name


def model_label(name: str, task: Task | None = None) -> str:
    """A classical model as the catalogue calls it; of “for classes / for numbers” the half that was used."""
    entry = next((model for model in catalog.MODELS if model.name == name), None)
    label = t(entry.label) if entry else name
    classes, slash, numbers = label.partition(" / ")
    return (
        label if task is None or not slash else numbers[:1].upper() + numbers[1:] if task == "regression" else classes
    )


def candidate_label(name: str) -> str:
    """“Cooperative · MiniLM (English) · Linear SVM” for ``cooperative:minilm+svm-linear``."""
    parts = parse(name)
    words = [family_label(parts.family)]
    if parts.encoder:
        words.append(encoder_label(parts.encoder))
    if parts.model:
        words.append(model_label(parts.model))
    if parts.variant:
        words.append(parts.variant)
    return " · ".join(words)


def line_label(candidate: Candidate, task: Task | None = None) -> str:
    """A leaderboard line's name, with the encoder and model that a bare family turned out to use."""
    parts = parse(candidate.name)
    words = [family_label(parts.family)]
    encoder, model = parts.encoder or candidate.encoder, parts.model or candidate.model
    if encoder and parts.family not in BASELINES:
        words.append(encoder_label(encoder))
    if model and parts.family != "dummy":
        words.append(model_label(model, task))
    if parts.variant:
        words.append(parts.variant)
    return " · ".join(words)


def is_parent(name: str) -> bool:
    """Whether a candidate is there to be beaten: drawn in grey."""
    return parse(name).family in BASELINES


def status_label(status: str) -> str:
    """A candidate's state in a word."""
    return {
        "waiting": _("waiting"),
        "running": _("running"),
        "ok": _("done"),
        "failed": _("failed"),
        "skipped": _("left out"),
        "cancelled": _("cancelled"),
    }[status]
