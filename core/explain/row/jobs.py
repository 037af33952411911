"""The job that opens single rows into columns and words."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from core.data.schema import write_model
from core.explain.against_shap import export
from core.explain.open_candidate import OpenCandidate, open_candidate
from core.explain.row.estimate import EXACT_PLAYERS, ROW_PAIRS, WORD_TEXTS
from core.explain.row.rows import explain_row, open_texts
from core.job_params import ExplainParams
from core.jobs.context import Context
from core.messages import _, say
from core.results.explanations.rows import Explanation
from core.run_jobs import for_its_run

GAP = 1e-3  # an explanation whose bars miss the output by more says so


@for_its_run
def explain(params: dict[str, Any], context: Context) -> None:
    """Explain rows of one candidate (job kind ``explain``); writes ``explanation.json`` and ``shap.npz`` after each."""
    wanted = ExplainParams.model_validate(params)
    context.progress(say(_("Opening the model")), 0.02)
    model = open_candidate(context, wanted.run, wanted.candidate, output=wanted.output, seed=wanted.seed)
    began = time.monotonic()
    result = Explanation(
        run=wanted.run,
        candidate=wanted.candidate,
        output=wanted.output,
        unit=model.unit,
        background_rows=len(model.background),
    )
    for number, position in enumerate(wanted.rows):
        if position not in model.rows.index:
            text = _("Row {row} is not in the table any more.")
            result.warnings.append(say(text, row=position + 1))
            continue
        context.progress(
            say(_("Opening row {row} into columns and words"), row=position + 1), 0.05 + 0.9 * number / len(wanted.rows)
        )
        share = (number + 1) / len(wanted.rows)

        def write() -> None:
            result.seconds = time.monotonic() - began
            write_model(result, context.folder / "explanation.json")
            _write_shap(model, result, context)

        _open(model, wanted, position, result, _over(began, share * wanted.budget_seconds), write)
    write_model(result, context.folder / "explanation.json")


def _open(
    model: OpenCandidate,
    wanted: ExplainParams,
    position: int,
    result: Explanation,
    over: Callable[[], bool],
    write: Callable[[], None],
) -> None:
    """One row; what there is is written once the columns are there, and after each text."""
    row, game = explain_row(model, position, wanted.label, exact=EXACT_PLAYERS, pairs=ROW_PAIRS, enough=over)
    result.rows.append(row)
    if abs(row.error) > GAP * max(1.0, abs(row.output)):
        text = _("The bars of row {row} miss the output by {gap:.3g}: read them with care.")
        result.warnings.append(say(text, row=position + 1, gap=abs(row.error)))
    write()
    open_texts(model, row, game, texts=WORD_TEXTS, enough=over, opened=write)


def _write_shap(model: OpenCandidate, result: Explanation, context: Context) -> None:
    """The same rows for shap's plots."""
    cells = model.rows.loc[[row.row for row in result.rows], model.pipeline.columns_]
    about = {"run": result.run, "candidate": result.candidate}
    export.write(context.folder / export.SHAP_FILE, result.rows, cells, unit=result.unit, about=about)


def _over(began: float, seconds: float) -> Callable[[], bool]:
    """Whether so much time has gone."""
    return lambda: time.monotonic() - began > seconds
