"""The sentence on the Compare page that a person completes, and the plan it makes."""

from __future__ import annotations

import streamlit as st

from core.catalog import Task
from core.data.schema import Schema
from core.data.targets.class_names import class_names
from core.data.targets.notes import notes_of
from core.job_params import CompareParams
from core.plan import EncoderChoice, Plan, Validation
from core.workspace import DatasetRow
from pages.compare import columns_form, plan_kept, scoring_form
from pages.compare.choose import choose_form
from pages.data.columns import group_offer
from pages.shared import names, numbers, state
from pages.shared.i18n import _, _n, t
from pages.shared.markup import plain, short
from pages.shared.runs import comparisons, within


def draw(row: DatasetRow, schema: Schema, task: Task) -> Plan:
    """Predict … from … and … using … within …  →  the plan as it stands."""
    key = f"plan-{row.id}"
    target = str(schema.target)
    _as_last_time(row, schema, key)
    drop, keep = columns_form.draw(schema, key)
    texts, columns = [
        [name for name in schema.names(*roles) if name not in drop]
        for roles in (("text",), ("number", "category", "date"))
    ]
    st.markdown(_sentence(target, texts, columns))
    for note in notes_of(schema.target_as, target):
        st.caption(plain(t(note)))
    offers = st.container()
    own, time = _ways(key)
    plan = Plan(
        target=target,
        task=task,
        target_as=schema.target_as,
        drop=drop,
        keep=keep,
        mask=columns_form.masked(schema),
    )
    if own:
        plan = _own(plan, row, schema, task, texts, columns, within.MINUTES[time])
    else:
        plan = _offered(plan, row, schema, *within.offered(schema, row.n_rows, task, drop)[time])
    with offers:
        held_out = plan.validation.kind == "test_file"
        group_offer.draw(row, schema, state.report(row.id), "compare", test_file=held_out)
    return plan


def _ways(key: str) -> tuple[bool, str]:
    """Whether the candidates are chosen by hand, and the time there is."""
    left, right = st.columns(2)
    mode = left.segmented_control(
        _("Using"),
        ["amalgam", "own"],
        default="amalgam",
        required=True,
        format_func={"amalgam": _("let Amalgam compare"), "own": _("I choose")}.__getitem__,
        key=f"{key}-mode",
        persist_state="session",
    )
    own = mode == "own"
    with right:
        return own, within.draw(key, own=own)


def _offered(plan: Plan, row: DatasetRow, schema: Schema, candidates: list[str], budget: float | None) -> Plan:
    """The plan with the candidates that Amalgam takes, said in a line."""
    st.caption(plain(_("It trains {names}.").format(names=", ".join(names.candidate_label(one) for one in candidates))))
    validation = Validation(group=group_offer.chosen(row, schema))
    return plan.model_copy(update={"candidates": candidates, "validation": validation, "budget_seconds": budget})


def _own(
    plan: Plan, row: DatasetRow, schema: Schema, task: Task, texts: list[str], columns: list[str], budget: float | None
) -> Plan:
    """The plan with what a person chooses: encoders, families, models, how to score."""
    key = f"plan-{row.id}"
    read_as = {column: columns_form.encoder(schema.column(column), key) for column in texts}
    choice = choose_form.draw(schema, task, key, _classes(row, schema, task), columns, row)
    test_file = (state.folder(row.id) / "test.parquet").exists()
    scoring = scoring_form.draw(schema, row.n_rows, key, classes=task != "regression", test_file=test_file)
    return plan.model_copy(
        update={
            "candidates": choice.candidates,
            "encoders": {column: one for column, one in read_as.items() if one != EncoderChoice()},
            "model_settings": choice.model_settings,
            "descriptions": choice.descriptions,
            "rules": choice.rules,
            "column_descriptions": choice.column_descriptions,
            "questions": choice.questions,
            "language_model": choice.language_model,
            "balanced": choice.balanced,
            "search": choice.search,
            "validation": scoring.validation,
            "rows": scoring.rows,
            "seed": scoring.seed,
            "learning_curve": scoring.learning_curve,
            "budget_seconds": budget,
        }
    )


def _as_last_time(row: DatasetRow, schema: Schema, key: str) -> None:
    """In a new session, the form stands as it was when the comparison in the address, or the newest, was started."""
    if f"{key}-mode" in st.session_state or (job := comparisons.for_form(row.id)) is None:
        return
    plan = CompareParams.model_validate(job.params).plan
    task = plan.task or schema.task
    if plan.target == schema.target and task is not None:
        plan_kept.put_back(key, plan, schema, within.offered(schema, row.n_rows, task, plan.drop))


def _classes(row: DatasetRow, schema: Schema, task: Task) -> list[str]:
    """What the target's classes are called, the most frequent first."""
    if made := class_names(schema.target_as):
        return made
    report = state.report(row.id) if task != "regression" else None
    entries = report.columns if report else []
    return [value for entry in entries if entry.name == schema.target for value, _n in entry.top]


def _sentence(target: str, texts: list[str], columns: list[str]) -> str:
    gaps = {
        "target": f"**{short(target)}**",
        "texts": ", ".join(f"**{short(name)}**" for name in texts),
        "columns": _n("**{n}** other column", "**{n}** other columns", len(columns)).format(
            n=numbers.count(len(columns))
        ),
    }
    if texts and columns:
        return _("Predict {target} from {texts} and {columns}.").format(**gaps)
    if texts:
        return _("Predict {target} from {texts}.").format(**gaps)
    return _("Predict {target} from {columns}.").format(**gaps)
