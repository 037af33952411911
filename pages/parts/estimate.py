"""How long a comparison will take, judged by the last one of the same table; nothing is said where nothing is known."""

from __future__ import annotations

from core.evaluate.result import Comparison
from core.jobs.client import Job
from core.plan import Plan


def from_run(job: Job | None, result: Comparison, plan: Plan) -> float | None:
    """Seconds, in proportion to what its candidates took; None if one of them has not been trained yet."""
    taken = {line.name: line.fit_seconds for line in result.candidates if line.fit_seconds is not None}
    if job is None or job.state != "done" or plan.search.trials or not set(plan.candidates) <= set(taken):
        return None
    everything = sum(taken.values())
    if not everything:
        return None
    share = sum(taken[name] for name in plan.candidates) / everything
    rounds = 1 if plan.validation.kind != "kfold" else plan.validation.folds
    rows = (plan.rows or result.n_rows) / max(1, result.n_rows)
    return job.elapsed_seconds * share * (rounds + 1) / (result.folds + 1) * rows
