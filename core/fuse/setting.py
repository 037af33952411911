"""What every candidate of a comparison shares, which of them can't apply here, and which encoder reads what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core import catalog
from core.catalog import Role, Task
from core.catalog.encoders import LLM
from core.data.schema import Schema
from core.encode.factory import default_name
from core.messages import Message, _, say
from core.names import Name, model_of, parse
from core.plan import EncoderChoice, Plan

SOURCES: tuple[Role, ...] = ("text", "number", "category", "date")  # roles that can be learned from

WHOLE_ROWS = {  # one encoder reads whole rows, or all texts
    "columns-as-text",
    "zero-shot",
    "assisted-probabilities",
    "assisted-weak",
    "assisted-priors",
    "assisted-augment",
}

WORD_COUNTS = {"text-tfidf", "classical"}  # families that read texts without a language model
TAKE_WIDE = {"linear", "svm-linear"}  # models that do well on thousands of sparse counts; the others get them condensed


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
    n_rows: int = 0  # to train on
    positive: str = ""  # of two classes, the one that scores speak of
    classes: tuple[str, ...] = ()  # of the target; none of a number

    @property
    def cache(self) -> str | None:
        return None if self.cache_folder is None else str(self.cache_folder)


def why_not(name: Name, setting: Setting) -> Message | None:
    """Why a family has nothing to work with here; None if it has."""
    family, schema = catalog.fusion(name.family), setting.schema
    if family.needs == "columns" and not schema.names("number", "category", "date"):
        return say(_("There are no number, category or date columns to learn from."))
    if family.needs == "text" and not schema.names("text"):
        return say(_("There is no text column to learn from."))
    if family.needs == "any" and not schema.names(*SOURCES):
        return say(_("There is no column to learn from."))
    if family.classes_only and setting.task == "regression":
        compares = name.family in {"zero-shot", "assisted-probabilities"}
        none = _("It compares rows with the names of classes, and a number has none.")
        return say(none if compares else _("It needs classes, and the target is a number."))
    if family.costly and family.takes_encoder:
        for column, choice in encoders_of(str(name), setting).items():
            entry = catalog.encoder(choice.name)
            if entry is not None and not entry.tunable:
                return say(
                    _("“{column}” is read with {encoder}, which can't be trained further here."),
                    column=column,
                    encoder=say(entry.label),
                )
    return None


def choice_for(name: Name, column: str, plan: Plan, schema: Schema) -> EncoderChoice:
    """How this candidate encodes this text column: by its name, else by the plan, else by the column's language."""
    if name.family in WORD_COUNTS:
        return EncoderChoice(name=_counts_for(name))
    planned = plan.encoders.get(column, EncoderChoice())
    if name.encoder:
        return planned if planned.name == name.encoder else EncoderChoice(name=name.encoder)
    if planned.name:
        return planned
    found = schema.column(column)
    return planned.model_copy(update={"name": default_name(found.read_in if found else "")})


def _counts_for(name: Name) -> str:
    """Word counts as this candidate's model takes them best."""
    condensed = name.family == "classical" and model_of(name) not in TAKE_WIDE
    return "tfidf-svd" if condensed else "tfidf"


def sees(name: Name, schema: Schema) -> Literal["nothing", "columns", "texts", "all"]:
    """Which part of this table a candidate learns from; where there is only one kind of column, that is all of it."""
    part = catalog.fusion(name.family).sees
    if part == "texts" and not (schema.names("text") and schema.names("number", "category", "date")):
        return "all"
    return "all" if part == "columns" and not schema.names("text") else part


def encoders_of(text: str, setting: Setting) -> dict[str, EncoderChoice]:
    """Text column → the choice of encoder, for a candidate that has any; ``""`` stands for whole rows."""
    name = parse(text)
    if name.family in {"questions", "assisted-formulas"}:  # of each text, or of the table
        asked = setting.schema.names("text") if name.family == "questions" else [""]
        return dict.fromkeys(asked, EncoderChoice(name=LLM))
    if name.family == "auto":
        return encoders_of("cooperative", setting) if setting.schema.names("text") else {}
    if not (catalog.fusion(name.family).takes_encoder or name.family in WORD_COUNTS):
        return {}
    if name.family in WHOLE_ROWS:
        return {"": row_choice(name, setting)}
    if name.family == "joint":
        return dict.fromkeys(setting.schema.names("text"), shared_choice(name, setting))
    return {column: choice_for(name, column, setting.plan, setting.schema) for column in setting.schema.names("text")}


def needed_to_predict(text: str, setting: Setting) -> dict[str, EncoderChoice]:
    """As `encoders_of`, without those that only train it."""
    name = parse(text)
    if catalog.fusion(name.family).trains_only:
        return {}
    return encoders_of("cooperative" if (name.family, name.variant) == ("questions", "fast") else text, setting)


def row_choice(name: Name, setting: Setting) -> EncoderChoice:
    """The encoder of rows written as sentences: the one named, else that of the first text column, else by language."""
    if name.encoder:
        return EncoderChoice(name=name.encoder)
    texts = setting.schema.names("text")
    if not texts:
        return EncoderChoice(name=default_name(""))
    chosen = choice_for(name, texts[0], setting.plan, setting.schema)
    found = setting.schema.column(texts[0])
    return EncoderChoice(name=default_name(found.read_in if found else "")) if learns(chosen) else chosen


def shared_choice(name: Name, setting: Setting) -> EncoderChoice:
    """The one encoder of all text columns: the first column's, but the multilingual one where any column needs it."""
    texts = setting.schema.names("text")
    chosen = [choice_for(name, column, setting.plan, setting.schema) for column in texts]
    return next((choice for choice in chosen if choice.name == "e5"), chosen[0])


def learns(choice: EncoderChoice) -> bool:
    """Whether an encoder is fitted inside the folds."""
    entry = catalog.encoder(choice.name)
    return entry is not None and entry.learns


def language_of(column: str, setting: Setting) -> str:
    """The language of a text column; "" where nothing is known."""
    found = setting.schema.column(column)
    return found.language if found else ""
