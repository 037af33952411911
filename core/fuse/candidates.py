"""From a name and a plan to a candidate, or to the reason why it can't apply."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.pipeline import Pipeline

from core import catalog
from core.catalog import Task
from core.data.schema import Schema
from core.encode.factory import build as build_encoder
from core.encode.factory import default_name
from core.fuse.auto import POOL, Automatic
from core.fuse.candidate import Candidate
from core.fuse.columns import Category, Dates, Dense, Numbers, TextColumn
from core.messages import Message, _, say
from core.models.factory import build as build_model
from core.names import Name, model_of, parse
from core.plan import EncoderChoice, Plan


@dataclass(frozen=True)
class Skipped:
    """A candidate that can't apply here, and why."""

    reason: Message


@dataclass(frozen=True)
class Setting:
    """What every candidate of a comparison shares."""

    schema: Schema
    plan: Plan
    task: Task
    metric: str = "accuracy"
    cache_folder: Path | None = None
    threads: int = 1


def build(text: str, setting: Setting) -> Candidate | Automatic | Skipped:
    """The candidate behind a name, not fitted yet.

    Raises
    ------
    UnknownChoice
        The name or one of the plan's settings is not in the catalogue.
    """
    name = parse(text)
    if name.family == "auto":
        return _automatic(setting)
    texts, columns = setting.schema.names("text"), setting.schema.names("number", "category", "date")
    if name.family == "dummy":
        guess: BaseEstimator = DummyRegressor() if setting.task == "regression" else DummyClassifier(strategy="prior")
        return Candidate(None, guess, setting.task)
    if reason := why_not(name, texts, columns):
        return Skipped(reason)
    makers: list[tuple[str, BaseEstimator, list[str]]] = []
    if name.family != "columns":
        for column in texts:
            choice = choice_for(name, column, setting.plan, setting.schema)
            makers.append((f"text:{column}", _text(choice, column, setting), [column]))
            if name.variant == "words":
                words = _text(EncoderChoice(name="tfidf"), column, setting)
                makers.append((f"words:{column}", words, [column]))
    if name.family != "text-tfidf":
        makers += _columns(setting.schema)
    # every block in one matrix; dense unless word counts make it worth keeping sparse
    features = ColumnTransformer(makers, sparse_threshold=0.3)
    return Candidate(features, _model(name, setting), setting.task, _search(name, setting))


def _automatic(setting: Setting) -> Automatic | Skipped:
    built = {text: build(text, setting) for text in POOL}
    pool = [(text, candidate) for text, candidate in built.items() if isinstance(candidate, Candidate)]
    if not pool:
        return Skipped(say(_("There is no column to learn from.")))
    validation, budget = setting.plan.validation, setting.plan.budget_seconds
    n_fits = 1 + (validation.folds * validation.repeats if validation.kind == "kfold" else 1)
    return Automatic(pool, setting.task, setting.metric, setting.plan.seed, None if budget is None else budget / n_fits)


def why_not(name: Name, texts: list[str], columns: list[str]) -> Message | None:
    """Why a family has nothing to work with here; None if it has."""
    if name.family == "columns" and not columns:
        return say(_("There are no number, category or date columns to learn from."))
    if name.family in {"text-tfidf", "cooperative"} and not texts:
        return say(_("There is no text column to learn from."))
    return None


def choice_for(name: Name, column: str, plan: Plan, schema: Schema) -> EncoderChoice:
    """How this candidate encodes this text column: by its name, else by the plan, else by the column's language."""
    if name.family == "text-tfidf":
        return EncoderChoice(name="tfidf")
    planned = plan.encoders.get(column, EncoderChoice())
    if name.encoder:
        return planned if planned.name == name.encoder else EncoderChoice(name=name.encoder)
    if planned.name:
        return planned
    found = schema.column(column)
    return planned.model_copy(update={"name": default_name(found.language if found else "")})


def encoders_of(text: str, setting: Setting) -> dict[str, EncoderChoice]:
    """Text column → the choice of encoder, for a candidate that has any."""
    name = parse(text)
    if name.family == "auto":
        return encoders_of("cooperative", setting)
    if name.family not in {"text-tfidf", "cooperative"}:
        return {}
    return {column: choice_for(name, column, setting.plan, setting.schema) for column in setting.schema.names("text")}


def learns(choice: EncoderChoice) -> bool:
    """Whether an encoder is fitted inside the folds."""
    entry = catalog.encoder(choice.name)
    return entry is not None and entry.learns


def _text(choice: EncoderChoice, column: str, setting: Setting) -> TextColumn:
    found = setting.schema.column(column)
    cache = None if setting.cache_folder is None else str(setting.cache_folder)
    return TextColumn(build_encoder(choice, found.language if found else "", cache, setting.threads))


def _columns(schema: Schema) -> list[tuple[str, BaseEstimator, list[str]]]:
    makers: list[tuple[str, BaseEstimator, list[str]]] = []
    if numbers := schema.names("number"):
        makers.append(("numbers", Numbers(), numbers))
    makers += [(f"category:{column}", Category(), [column]) for column in schema.names("category")]
    makers += [(f"date:{column}", Dates(), [column]) for column in schema.names("date")]
    return makers


def _model(name: Name, setting: Setting) -> BaseEstimator:
    chosen = model_of(name)
    made = build_model(
        chosen,
        setting.task,
        setting.plan.model_settings.get(chosen, {}),
        setting.plan.balanced,
        seed=setting.plan.seed,
        threads=setting.threads,
    )
    return made if catalog.model(chosen).sparse else Pipeline([("dense", Dense()), ("model", made)])


def _search(name: Name, setting: Setting) -> dict[str, Any] | None:
    plan = setting.plan
    if plan.search.trials == 0 and plan.search.budget_seconds is None:
        return None
    return {
        "model": model_of(name),
        "trials": plan.search.trials or 500,
        "budget_seconds": plan.search.budget_seconds,
        "metric": setting.metric,
        "balanced": plan.balanced,
        "seed": plan.seed,
        "threads": setting.threads,
        "settings": plan.model_settings.get(model_of(name), {}),
    }
