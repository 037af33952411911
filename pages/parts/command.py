"""The command line that does what a page does: the engine is the same, so are the results."""

from __future__ import annotations

import json
import shlex

from core.data.schema import Schema
from core.plan import EncoderChoice, ExplainParams, Plan, Search, Validation


def compare(files: list[str], schema: Schema, plan: Plan) -> str:
    """Flags where flags suffice; the plan as a file beside them where it says more than flags can."""
    parts = ["python", "-m", "core", "compare", *files, "--target", plan.target]
    for column in schema.columns:
        if column.role not in {column.guessed, "target"} and column.guessed != "target":
            parts += ["--role", f"{column.name}={column.role}"]
    if not fits_flags(plan):
        text = json.dumps(plan.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)
        return f"echo {shlex.quote(text)} > plan.json\n{shlex.join([*parts, '--plan', 'plan.json'])}"
    return shlex.join(parts + flags(plan))


def explain(bundle: str, file: str, asked: ExplainParams, *, check_shap: bool = False, shap_file: str = "") -> str:
    """The rows that were explained, from a bundle and the table; put through shap, or written for it, if asked."""
    parts = ["python", "-m", "core", "explain", bundle, file, "--rows", ",".join(map(str, asked.rows))]
    parts += ["--output", "probability"] if asked.output == "probability" else []
    parts += ["--class", asked.label] if asked.label else []
    parts += ["--check-shap"] if check_shap else []
    return shlex.join([*parts, *(["--shap", shap_file] if shap_file else [])])


def fits_flags(plan: Plan) -> bool:
    """Whether the command line has a flag for everything this plan says."""
    validation = plan.validation
    return (
        all(choice == EncoderChoice() for choice in plan.encoders.values())
        and not (plan.roles or plan.model_settings or plan.balanced or plan.learning_curve)
        and not any("=" in name for name in [*plan.descriptions, *plan.column_descriptions])
        and not any("=" in rule.label or set(",，") & set("".join(rule.words)) for rule in plan.rules)
        and plan.bundles
        and validation.kind != "test_file"
        and validation.stratify
        and validation.repeats == 1
        and plan.search.budget_seconds is None
    )


def flags(plan: Plan) -> list[str]:
    """A plan as flags; what is as usual is left unsaid."""
    out = ["--candidates", ",".join(plan.candidates)]
    validation, usual = plan.validation, Validation()
    if validation.kind == "holdout":
        out += ["--holdout", f"{validation.fraction:g}"]
    elif validation.folds != usual.folds:
        out += ["--folds", str(validation.folds)]
    for name, values in (("--drop", plan.drop), ("--keep", plan.keep)):
        for value in values:
            out += [name, value]
    out += [part for label, words in plan.descriptions.items() for part in ("--describe", f"{label}={words}")]
    for column, words in plan.column_descriptions.items():
        out += ["--describe-column", f"{column}={words}"]
    for rule in plan.rules:
        out += ["--rule", f"{rule.label}={', '.join(rule.words)}"]
    single = {
        "--group": validation.group,
        "--time": validation.time,
        "--rows": plan.rows,
        "--trials": plan.search.trials if plan.search != Search() else None,
        "--seed": plan.seed or None,
        "--budget": plan.budget_seconds,
    }
    for name, setting in single.items():
        if setting is not None:
            out += [name, f"{setting:g}" if isinstance(setting, float) else str(setting)]
    return out
