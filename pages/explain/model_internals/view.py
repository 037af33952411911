"""The model itself: what a classical model shows without being asked twice: its tree, weights, neighbours."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.explain.row.estimate import START
from core.job_params import OwnParams
from core.results.comparison import Comparison, candidate_folder
from core.results.explanations.model_internals import OWN_FILE, OwnExplanation
from core.workspace import RunRow
from pages.explain import common, row_picker
from pages.explain.model_internals import charts, parts, tree, words
from pages.results import soft_tree
from pages.shared import navigation, numbers, state
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _, _n, t
from pages.shared.markup import plain
from pages.shared.runs import job_panel
from pages.shared.session import current

MOST_LEVELS = 6  # that are drawn
SEARCHED = 2000  # rows that are looked through for similar ones


def draw(row: RunRow, result: Comparison, name: str) -> None:
    """The form, the job, what this kind of model has to show."""
    st.caption(
        _(
            "Classical models can be read directly: a tree by its questions, a weighted sum by its coefficients, "
            "neighbours by the rows they are. Nothing is approximated here."
        )
    )
    shown = common.newest("model-itself", OwnExplanation, OWN_FILE, row, name)
    _start(row, result, name, first=shown is None)
    job_panel.panel("model-itself", row.dataset)
    if shown is None:
        st.caption(_("The model has not been looked into yet. Choose a row to find similar ones for, and press Look."))
        return
    _job, own = shown
    for note in own.notes:
        st.info(plain(t(note)))
    if own.kind == "network":
        _network(row, name)
    if own.importances:
        _importances(own)
    if own.trees:
        _trees(own)
    if own.linear is not None:
        parts.weighted_sum(own, own.linear)
    if own.vectors is not None:
        parts.vectors(own)
    if own.neighbours is not None:
        parts.neighbours(own)


def _start(row: RunRow, result: Comparison, name: str, *, first: bool) -> None:
    position = row_picker.draw(row, current.require_dataset(), result, name)
    line = result.candidate(name)
    seconds = START + min(SEARCHED, result.n_rows) * ((line.ms_per_row if line else None) or 1.0) / 1000
    kind = "model-itself"
    if common.start_button(st.container(), kind, row.dataset, _("Look"), ":material/account_tree:", first=first):
        common.start(kind, OwnParams(run=row.id, candidate=name, row=position), row.dataset)
    st.caption(plain(_("This takes at most about {time}.").format(time=numbers.seconds(seconds))))


def _network(row: RunRow, name: str) -> None:
    if soft_tree.stored(candidate_folder(state.workspace().run_folder(row.id), name)) is None:
        return
    st.markdown(_("Its head is a soft tree, drawn on the Results page."))
    if st.button(_("Go to Results"), icon=":material/arrow_forward:", key="model-to-results"):
        navigation.go("results")


def _importances(own: OwnExplanation) -> None:
    st.markdown(_("**What its questions are about**"))
    gained = _("the fall of the loss by the splits on it") if own.kind == "boosting" else _("the fall of impurity")
    text = _("Importance of a column: {gained}, as a share of all. Columns of many values are favoured by it.")
    st.caption(text.format(gained=gained))
    figure = chart_theme.kept("own-importances", own, lambda: charts.shares(own.importances))
    data = pd.DataFrame([one.model_dump() for one in own.importances])
    display.show(figure, "own-importances", data, alt=_("Bars: importance of each source column in the model's trees"))


def _trees(own: OwnExplanation) -> None:
    st.markdown(
        _("**The tree**")
        if own.kind == "tree"
        else _n("**Its {n} tree**", "**One of its {n} trees**", own.n_trees).format(n=own.n_trees)
    )
    left, right = st.columns(2, vertical_alignment="bottom")
    names = [
        _("Tree {n}").format(n=number + 1) + (f": {one.adds_to}" if one.adds_to else "")
        for number, one in enumerate(own.trees)
    ]
    place = 0
    if len(names) > 1:
        place = left.selectbox(
            _("Tree"), range(len(names)), format_func=names.__getitem__, key=f"own-tree-{own.candidate}"
        ) or 0  # fmt: skip
    one = own.trees[place]
    levels = max(node.level for node in one.nodes)
    most = min(MOST_LEVELS, levels)
    chosen = right.slider(_("Levels"), 1, most, min(3, most), key="own-levels") if most > 1 else most
    leaves = _n("{n} leaf", "{n} leaves", one.n_leaves).format(n=numbers.count(one.n_leaves))
    depth = _n("{n} question", "{n} questions", one.depth).format(n=numbers.count(one.depth))
    line = _("It has {leaves} and asks at most {questions} in a row. Yes goes to the upper branch.")
    st.caption(line.format(leaves=leaves, questions=depth))
    if one.boosted:
        label = one.adds_to or own.target
        text = _("It is the first of many: its leaves say what it adds to the score of “{label}”, before all others.")
        st.caption(plain(text.format(label=label)))
    figure = chart_theme.kept(f"own-tree-{chosen}", one, lambda: tree.tree(one, int(chosen)))
    display.show(
        figure, "own-tree", tree.tree_table(one),
        name="tree", alt=_("The first levels of the tree: its questions, and what is said where it ends"),
    )  # fmt: skip
    with st.expander(_("The rules as text"), icon=":material/rule:"):
        text = words.rules(one)
        st.code(text, language=None, wrap_lines=True, height=400)
        st.download_button(
            _("Download as text"), text, file_name="tree.txt", mime="text/plain", type="tertiary",
            icon=":material/download:", on_click="ignore", key="own-rules",
        )  # fmt: skip
