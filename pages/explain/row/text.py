"""A text column's bar opened: the text shaded, its sentences, the words of a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.messages import clip
from core.results.explanations.rows import ColumnEffect, Part
from pages.explain.row import charts
from pages.shared import numbers
from pages.shared.charts import chart_theme, display
from pages.shared.charts.chart_theme import AGAINST, FOR, literal
from pages.shared.i18n import _
from pages.shared.markup import plain

MOST_LINES = 40


def draw(column: ColumnEffect, key: str) -> None:
    """Text → sentences → words, each level summing to the one above."""
    heading = _("{column}: {value} in all, opened into words")
    st.markdown(f"**{plain(heading.format(column=column.name, value=numbers.signed(column.value)))}**")
    st.markdown(charts.shaded(column.shown, column.parts))
    st.caption(_("Blue words push toward this answer, orange ones away from it."))
    if column.learned:
        st.caption(_("Begun with what was learned about explaining this model, then corrected by parts of this text."))
    sentences = [part for part in column.parts if part.level == "sentence"]
    with st.expander(
        _("Sentence by sentence, word by word") if sentences else _("Word by word"), icon=":material/bar_chart:"
    ):
        chosen = _sentences(column, sentences, key) if sentences else None
        _words(column, chosen, key)


def words_of(column: ColumnEffect, sentence: Part | None) -> list[Part]:
    """The words of a sentence, or of the whole text, in their order."""
    words = sorted((part for part in column.parts if part.level == "word"), key=lambda part: part.start)
    return [word for word in words if sentence is None or sentence.start <= word.start < sentence.end]


def bars(parts: Sequence[Part], *, numbered: bool = False) -> go.Figure:
    """Each piece's value with its 95 % band, in the order they are read."""
    lines = list(parts)[:MOST_LINES]
    places = list(range(len(lines)))
    chart = chart_theme.figure(height=90 + 24 * len(lines))
    chart.add_trace(
        go.Bar(
            orientation="h",
            x=[part.value for part in lines],
            y=places,
            marker={"color": [FOR if part.value >= 0 else AGAINST for part in lines]},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [part.high - part.value for part in lines],
                "arrayminus": [part.value - part.low for part in lines],
                "color": chart_theme.GREY,
                "thickness": 1,
                "width": 3,
            },
            hovertext=[_hover(part) for part in lines],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    names = [literal(part.text, 32) for part in lines]
    if numbered:
        names = [f"{number} · {name}" for number, name in enumerate(names, start=1)]
    chart.update_xaxes(title=_("← pushes away · pushes toward →"), zeroline=True, fixedrange=True)
    chart.update_yaxes(
        tickvals=places, ticktext=names, range=[len(lines) - 0.4, -0.6], fixedrange=True, zeroline=False, showgrid=False
    )
    return chart


def _sentences(column: ColumnEffect, sentences: list[Part], key: str) -> Part | None:
    figure = chart_theme.kept("sentences", column, partial(bars, sentences, numbered=True))
    alt = _("The share of each sentence in the value of the column {column}").format(column=column.name)
    display.show(figure, f"{key}-sentences", _frame(sentences), name="sentences", alt=alt)
    number = st.selectbox(
        _("Sentence"),
        range(len(sentences)),
        index=None,
        placeholder=_("all of them"),
        format_func=lambda place: f"{place + 1} · {clip(sentences[place].text, 60)}",
        key=f"{key}-sentence",
    )
    return None if number is None else sentences[number]


def _words(column: ColumnEffect, sentence: Part | None, key: str) -> None:
    words = words_of(column, sentence)
    name = "words" if sentence is None else f"words-{sentence.start}"
    figure = chart_theme.kept(name, column, partial(bars, words))
    alt = _("The share of each word in the value of the column {column}").format(column=column.name)
    display.show(figure, f"{key}-{name}", _frame(words), name="words", alt=alt)
    if len(words) > MOST_LINES:
        st.caption(_("The first {n} words are drawn; the file has all of them.").format(n=MOST_LINES))
    if any(word.direct is not None for word in words):
        st.caption(
            _(
                "The file also has each word's direct contribution: what its own share of the text's vector adds. It "
                "leaves out that a word changes how the others are read."
            )
        )


def _frame(parts: Sequence[Part]) -> pd.DataFrame:
    return pd.DataFrame([part.model_dump() for part in parts]).dropna(axis="columns", how="all")


def _hover(part: Part) -> str:
    effect = _("{value} ({low} to {high})").format(
        value=numbers.signed(part.value), low=numbers.signed(part.low), high=numbers.signed(part.high)
    )
    return f"“{literal(part.text, 80)}”<br>{effect}"
