"""From a name and a plan to a candidate, or to the reason why it can't apply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.pipeline import Pipeline

from core import catalog
from core.catalog import Task
from core.catalog.encoders import LLM
from core.catalog.fusions import OPERATORS, PARTS
from core.data.schema import Schema
from core.encode.factory import build as build_encoder
from core.encode.finetuning.encoder import TunedEncoder
from core.encode.label_scores import LabelScorer
from core.fuse.asked import questions
from core.fuse.asked.answers import Answers, LearnedAnswers
from core.fuse.asked.labels import MOST_LABELS, AskedLabels
from core.fuse.asked.relevance import AskedRelevance
from core.fuse.assisted.augment import Augmentation
from core.fuse.assisted.distilled import Distilled
from core.fuse.assisted.enlarged import can_weigh
from core.fuse.assisted.margins import BoostedMargins
from core.fuse.assisted.priors import NamePriors
from core.fuse.assisted.probabilities import Probabilities
from core.fuse.assisted.weak import WeakSupervision
from core.fuse.auto.choice import Automatic
from core.fuse.auto.portfolio import COSTLY, entries
from core.fuse.candidate import Candidate
from core.fuse.columns import Category, Dates, Dense, Numbers, TextColumn
from core.fuse.joint.estimator import Joint
from core.fuse.logged import Logged
from core.fuse.predictor import Predictor
from core.fuse.sentence import SentenceColumn
from core.fuse.setting import (
    SOURCES,
    Setting,
    Skipped,
    choice_for,
    encoders_of,
    language_of,
    learns,
    row_choice,
    shared_choice,
    why_not,
)
from core.fuse.written.formulas import Formulas
from core.fuse.written.rewording import Rewording
from core.fuse.zero_shot import ZeroShot
from core.messages import Message, _, say
from core.models.factory import build as build_model
from core.names import Name, encoder_label, model_label, model_of, parse
from core.plan import EncoderChoice, Plan, Search, Validation
from core.providers import door
from core.questions import of_lines, written
from core.workspace import default_home

UNLOGGED = {"dummy", "auto"}  # guessing says the mean as it is; an automatic choice is made among candidates in logs


def build(text: str, setting: Setting) -> Predictor | Skipped:
    """The candidate behind a name, not fitted yet.

    Raises
    ------
    UnknownChoice
        The name or one of the plan's settings is not in the catalogue.
    """
    name = parse(text)
    if reason := why_not(name, setting):
        return Skipped(reason)
    made = _FAMILIES[name.family](name, setting)
    logged = setting.plan.target_as.way == "log" and name.family not in UNLOGGED
    return Logged(made, setting.task) if logged and isinstance(made, Predictor) else made


# Families: (name, setting) → candidate


def _dummy(name: Name, setting: Setting) -> Candidate:
    guess: BaseEstimator = DummyRegressor() if setting.task == "regression" else DummyClassifier(strategy="prior")
    return Candidate(None, guess, setting.task)


def _columns_only(name: Name, setting: Setting) -> Candidate:
    return _candidate(_columns(setting.schema), name, setting)


def _text_only(name: Name, setting: Setting) -> Candidate:
    return _candidate(_texts(name, setting), name, setting)


def _cooperative(name: Name, setting: Setting) -> Candidate:
    """Features of the texts beside the columns: of a language model, or, for the fair rival, counts of words."""
    words = _words(setting) if name.variant == "words" else []
    return _candidate([*_texts(name, setting), *words, *_columns(setting.schema)], name, setting)


def _tuned(name: Name, setting: Setting) -> Candidate:
    makers: list[Maker] = []
    for column, choice in encoders_of(str(name), setting).items():
        encoder = TunedEncoder(
            choice.name, task=setting.task, method=name.variant, seed=setting.plan.seed, threads=setting.threads
        )
        makers.append((f"text:{column}", TextColumn(encoder), [column]))
    return _candidate([*makers, *_words(setting), *_columns(setting.schema)], name, setting)


def _columns_as_text(name: Name, setting: Setting) -> Candidate:
    columns = setting.schema.names(*SOURCES)
    encoder = _encoder(row_choice(name, setting), "", setting)
    return _candidate([("row", SentenceColumn(encoder), columns)], name, setting)


def _zero_shot(name: Name, setting: Setting) -> ZeroShot | Skipped:
    choice = row_choice(name, setting).model_copy(update={"pca_variance": None})
    if learns(choice):
        label = encoder_label(choice.name)
        return Skipped(
            say(
                _("{encoder} knows no words but those of your rows, so names of classes mean nothing to it."),
                encoder=label,
            )
        )
    texts = setting.schema.names("text")
    if choice.name == LLM:
        if len(set(setting.classes)) > MOST_LABELS:
            return Skipped(say(_("It chooses among at most {most} classes."), most=MOST_LABELS))
        encoder: BaseEstimator = AskedLabels(_language_model(setting), setting.cache)
    elif choice.name == "smollm2":
        encoder = LabelScorer(cache_folder=setting.cache, threads=setting.threads)
    else:
        encoder = _encoder(choice, "", setting)
    return ZeroShot(
        encoder,
        texts or setting.schema.names(*SOURCES),
        setting.task,
        setting.plan.descriptions,
        read="texts" if texts else "sentence",
    )


def _questions(name: Name, setting: Setting) -> Candidate | Skipped:
    """The answers to questions beside the columns; `@words` has word counts, too, `@fast` asks about training rows."""
    plan = setting.plan
    lines = written(plan.questions) or [one.text for one in questions.by_classes(setting.classes, plan.descriptions)]
    of_lines(lines)
    if not lines:
        return Skipped(say(_("A number has no classes to ask about: write the questions yourself.")))
    answers = Answers(lines, _language_model(setting), setting.cache)
    makers: list[Maker] = []
    for column in setting.schema.names("text"):
        asked: BaseEstimator = answers
        if name.variant == "fast":
            copy = choice_for(Name("cooperative"), column, plan, setting.schema)
            asked = LearnedAnswers(answers, _encoder(copy, language_of(column, setting), setting), plan.seed)
        makers.append((f"text:{column}", TextColumn(asked), [column]))
    words = _words(setting) if name.variant == "words" else []
    return _candidate([*makers, *words, *_columns(setting.schema)], name, setting)


def _joint(name: Name, setting: Setting) -> Joint:
    parts = name.variant.split("-")
    return Joint(
        {column.name: column.role for column in setting.schema.columns if column.role in SOURCES},
        shared_choice(name, setting).name,
        setting.task,
        fusion=next((part for part in parts if part in OPERATORS), "concat"),
        head=model_of(name),
        method=next((part for part in parts if part in PARTS), "all"),
        balanced=setting.plan.balanced,
        seed=setting.plan.seed,
        threads=setting.threads,
    )


def _by_probabilities(name: Name, setting: Setting) -> Probabilities | Skipped:
    adviser = _zero_shot(name, setting)
    return adviser if isinstance(adviser, Skipped) else Probabilities(_parent(name, setting), adviser, *_dial(setting))


def _by_margins(name: Name, setting: Setting) -> BoostedMargins | Skipped:
    if reason := _knows_nothing(name, setting):
        return Skipped(reason)
    boosted = Name(name.family, name.encoder, "lightgbm")
    condensed = EncoderChoice(name="tfidf-svd")  # trees can't use wide counts
    makers = [
        (f"words:{column}", _text(condensed, column, setting), [column]) for column in setting.schema.names("text")
    ]
    plain = ColumnTransformer([*makers, *_columns(setting.schema)], sparse_threshold=0.3)
    reads = ColumnTransformer(_texts(name, setting), sparse_threshold=0.3)
    return BoostedMargins(
        Candidate(plain, _model(boosted, setting), setting.task),
        Candidate(reads, _model(Name(name.family, name.encoder), setting), setting.task),
        *_dial(setting),
    )


def _by_weak_labels(name: Name, setting: Setting) -> WeakSupervision | Skipped:
    namer = _zero_shot(name, setting)
    if isinstance(namer, Skipped):
        return namer
    if reason := _can_not_weigh(name, setting):
        return Skipped(reason)
    rules = [rule.model_dump() for rule in setting.plan.rules]
    return WeakSupervision(_parent(name, setting), namer, rules, *_dial(setting))


def _by_names(name: Name, setting: Setting) -> NamePriors | Skipped:
    if reason := _knows_nothing(name, setting):
        return Skipped(reason)
    plan = setting.plan
    asks = row_choice(name, setting).name == LLM
    encoder = AskedRelevance(_language_model(setting), setting.cache) if asks else _adviser(name, setting)
    return NamePriors(
        _parent(name, setting), encoder, plan.target, plan.descriptions, plan.column_descriptions, *_dial(setting)
    )


def _by_formulas(name: Name, setting: Setting) -> Formulas:
    plan = setting.plan
    roles = {column.name: column.role for column in setting.schema.columns if column.role in SOURCES}
    target = f"log(1 + {plan.target})" if plan.target_as.way == "log" else plan.target  # as it is told of rows
    return Formulas(
        _parent(name, setting),
        _language_model(setting),
        roles,
        target,
        plan.column_descriptions,
        *_dial(setting),
    )


def _by_rewording(name: Name, setting: Setting) -> Augmentation | Rewording | Skipped:
    if reason := _knows_nothing(name, setting) or _can_not_weigh(name, setting):
        return Skipped(reason)
    if row_choice(name, setting).name == LLM:
        return Rewording(_parent(name, setting), _language_model(setting), *_dial(setting))
    languages = {column: language_of(column, setting) for column in setting.schema.names("text")}
    return Augmentation(_parent(name, setting), _adviser(name, setting), languages, *_dial(setting))


def _distilled(name: Name, setting: Setting) -> Distilled | Skipped:
    if reason := _can_not_weigh(name, setting):
        return Skipped(reason)
    teacher = _tuned(
        Name("cooperative-tuned", name.encoder, variant=name.variant), replace(setting, plan=_still(setting))
    )
    return Distilled(_parent(name, setting), teacher, *_dial(setting))


def _automatic(name: Name, setting: Setting) -> Automatic | Skipped:
    plan = setting.plan
    cheap: list[tuple[str, Predictor]] = []
    for entry in entries(texts=bool(setting.schema.names("text"))):
        settings = {**plan.model_settings, **({parse(entry.name).model: entry.settings} if entry.settings else {})}
        own = plan.model_copy(update={"model_settings": settings, "search": Search()})
        built = build(entry.name, replace(setting, plan=own))
        if isinstance(built, Predictor) and setting.n_rows <= entry.most_rows:
            cheap.append((entry.label, built))
    if not cheap:
        return Skipped(say(_("There is no column to learn from.")))
    costly = [(text, built) for text in COSTLY if isinstance(built := build(text, setting), Predictor)]
    validation, budget = plan.validation, plan.budget_seconds
    n_fits = validation.n_fits
    return Automatic(
        cheap,
        costly,
        setting.schema.names("text"),
        setting.task,
        setting.metric,
        plan.seed,
        None if budget is None else budget / n_fits,
        positive=setting.positive,
        held=_held(validation),
    )


def _held(validation: Validation) -> float:
    """Rows held back per row trained on; of a test file, as many as are usual."""
    if validation.kind == "search":
        return 0.0
    share = 1 / validation.folds if validation.kind == "kfold" else validation.fraction
    return share / (1 - share)


_FAMILIES: dict[str, Callable[[Name, Setting], Predictor | Skipped]] = {
    "dummy": _dummy,
    "columns": _columns_only,
    "text-tfidf": _text_only,
    "classical": _cooperative,
    "text-llm": _text_only,
    "columns-as-text": _columns_as_text,
    "zero-shot": _zero_shot,
    "cooperative": _cooperative,
    "questions": _questions,
    "cooperative-tuned": _tuned,
    "joint": _joint,
    "assisted-probabilities": _by_probabilities,
    "assisted-margins": _by_margins,
    "assisted-weak": _by_weak_labels,
    "assisted-priors": _by_names,
    "assisted-formulas": _by_formulas,
    "assisted-augment": _by_rewording,
    "distilled": _distilled,
    "auto": _automatic,
}

# Their parts

Maker = tuple[str, BaseEstimator, list[str]]


def _candidate(makers: list[Maker], name: Name, setting: Setting) -> Candidate:
    # every block in one matrix; dense unless word counts make it worth keeping sparse
    features = ColumnTransformer(makers, sparse_threshold=0.3)
    return Candidate(features, _model(name, setting), setting.task, _search(name, setting))


def _parent(name: Name, setting: Setting) -> Candidate:
    """What an advised candidate is without advice: word counts, columns, and the model named."""
    features = ColumnTransformer([*_words(setting), *_columns(setting.schema)], sparse_threshold=0.3)
    return Candidate(features, _model(name, setting), setting.task)


def _dial(setting: Setting) -> tuple[list[str], Task, int]:
    """What every advised candidate's trust is chosen with."""
    return setting.schema.names("text"), setting.task, setting.plan.seed


def _adviser(name: Name, setting: Setting) -> BaseEstimator:
    """The one encoder that reads names and words."""
    choice = row_choice(name, setting).model_copy(update={"pca_variance": None})
    return _encoder(choice, "", setting)


def _still(setting: Setting) -> Plan:
    """The plan without a search for settings."""
    return setting.plan.model_copy(update={"search": Search()})


def _can_not_weigh(name: Name, setting: Setting) -> Message | None:
    """Why a model can't learn from rows that count differently; None if it can."""
    if can_weigh(_model(name, setting)):
        return None
    return say(_("{model} can't count one row for more than another."), model=model_label(model_of(name), setting.task))


def _knows_nothing(name: Name, setting: Setting) -> Message | None:
    """Why an encoder that was chosen can't advise; None if it can."""
    for choice in encoders_of(str(name), setting).values():
        if learns(choice):
            return say(
                _("{encoder} knows no words but those of your rows, so it has no advice to give."),
                encoder=encoder_label(choice.name),
            )
    return None


def _texts(name: Name, setting: Setting) -> list[Maker]:
    return [
        (f"text:{column}", _text(choice, column, setting), [column])
        for column, choice in encoders_of(str(name), setting).items()
    ]


def _words(setting: Setting) -> list[Maker]:
    """Word counts of the text columns, beside what a language model makes of them."""
    words = EncoderChoice(name="tfidf")
    return [(f"words:{column}", _text(words, column, setting), [column]) for column in setting.schema.names("text")]


def _text(choice: EncoderChoice, column: str, setting: Setting) -> TextColumn:
    return TextColumn(_encoder(choice, language_of(column, setting), setting))


def _encoder(choice: EncoderChoice, language: str, setting: Setting) -> BaseEstimator:
    """The transformer of texts behind a choice."""
    model = _language_model(setting) if choice.name == LLM else ""
    made: BaseEstimator = build_encoder(choice, language, setting.cache, setting.threads, language_model=model)
    return made


def _language_model(setting: Setting) -> str:
    """The language model that is asked, by the name under which it is found again."""
    return door.settled(default_home() / "models", setting.plan.language_model)


def _columns(schema: Schema) -> list[Maker]:
    makers: list[Maker] = []
    if numbers := schema.names("number"):
        makers.append(("numbers", Numbers(), numbers))
    makers += [(f"category:{column}", _category(schema, column), [column]) for column in schema.names("category")]
    makers += [(f"date:{column}", Dates(), [column]) for column in schema.names("date")]
    return makers


def _category(schema: Schema, name: str) -> Category:
    """A category by what its cells are: levels of a scale, lists of items, or values without an order."""
    column = schema.column(name)
    layout = column.layout if column else None
    if layout is None or layout.kind not in ("ordered", "list"):
        return Category()
    return Category(levels=layout.levels or None, separator=layout.separator)


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
        "positive": setting.positive,
        "balanced": plan.balanced,
        "seed": plan.seed,
        "threads": setting.threads,
        "settings": plan.model_settings.get(model_of(name), {}),
    }
