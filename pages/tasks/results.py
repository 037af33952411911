"""What the ways of a text task answered: scores side by side, answers row by row, one answer opened."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.assistant.measured_abilities import MODEL, limits
from core.catalog.text_tasks.every import Score, TextTask
from core.jobs import client
from core.jobs.client import Job
from core.results.text_tasks.answers import answers
from core.results.text_tasks.task import Shown, TaskResult, WayResult
from pages.shared import numbers, state
from pages.shared.charts import display
from pages.shared.i18n import _, t
from pages.shared.markup import plain
from pages.tasks import charts, column, opened

MOST_SHOWN = 500


def draw(task: TextTask, result: TaskResult, job: Job) -> None:
    """Scores, then answers; what can be done with them."""
    folder = client.folder(state.workspace(), job.id)
    for note in result.notes:
        st.caption(plain(t(note)))
    _scores(task, result, job.id)
    for line in result.ways:
        _said(task, line)
    given = {line.way: answers(folder, line.way) for line in result.ways if line.status != "waiting"}
    given = {way: found for way, found in given.items() if found}
    if not given:
        return
    for line in result.ways:
        _groups(task, line, job.id)
    rows = _rows(task, given)
    st.markdown(_("**Answers**"))
    shown = rows.head(MOST_SHOWN)
    event = st.dataframe(
        shown, hide_index=True, key=f"answers-{job.id}", on_select="rerun", selection_mode="single-row",
        placeholder="–",
    )  # fmt: skip
    with st.container(horizontal=True, horizontal_alignment="right"):
        display.download(rows, f"answers-{job.id}-csv", f"{task.name}-answers")
    chosen = event.selection.rows if event else []
    if chosen:
        opened.draw(task, int(shown.iloc[chosen[0]].iloc[0]) - 1, given)
    else:
        st.caption(_("Choose a row to read its answers in full."))
    if any(task.way(way).writes for way in given) and all(line.model in {"", MODEL} for line in result.ways):
        st.caption(plain(f"{t(task.limits)} {t(limits())}"))
    if not job.active:
        column.draw(task, result, job)


def _scores(task: TextTask, result: TaskResult, key: str) -> None:
    scores = [score for score in task.scores if any(score.name in line.scores for line in result.ways)]
    if not scores:
        if any(line.status == "ok" for line in result.ways):
            st.caption(_("Nothing to compare with was given, so these answers have no score."))
        return
    best = result.way(result.best) if result.best else None
    if best is not None and len(result.ways) > 1:
        st.markdown(_verdict(task, scores[0], result, best))
    display.show(
        charts.scores(task, scores, result.ways), f"scores-{key}", _table(task, scores, result),
        name=f"{task.name}-scores", alt=_("Scores of each way with their 95 % intervals"),
    )  # fmt: skip
    for score in scores:
        st.caption(f"**{plain(t(score.label))}** · {plain(t(score.about))}")


def _verdict(task: TextTask, score: Score, result: TaskResult, best: WayResult) -> str:
    """Which way is ahead, and whether its interval is clear of the others'."""
    others = [line for line in result.ways if line is not best and score.name in line.scores]
    own = best.scores[score.name]
    if score.higher_is_better:
        clear = all(own.low > line.scores[score.name].high for line in others)
    else:
        clear = all(own.high < line.scores[score.name].low for line in others)
    name = plain(t(task.way(best.way).label))
    if others and not clear:
        words = _("**{way}** is ahead by {score}, but within the intervals of another way: too close to call.")
    else:
        words = _("**{way}** is ahead by {score}.")
    return words.format(way=name, score=plain(t(score.label)))


def _table(task: TextTask, scores: list[Score], result: TaskResult) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                _("Way"): t(task.way(line.way).label),
                **{t(score.label): numbers.score_with_interval(line.scores.get(score.name)) for score in scores},
                _("Rows scored"): line.n_scored,
                _("Seconds"): round(line.seconds, 1),
            }
            for line in result.ways
        ]
    )


def _said(task: TextTask, line: WayResult) -> None:
    """What a way has to say of itself: why it failed, what to know about its answers."""
    label = plain(t(task.way(line.way).label))
    if line.reason is not None:
        st.warning(f"**{label}** · {plain(t(line.reason))} {plain(t(line.hint))}".strip(), icon=":material/warning:")
    for note in line.notes:
        st.caption(f"**{label}** · {plain(t(note))}")


def _groups(task: TextTask, line: WayResult, key: str) -> None:
    if not line.groups:
        return
    st.markdown(f"**{plain(t(task.way(line.way).label))}**")
    frame = pd.DataFrame(
        {
            _("Name"): [group.name for group in line.groups],
            _("Texts"): [group.n_rows for group in line.groups],
            _("Words"): [" · ".join(group.words) for group in line.groups],
            _("For example"): [group.examples[0] if group.examples else "" for group in line.groups],
        }
    )
    display.table(frame, f"groups-{key}-{line.way}", name=f"{task.name}-groups")


def _rows(task: TextTask, given: dict[str, list[Shown]]) -> pd.DataFrame:
    """A line per text: what it says, what was expected, what each way answered."""
    lines: dict[int, dict[str, object]] = {}
    for way, found in given.items():
        label = t(task.way(way).label)
        for one in found:
            line = lines.setdefault(one.row, {_("Row"): one.row + 1, _("Text"): one.text})
            if one.reference is not None:
                line[_("Reference")] = one.reference
            line[label] = one.answer
    return pd.DataFrame(list(lines.values()))
