"""The job that ranks a candidate's columns over the rows that meet a condition."""

from __future__ import annotations

import time
from typing import Any

from core.data.schema import write_model
from core.explain.global_.estimate import COHORT_ROWS
from core.explain.global_.rows import Found, RowsOpened, cells_of, write_frame
from core.explain.global_.sample import open_sample
from core.job_params import CohortParams
from core.jobs.context import Context
from core.messages import _, say
from core.results.explanations.global_explanation import Cohort, of_class, ranked
from core.run_jobs import for_its_run


@for_its_run
def explain_cohort(params: dict[str, Any], context: Context) -> None:
    """Rank the columns over a cohort (job kind ``explain-cohort``).

    Writes ``cohort.json`` and ``whole_rows.parquet`` as it goes.
    """
    wanted = CohortParams.model_validate(params)
    context.progress(say(_("Opening the model")), 0.05)
    began = time.monotonic()
    model, _scored, _unseen = open_sample(
        context, wanted.run, wanted.candidate, COHORT_ROWS, output=wanted.output, seed=wanted.seed, where=wanted.where
    )
    rows = RowsOpened(model)
    n_all = len(model.rows)
    result = Cohort(run=wanted.run, candidate=wanted.candidate, output=wanted.output, where=wanted.where, n_rows=0)

    def keep(found: Found) -> None:
        lines = found.frame(cells_of(model.rows.loc[found.rows, rows.columns], model.schema))
        write_frame(lines, context.folder / "whole_rows.parquet")
        result.n_rows, result.shapley = len(found.rows), ranked(of_class(lines, None))
        result.seconds = time.monotonic() - began
        write_model(result, context.folder / "cohort.json")
        text = _("Ranking the columns: row {n} of {all}")
        context.progress(say(text, n=result.n_rows, all=n_all), result.n_rows / n_all)

    rows.open(keep, lambda: time.monotonic() - began > wanted.budget_seconds)
