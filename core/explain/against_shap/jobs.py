"""The job that puts an explained row through shap."""

from __future__ import annotations

from typing import Any, NoReturn

from core.data.schema import read_model, write_model
from core.explain.against_shap.check import check
from core.explain.open_candidate import open_candidate
from core.job_params import ShapParams
from core.jobs import client
from core.jobs.context import Context
from core.messages import Message, UnusableData, _, say
from core.results.explanations.rows import Explanation
from core.results.explanations.shap_check import ExplainerName
from core.run_jobs import for_its_run
from core.workspace import checked_id

SHAP_CHECK = "shap_check.json"
COLUMNS = 0.5  # of the work, where texts are opened too


@for_its_run
def check_shap(params: dict[str, Any], context: Context) -> None:
    """Put one row of an explanation beside shap (job kind ``shap-check``); writes ``shap_check.json``.

    Raises
    ------
    UnusableData
        The explanation, or its row, is not there any more.
    """
    wanted = ShapParams.model_validate(params)
    context.progress(say(_("Opening the model")), 0.02)
    explanation = _explanation(wanted, context)
    row = next((one for one in explanation.rows if one.row == wanted.row), None)
    model = open_candidate(context, wanted.run, wanted.candidate, output=explanation.output, seed=wanted.seed)
    if row is None or wanted.row not in model.rows.index:
        _gone()
    n_texts = sum(bool(column.parts) for column in row.columns)
    seen: list[str] = []

    def told(explainer: ExplainerName, column: str, share: float) -> None:
        if column and column not in seen:
            seen.append(column)
        start = COLUMNS if n_texts else 1.0
        whole = start + (1 - start) * (len(seen) - 1 + share) / n_texts if column else start * share
        context.progress(stage(explainer, column), 0.1 + 0.9 * min(1.0, whole))

    frame = model.rows.loc[[wanted.row], model.pipeline.columns_]
    context.progress(say(_("Starting shap")), 0.05)
    result = check(model, row, frame, budget_seconds=wanted.budget_seconds, seed=wanted.seed, told=told)
    result.run, result.explanation = wanted.run, wanted.explanation
    write_model(result, context.folder / SHAP_CHECK)


def stage(explainer: ExplainerName, column: str) -> Message:
    """What shap is doing, in words."""
    if column:
        return say(_("shap’s {explainer} explainer: the words of “{column}”"), explainer=explainer, column=column)
    return say(_("shap’s {explainer} explainer: the columns"), explainer=explainer)


def _explanation(wanted: ShapParams, context: Context) -> Explanation:
    """It belongs to whoever asked for it."""
    found = None
    if client.get(context.workspace, checked_id(wanted.explanation), context.owner) is not None:
        found = read_model(Explanation, client.folder(context.workspace, wanted.explanation) / "explanation.json")
    if found is None or (found.run, found.candidate) != (wanted.run, wanted.candidate):
        _gone()
    return found


def _gone() -> NoReturn:
    raise UnusableData(_("The explanation to be checked is not there any more."), _("Explain the row again."))
