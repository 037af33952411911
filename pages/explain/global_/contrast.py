"""Two candidates' explanations beside each other: what does one look at that the other does not?"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.job_params import WholeParams
from core.jobs import client
from core.messages import clip
from core.results.comparison import Comparison, uses_llm
from core.results.explanations import contrast
from core.results.explanations.global_explanation import WholeExplanation
from core.workspace import RunRow
from pages.explain import common
from pages.explain.global_.charts import bars
from pages.explain.global_.common import Found
from pages.shared import names, numbers, state
from pages.shared.charts import display
from pages.shared.datetimes import when
from pages.shared.i18n import _, _n
from pages.shared.markup import plain, short
from pages.shared.runs import starting
from pages.shared.runs.board import ranking

MOST_LINES = 12
NOT = frozenset({"dummy"})


def draw(found: Found) -> None:
    """The other candidate, its columns beside these, the words that move one and not the other."""
    other = _other(found)
    if other is None:
        st.caption(_("There is no other candidate to set beside this one. Compare more candidates on this table."))
        return
    row, result, name = other
    theirs = common.newest("explain-whole", WholeExplanation, "whole.json", row, name)
    if theirs is None or not theirs[1].shapley:
        st.caption(_("The other one has not been explained yet."))
        if st.button(_("Explain it too"), type="primary", icon=":material/psychology:", key="explain-other-start"):
            params = WholeParams(run=row.id, candidate=name, output=found.whole.output)
            if starting.submit("explain-whole", params, row.dataset):
                st.rerun()
        return
    first, second = found.whole, theirs[1]
    labels = (_label(found.result, found.name), _label(result, name))
    if first.output != second.output and found.whole.classes:
        st.caption(_("The two were explained on different scales. Explain both on one to compare them closely."))
    _columns(found, contrast.columns(first, second), labels)
    _words(found, contrast.words(first, second), labels)


def _other(found: Found) -> tuple[RunRow, Comparison, str] | None:
    """A candidate of this or another run of the same table; at first one of the other kind, with or without an LLM."""
    runs = {run.id: run for run in state.workspace().runs(state.owner(), found.row.dataset, "compare")}
    left, right = st.columns(2)
    ids = list(runs)
    chosen = left.selectbox(
        _("Run"), ids, index=ids.index(found.row.id) if found.row.id in runs else 0,
        format_func=lambda one: f"{runs[one].name} · {when(runs[one].created)}", key=f"contrast-run-{found.row.id}",
    )  # fmt: skip
    row = runs[str(chosen)]
    result = state.stored(Comparison, state.workspace().run_folder(row.id) / "result.json")
    lines = [line for line in ranking.ranked(result) if line.mode not in NOT] if result else []
    if row.id == found.row.id:
        lines = [line for line in lines if line.name != found.name]
    if result is None or not lines:
        return None
    own = found.result.candidate(found.name)
    done = _explained(row)
    usual = max(lines, key=lambda line: (line.name in done, own is not None and uses_llm(line) != uses_llm(own)))
    options = [line.name for line in lines]
    name = right.selectbox(
        _("Beside"), options, index=options.index(usual.name), format_func=lambda one: _label(result, one),
        key=f"contrast-candidate-{row.id}-{found.name}",
    )  # fmt: skip
    return row, result, str(name or usual.name)


def _explained(row: RunRow) -> set[str]:
    """The candidates of a run that a job has explained."""
    found = client.jobs(state.workspace(), state.owner(), kind="explain-whole", dataset=row.dataset, limit=20)
    return {
        str(job.params.get("candidate")) for job in found if job.state == "done" and job.params.get("run") == row.id
    }


def _label(result: Comparison, name: str) -> str:
    line = result.candidate(name)
    return name if line is None else names.line_label(line, result.task)


def _columns(found: Found, frame: pd.DataFrame, labels: tuple[str, str]) -> None:
    st.markdown(f"**{_sentence(frame, labels)}**")
    shown = frame.head(MOST_LINES)
    title = _("part of all movement")
    figure = bars.beside(shown, list(shown["column"]), *labels, title, ".0%")
    alt = _("Each column's part of all movement in {first} and in {second}").format(first=labels[0], second=labels[1])
    display.show(figure, f"contrast-columns-{found.job}", frame, name="contrast-columns", alt=alt)


def _sentence(frame: pd.DataFrame, labels: tuple[str, str]) -> str:
    both = frame.fillna(0.0)
    line = both.loc[(both["first"] - both["second"]).abs().idxmax()]
    template = _("“{column}” differs most: {first} of all movement in {one}, {second} in {other}.")
    return template.format(
        column=short(line["column"], 40),
        first=f"{line['first']:.0%}",
        second=f"{line['second']:.0%}",
        one=plain(labels[0]),
        other=plain(labels[1]),
    )


def _words(found: Found, frame: pd.DataFrame, labels: tuple[str, str]) -> None:
    st.markdown(_("**Words that move one more than the other**"))
    if frame.empty:
        st.caption(_("No word was opened in two rows or more. Allow more time, or choose candidates that read texts."))
        return
    st.caption(
        plain(
            _(
                "A word's mean effect as a part of how far a row is moved in all; 0: it is not among the words that "
                "move this one. Words of at least two rows."
            )
        )
    )
    if frame["label"].nunique() > 1 or frame["label"].iloc[0]:
        classes = list(dict.fromkeys(frame["label"]))
        label = st.selectbox(_("Class"), classes, key=f"contrast-class-{found.row.id}")
        frame = frame[frame["label"] == label]
    shown = frame.head(MOST_LINES)
    figure = bars.beside(shown, list(shown["word"]), *labels, _("part of all movement"), ".0%")
    alt = _("Words that move {first} and {second} differently: {words}").format(
        first=labels[0], second=labels[1], words=", ".join(shown["word"])
    )
    display.show(figure, f"contrast-words-{found.job}", frame, name="contrast-words", alt=alt)
    words = {
        "word": st.column_config.Column(_("Word")),
        "column": st.column_config.Column(_("Column")),
        "first": st.column_config.NumberColumn(clip(labels[0], 30), format="percent"),
        "second": st.column_config.NumberColumn(clip(labels[1], 30), format="percent"),
        "rows": st.column_config.NumberColumn(_("Rows")),
    }
    with st.expander(_("All words"), icon=":material/table:"):
        st.dataframe(
            frame.drop(columns="label"), hide_index=True, column_config=words, key=f"contrast-table-{found.job}"
        )
    st.caption(_n("{n} word in all.", "{n} words in all.", len(frame)).format(n=numbers.count(len(frame))))
