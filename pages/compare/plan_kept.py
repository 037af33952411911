"""A new session finds the Compare form as it was last submitted: the plan of the newest comparison, field by field."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import catalog
from core.catalog import Fusion
from core.data.schema import Schema
from core.messages import AmalgamError
from core.names import Name, parse
from core.plan import Plan, Validation
from pages.compare.choose import advice_form, families
from pages.shared.runs.within import MINUTES


def put_back(key: str, plan: Plan, schema: Schema, offered: dict[str, tuple[list[str], float | None]]) -> None:
    """Fill the form's fields, before they are drawn, with what makes this plan.

    Parameters
    ----------
    key : str
        What the names of the fields begin with.
    offered : dict
        Choice of time → candidates and budget, where both are left to Amalgam.
    """
    left_to_us = {
        name: Plan(
            target=plan.target,
            task=plan.task,
            target_as=plan.target_as,
            drop=plan.drop,
            keep=plan.keep,
            mask=plan.mask,
            candidates=candidates,
            validation=Validation(group=plan.validation.group),
            budget_seconds=budget,
        )
        for name, (candidates, budget) in offered.items()
    }
    chosen = next((name for name, usual in left_to_us.items() if plan == usual), None)
    own = next((name for name, seconds in MINUTES.items() if seconds == plan.budget_seconds), "none")
    mode = "own" if chosen is None else "amalgam"
    fields = {
        "mode": mode,
        f"within-{mode}": chosen or own,
        "columns": [name for name in schema.names("text", "number", "category", "date") if name not in plan.drop],
        "group": plan.validation.group,
        **_kept(plan, schema),
    }
    if chosen is None:
        fields |= _candidates(plan) | _encoders(plan) | _search(plan) | _scoring(plan)
    for name, value in fields.items():
        st.session_state[f"{key}-{name}"] = value


def _kept(plan: Plan, schema: Schema) -> dict[str, Any]:
    out = [column.name for column in schema.columns if column.role in {"id", "ignored"}]
    return {f"keep-{place}-{name}": True for place, name in enumerate(out) if name in plan.keep}


def _candidates(plan: Plan) -> dict[str, Any]:
    names = [name for text in plan.candidates if (name := _parsed(text))]
    modelled = [name for name in names if catalog.fusion(name.family).takes_model]
    fused = [name for name in modelled if not catalog.fusion(name.family).baseline]
    models = list(dict.fromkeys(name.model or "linear" for name in fused or modelled))
    encoders = [name.encoder for name in names if name.encoder and not catalog.fusion(name.family).baseline]
    fields: dict[str, Any] = {
        f"family-{fusion.name}": any(name.family == fusion.name for name in names) for fusion in catalog.FUSIONS
    }
    for family in {name.family for name in names}:
        fields |= _options(catalog.fusion(family), [name for name in names if name.family == family])
    fields |= {
        "models": models or ["linear"],
        "encoders": list(dict.fromkeys(encoders)),
        "all-models": any(name.model for name in modelled if name not in fused),
        "balanced": plan.balanced,
        "rules": advice_form.kept_rules(plan.rules),
        "questions": "\n".join(plan.questions),
        "language-model": plan.language_model,
    }
    fields |= {f"class-{label}": words for label, words in plan.descriptions.items()}
    fields |= {f"column-{column}": words for column, words in plan.column_descriptions.items()}
    for model, settings in plan.model_settings.items():
        fields |= {f"{model}-{parameter}": value for parameter, value in settings.items()}
    return fields


def _options(fusion: Fusion, names: list[Name]) -> dict[str, Any]:
    """Which variants of a family were chosen; of joint candidates, which of each part."""
    variants = [name.variant for name in names]
    if not fusion.heads:
        return {f"{fusion.name}-variants": _once(variants)} if fusion.variants else {}
    parts = [families.joint_parts(variant) for variant in variants]
    return {
        f"{fusion.name}-heads": _once([name.model or fusion.heads[0] for name in names]),
        f"{fusion.name}-operators": _once([operator for operator, _part in parts]),
        f"{fusion.name}-parts": _once([part for _operator, part in parts]),
    }


def _once(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _parsed(text: str) -> Name | None:
    try:
        return parse(text)
    except AmalgamError:  # of an older or newer catalogue
        return None


def _encoders(plan: Plan) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for column, choice in plan.encoders.items():
        stem = f"text-{column}"
        fields |= {f"{stem}-encoder": choice.name, f"{stem}-pooling": choice.pooling, f"{stem}-layer": choice.layer}
        if choice.pca_variance is not None:
            fields |= {f"{stem}-pca": True, f"{stem}-variance": round(100 * choice.pca_variance)}
    return fields


def _search(plan: Plan) -> dict[str, Any]:
    if plan.search.budget_seconds is not None:
        return {"search": "time", "minutes": plan.search.budget_seconds / 60}
    return {"search": "trials", "trials": plan.search.trials} if plan.search.trials else {}


def _scoring(plan: Plan) -> dict[str, Any]:
    wanted = plan.validation
    return {
        "validation": wanted.kind,
        "folds": wanted.folds,
        "fraction": round(100 * wanted.fraction),
        "group": wanted.group,
        "time": wanted.time,
        "stratify": wanted.stratify,
        "rows": plan.rows,
        "seed": plan.seed,
        "learning": plan.learning_curve,
    }
