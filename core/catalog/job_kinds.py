"""The kinds of work, each with the function that does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.messages import _


@dataclass(frozen=True)
class JobKind:
    """A kind of work: the function that does it and the slot it waits for."""

    name: str
    label: str
    run: str  # "module:function" (params, context) → None; imported by the worker only
    slot: Literal["heavy", "light"]
    warm: tuple[str, ...] = ()  # modules a standby worker may import beforehand
    minutes: float | None = None  # the most it may take; others wait behind a light one


_TABLES = ("pandas", "pyarrow", "polars", "core.data.jobs")
_LEARNING = ("pandas", "sklearn", "torch", "transformers", "lightgbm", "core.run_jobs")
JOB_KINDS: dict[str, JobKind] = {
    kind.name: kind
    for kind in (
        JobKind("read", _("Reading a file"), "core.data.jobs:read", "light", _TABLES, minutes=20),
        JobKind("join-preview", _("Comparing keys"), "core.data.join.jobs:preview", "light", _TABLES, minutes=20),
        JobKind("clean", _("Looking for duplicates"), "core.data.jobs:clean", "light", minutes=20),
        JobKind("group", _("Looking for rows that belong together"), "core.data.jobs:group", "light", minutes=10),
        JobKind("compare", _("Training"), "core.run_jobs:compare", "heavy", _LEARNING),
        JobKind("explain", _("Explaining"), "core.explain.row.jobs:explain", "heavy", ("core.explain.row.jobs",)),
        JobKind("shap-check", _("Checking against shap"), "core.explain.against_shap.jobs:check_shap", "heavy"),
        JobKind("explain-whole", _("Explaining the whole data"), "core.explain.global_.jobs:explain_whole", "heavy"),
        JobKind("explain-cohort", _("Explaining a cohort"), "core.explain.global_.cohorts:explain_cohort", "heavy"),
        JobKind("attention", _("Looking at attention"), "core.explain.attention.jobs:attention", "heavy"),
        JobKind("embedding-map", _("Mapping embeddings"), "core.explain.embedding_map.jobs:embedding_map", "heavy"),
        JobKind("explain-trust", _("Testing the explanations"), "core.explain.quality.jobs:explain_trust", "heavy"),
        JobKind("learn-words", _("Learning to explain"), "core.explain.amortized.jobs:learn_words", "heavy"),
        JobKind("model-itself", _("Looking into the model"), "core.explain.model_internals.jobs:model_itself", "heavy"),
        JobKind("predict", _("Scoring a file"), "core.run_jobs:predict", "light", ("core.run_jobs",), minutes=30),
        JobKind("report", _("Writing a report"), "core.run_jobs:report", "light", minutes=10),
        JobKind("lm-train", _("Training language models"), "core.language.jobs:train", "heavy"),
        JobKind("task", _("Working on texts"), "core.text_tasks.jobs:task", "heavy"),
        JobKind("task-column", _("Adding a column"), "core.text_tasks.jobs:add_column", "light", minutes=20),
        JobKind(
            "generate", _("Writing"), "core.assistant.jobs:generate", "light", ("core.assistant.jobs",), minutes=10
        ),
    )
}
