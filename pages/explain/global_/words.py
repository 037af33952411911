"""Words that push most toward each class, or that raise and lower a number, and the rows they stand in."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.results.explanations.global_explanation import WordEffect
from pages.explain.amortized import view
from pages.explain.global_.charts import bars
from pages.explain.global_.common import Found
from pages.shared import numbers
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _, _n
from pages.shared.markup import plain
from pages.shared.runs import held_out_rows

MOST = 10  # words on each side


def draw(found: Found) -> None:
    """A class, its words, and the rows of a chosen word."""
    _words(found)
    view.draw(found.row, found.result, found.name, found.whole.output)


def _words(found: Found) -> None:
    whole = found.whole
    if not whole.words:
        st.caption(
            _("No text was opened into words: this candidate reads none, or the time did not reach. Allow more time.")
        )
        return
    labels = [label for label in whole.classes if any(word.label == label for word in whole.words)]
    label = ""
    if labels:
        label = str(st.selectbox(_("Class"), labels, key=f"words-class-{found.row.id}") or labels[0])
    words = strongest([word for word in whole.words if word.label == label])
    text = (
        _n(
            "Mean Shapley value of a word in the rows called so, out of {n} row opened into words.",
            "Mean Shapley value of a word in the rows called so, out of {n} rows opened into words.",
            whole.word_rows,
        )
        if label
        else _n(
            "Mean Shapley value of a word in the rows it stands in, out of {n} row opened into words.",
            "Mean Shapley value of a word in the rows it stands in, out of {n} rows opened into words.",
            whole.word_rows,
        )
    )
    hint = _("Click a bar to see the rows.")
    st.caption(plain(f"{text.format(n=numbers.count(whole.word_rows))} {hint}"))
    if whole.word_learned:
        st.caption(_("Begun with what was learned about explaining this model, then corrected by parts of each text."))
    key = f"words-{found.job}-{label}"
    several = len({word.column for word in whole.words}) > 1
    st.plotly_chart(
        chart_theme.kept(key, whole, lambda: bars.words(words, several_columns=several)),
        key=key,
        on_select=lambda: _clicked(key),
        selection_mode="points",
        config=chart_theme.config("words"),
        alt=_("Words by their mean effect: {words}").format(words=", ".join(word.text for word in words[::-1])),
    )
    data = pd.DataFrame([word.model_dump(exclude={"rows"}) for word in whole.words])
    with st.container(horizontal=True, horizontal_alignment="right"):
        display.download(data, f"{key}-csv", "words")
    places = list(range(len(words)))[::-1]
    chosen = st.selectbox(
        _("Rows with the word"), places, index=None, placeholder=_("none"), key=f"{key}-word",
        format_func=lambda place: f"{words[place].text} · {numbers.signed(words[place].value)}",
    )  # fmt: skip
    if chosen is not None:
        _rows(found, words[chosen], key)


def strongest(words: list[WordEffect]) -> list[WordEffect]:
    """The words that push most to either side, from the strongest away to the strongest toward."""
    lines = sorted(words, key=lambda word: word.value)
    away = [word for word in lines if word.value < 0][:MOST]
    toward = [word for word in lines if word.value >= 0][-MOST:]
    return away + toward


def _clicked(key: str) -> None:
    """A click on a bar chooses its word; a click beside them lets go."""
    points = st.session_state[key].selection.point_indices
    st.session_state[f"{key}-word"] = points[0] if points else None


def _rows(found: Found, word: WordEffect, key: str) -> None:
    if not held_out_rows.same_table(found.row, found.result):
        st.caption(_("The table was read anew since this run. Explain again to see the rows."))
        return
    template = _n(
        "“{word}” stands in {n} of the rows opened:",
        "“{word}” stands in {n} of the rows opened; the first {shown}:",
        word.n_rows,
    )
    line = template.format(word=word.text, n=numbers.count(word.n_rows), shown=numbers.count(len(word.rows)))
    st.caption(plain(line))
    frame = held_out_rows.whole(found.row.dataset, word.rows)
    frame.insert(0, _("Row"), [row + 1 for row in word.rows])
    display.table(frame.loc[:, ~frame.columns.duplicated()], f"{key}-rows", name="rows")
