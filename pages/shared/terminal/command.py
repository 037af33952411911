"""The command line that does what a page does: the engine is the same, so are the results."""

from __future__ import annotations

import json
import shlex

from core.data.schema import Cleaning, ReadOptions, Schema
from core.job_params import ExplainParams
from core.plan import Plan
from pages.shared.i18n import _
from pages.shared.terminal import flags


def compare(
    files: list[str],
    schema: Schema,
    plan: Plan,
    cleaning: Cleaning | None = None,
    options: ReadOptions | None = None,
    test: str = "",
) -> str:
    """Flags where flags suffice; the plan as a file beside them where it says more than flags can.

    test: the test file, where there is one
    """
    parts = ["python", "-m", "core", "compare", *files, "--target", plan.target, *flags.of_table(schema, cleaning)]
    parts += ["--test", test] if test and plan.validation.kind == "test_file" else []
    if not flags.suffice(plan):
        text = json.dumps(plan.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)
        line = with_roles(schema, options, [*parts, "--plan", "plan.json"])
        return f"echo {shlex.quote(text)} > plan.json\n{line}"
    return with_roles(schema, options, parts + flags.of_plan(plan))


def with_roles(schema: Schema, options: ReadOptions | None, parts: list[str]) -> str:
    """A command after a file that says how cells are read, where a person said so."""
    columns = [_read_as(schema, options, name) for name in options.kinds] if options else []
    parts = [*parts, *(flags.of_reading(options) if options else [])]
    if not columns:
        return shlex.join(parts)
    text = json.dumps({"columns": columns}, ensure_ascii=False)
    return f"echo {shlex.quote(text)} > roles.json\n{shlex.join([*parts, '--roles', 'roles.json'])}"


def _read_as(schema: Schema, options: ReadOptions, name: str) -> dict[str, object]:
    kind, layout, column = options.kinds[name], options.layouts.get(name), schema.column(name)
    found: dict[str, object] = {"name": name, "kind": kind}
    if layout is not None:
        found["layout"] = layout.model_dump(exclude_defaults=True) | {"kind": kind}
    return found | ({"role": column.role} if column is not None and column.role != "target" else {})


def does_the_same(schema: Schema, cleaning: Cleaning | None, about: str) -> str:
    """What is said beside a command: `about`, and the one thing it can't repeat, where that is so."""
    if cleaning is None or cleaning.found_with(schema):
        return about
    also = _("The duplicates here were found when columns had other roles: undo that and look again to have the same.")
    return f"{about} {also}"


def explain(bundle: str, file: str, asked: ExplainParams, *, check_shap: bool = False, shap_file: str = "") -> str:
    """The rows that were explained, from a bundle and the table; put through shap, or written for it, if asked."""
    parts = ["python", "-m", "core", "explain", bundle, file, "--rows", ",".join(map(str, asked.rows))]
    parts += ["--output", "probability"] if asked.output == "probability" else []
    parts += ["--class", asked.label] if asked.label else []
    parts += ["--check-shap"] if check_shap else []
    return shlex.join([*parts, *(["--shap", shap_file] if shap_file else [])])
