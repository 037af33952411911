"""A comparison's candidates on the Compare page: live while it runs, then as they stand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.jobs import client
from core.plan import Plan
from core.results.comparison import Comparison
from core.workspace import DatasetRow, RunRow
from pages.compare import more_time
from pages.results import training, verdict_card
from pages.shared import navigation, numbers, state
from pages.shared.i18n import _, t
from pages.shared.markup import plain
from pages.shared.runs import leaderboard
from pages.shared.session import current


def draw(row: DatasetRow, job: client.Job | RunRow, plan: Plan) -> None:
    """The verdict and the leaderboard of this comparison, and whether they are of other settings than the plan's."""
    if isinstance(job, client.Job) and job.active:
        st.fragment(_live, run_every=2.0)(job.id)
        return
    result = stored(job.id)
    if result is None:
        return
    if result.plan_digest != plan.digest():
        st.warning(_("These numbers came from other settings than those above. Press Compare to refresh."))
    offer = partial(more_time.draw, row=row, job=job) if isinstance(job, client.Job) else more_time.draw
    _show(result, job.id, offer)
    if result.best:
        current.RUN.set(job.id)
        navigation.next_step(_("See the results"), "results")


def _live(job_id: str) -> None:
    if (result := stored(job_id)) is not None:
        _show(result, job_id, more_time.draw)
        training.live(client.folder(state.workspace(), job_id), result)


def _show(result: Comparison, run: str, left_out: Callable[[Comparison], None]) -> None:
    verdict_card.draw(result, run)
    caption = _("Ranked by {metric} over {folds} folds of {rows} rows; the bars are 95 % intervals.")
    if result.folds == 1:
        caption = _("Ranked by {metric} on a part held back of {rows} rows; the bars are 95 % intervals.")
    st.caption(
        plain(
            caption.format(
                metric=numbers.metric_phrase(result.metric), folds=result.folds, rows=numbers.count(result.n_rows)
            )
        )
    )
    for message in filter(None, [result.metric_reason, *result.warnings]):
        st.caption(plain(t(message)))
    leaderboard.draw(result, "board", left_out)


def stored(job_id: str) -> Comparison | None:
    """What a comparison came to so far; None before its first result."""
    return state.stored(Comparison, client.folder(state.workspace(), job_id) / "result.json")
