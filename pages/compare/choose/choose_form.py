"""“I choose” on the Compare page: which candidates run, with which encoders, models and settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core import catalog
from core.catalog import Task
from core.data.schema import Schema
from core.plan import Rule, Search
from core.workspace import DatasetRow
from pages.compare.choose import advice_form, families, family_cards, model_settings, questions_form
from pages.compare.choose.families import Family
from pages.shared import names
from pages.shared.i18n import _


@dataclass(frozen=True)
class Choice:
    """What takes part."""

    candidates: list[str]
    model_settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    balanced: bool = False
    search: Search = field(default_factory=Search)
    descriptions: dict[str, str] = field(default_factory=dict)
    column_descriptions: dict[str, str] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    language_model: str = ""


def candidate_names(
    taking_part: Sequence[Family], models: Sequence[str], encoders: Sequence[str], *, all_models: bool
) -> list[str]:
    """Every combination that was asked for; baselines keep their own model unless told, but for the fair rival.

    That one is trained with the same models as the fusions, so that none of them is credited with its model.
    """
    chosen = []
    for family in taking_part:
        fusion = catalog.fusion(family.name)
        read_by = [""]
        if fusion.takes_encoder and not fusion.baseline:
            read_by += [name for name in encoders if not fusion.costly or tunable(name)]
        with_models = all_models or not fusion.baseline or fusion.name == "classical"
        own = not fusion.takes_model or not with_models or not models
        chosen += families.names(family, read_by, [""] if own else models)
    return chosen


def tunable(encoder: str) -> bool:
    """Whether an encoder can be trained further; one from the hub or a folder can."""
    entry = catalog.encoder(encoder)
    return entry is None or entry.tunable


def draw(schema: Schema, task: Task, key: str, classes: list[str], columns: list[str], row: DatasetRow) -> Choice:
    """Families, models with their settings, what is told in words, the search and the weighting of rare classes.

    columns: those that take part and are no texts.
    """
    taking_part = family_cards.draw(schema, task, key)
    fusions = [catalog.fusion(family.name) for family in taking_part]
    models, all_models = _models(task, key) if any(fusion.takes_model for fusion in fusions) else ([], False)
    encoders = _encoders(key) if any(fusion.takes_encoder for fusion in fusions) else []
    asked = {what for fusion in fusions for what in fusion.asks}
    descriptions = advice_form.classes(classes, key) if classes and "classes" in asked else {}
    column_descriptions = advice_form.columns(columns, key) if columns and "columns" in asked else {}
    rules = advice_form.rules(classes, key) if classes and "rules" in asked else []
    questions, language_model = questions_form.draw({*asked, *encoders}, key, row, schema, classes)
    settings = {name: values for name in models if (values := model_settings.draw(catalog.model(name), key))}
    balanced = task != "regression" and st.toggle(
        _("Weight classes by their rarity"),
        key=f"{key}-balanced",
        persist_state="session",
        help=_(
            "Mistakes on rare classes cost more during training, so that the model does not pass them over. Guessing "
            "and zero-shot answers are not trained, so it does nothing for them."
        ),
    )
    return Choice(
        candidate_names(taking_part, models, encoders, all_models=all_models),
        settings,
        bool(balanced),
        _search(key),
        descriptions,
        column_descriptions,
        rules,
        *(questions, language_model),
    )


def _models(task: Task, key: str) -> tuple[list[str], bool]:
    """Classical models, and whether the baselines are trained with them, too."""
    fitting = [model.name for model in catalog.MODELS if task in model.tasks]
    models = st.multiselect(
        _("Classical models"),
        fitting,
        ["linear"],
        format_func=names.model_label,
        key=f"{key}-models",
        persist_state="session",
        help=_("Each model chosen here is trained once more on the same folds."),
    )
    all_models = st.toggle(
        _("Train the columns-only and text-only baselines with these models too"),
        key=f"{key}-all-models",
        persist_state="session",
    )
    return models, bool(all_models)


def _encoders(key: str) -> list[str]:
    return st.multiselect(
        _("Compare further encoders"),
        [entry.name for entry in catalog.ENCODERS],
        format_func=names.encoder_label,
        key=f"{key}-encoders",
        persist_state="session",
        placeholder=_("only those chosen in the sentence above"),
        help=_("Each encoder chosen here is used for all text columns, as candidates of their own."),
    )


def _search(key: str) -> Search:
    kinds = {"none": _("no search"), "trials": _("a number of trials"), "time": _("a length of time")}
    kind = st.segmented_control(
        _("Search for better settings"),
        list(kinds),
        default="none",
        required=True,
        format_func=kinds.__getitem__,
        key=f"{key}-search",
        persist_state="session",
        help=_("Tries other settings inside each training fold, never on the rows it is scored on."),
    )
    if kind == "trials":
        trials = st.number_input(_("Trials"), 1, 500, 20, key=f"{key}-trials", persist_state="session")
        return Search(trials=int(trials))
    if kind == "time":
        minutes = st.number_input(
            _("Minutes for each candidate"), 0.1, 600.0, 2.0, format="%g", key=f"{key}-minutes", persist_state="session"
        )
        return Search(trials=500, budget_seconds=float(minutes) * 60)
    return Search()
