"""The charts of an explained row: pure functions from a stored explanation to figures and shaded text."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.results.explanations.rows import ColumnEffect, Part, RowExplanation
from pages.shared import numbers
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import AGAINST, FOR, literal
from pages.shared.i18n import _, _n
from pages.shared.markup import plain

MOST_BARS = 12
LABEL_ROOM = 0.2  # beside the bars for their numbers, as a share of what they span; enough on a narrow screen
LONGEST_TEXT = 1200  # characters of a text that are shown shaded


def row(explanation: RowExplanation, unit: str) -> go.Figure:
    """From the base to the output: each column's bar begins where the one above it ended."""
    lines = biggest(explanation.columns)
    starts, place = [], explanation.base
    for line in lines:
        starts.append(place)
        place += line.value
    chart = chart_theme.figure(height=120 + 36 * len(lines))
    chart.add_trace(
        go.Bar(
            orientation="h",
            base=starts,
            x=[line.value for line in lines],
            y=list(range(len(lines))),
            marker={"color": [FOR if line.value >= 0 else AGAINST for line in lines]},
            error_x=_bands(lines),
            text=[numbers.signed(line.value) for line in lines],
            textposition="outside",
            cliponaxis=False,
            hovertext=[_bar_words(line) for line in lines],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    for value, words, lift in (
        (explanation.base, _("on average {n}"), 12),
        (explanation.output, _("this row {n}"), 28),
    ):
        chart.add_vline(x=value, line={"color": chart_theme.GREY, "dash": "dot", "width": 1})
        chart.add_annotation(
            x=value, y=1, yref="paper", yshift=lift, showarrow=False,
            text=words.format(n=numbers.figure(value)), font={"color": chart_theme.GREY},
        )  # fmt: skip
    chart.update_layout(margin={"t": 48, "r": 36}, showlegend=False)
    ends = [explanation.base, explanation.output, *starts, place]
    room = LABEL_ROOM * (max(ends) - min(ends) or 1.0)
    chart.update_xaxes(title=literal(unit), range=[min(ends) - room, max(ends) + room], fixedrange=True)
    chart.update_yaxes(
        tickvals=list(range(len(lines))), ticktext=[literal(line.name, 28) for line in lines],
        range=[len(lines) - 0.4, -0.6], fixedrange=True, zeroline=False, showgrid=False,
    )  # fmt: skip
    return chart


def _bands(lines: Sequence[ColumnEffect]) -> dict[str, object]:
    """95 % bands at the ends of sampled bars; exact bars have none."""
    reach = [(line.high - line.low) / 2 for line in lines]
    return {
        "type": "data",
        "array": reach,
        "color": chart_theme.GREY,
        "thickness": 1,
        "width": 4,
        "visible": any(reach),
    }


def biggest(columns: Sequence[ColumnEffect]) -> list[ColumnEffect]:
    """The columns with the longest bars; all others together as one, so that the sum stays whole."""
    lines = sorted(columns, key=lambda line: abs(line.value), reverse=True)
    if len(lines) <= MOST_BARS:
        return lines
    rest = lines[MOST_BARS - 1 :]
    together = ColumnEffect(
        name=_n("{n} other column", "{n} other columns", len(rest)).format(n=len(rest)),
        value=sum(line.value for line in rest),
        low=sum(line.low for line in rest),
        high=sum(line.high for line in rest),
    )
    return [*lines[: MOST_BARS - 1], together]


def _bar_words(line: ColumnEffect) -> str:
    effect = _("{value} ({low} to {high})").format(
        value=numbers.signed(line.value), low=numbers.signed(line.low), high=numbers.signed(line.high)
    )
    shown = f"“{literal(line.shown, 80)}”<br>" if line.shown else ""
    return f"{literal(line.name)}<br>{shown}{effect}"


def pushes(texts: Sequence[str], values: Sequence[float], hover: Sequence[str]) -> go.Figure:
    """Bars to both sides: away from an answer, and toward it."""
    chart = chart_theme.figure(height=90 + 26 * len(texts))
    places = list(range(len(texts)))
    chart.add_trace(
        go.Bar(
            orientation="h",
            y=places,
            x=list(values),
            marker={"color": [FOR if value >= 0 else AGAINST for value in values]},
            hovertext=list(hover),
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    chart.update_xaxes(title=_("← pushes away · pushes toward →"), zeroline=True, fixedrange=True)
    shown = [literal(text, 32) for text in texts]
    chart.update_yaxes(tickvals=places, ticktext=shown, fixedrange=True, zeroline=False, showgrid=False)
    return chart


def shaded(text: str, pieces: Sequence[Part]) -> str:
    """A text as Markdown of our own making: blue words push toward, orange ones away, strong ones on a ground.

    Every piece of the text is escaped; only the colours are Markdown.
    """
    words = sorted((piece for piece in pieces if piece.level == "word"), key=lambda piece: piece.start)
    strongest = max((abs(piece.value) for piece in words), default=0.0)
    out, place = [], 0
    for piece in words:
        if piece.start < place or piece.start >= LONGEST_TEXT:
            continue
        out.append(plain(text[place : piece.start]))
        out.append(_shade(text[piece.start : piece.end], piece.value, strongest))
        place = piece.end
    tail = text[place:] if len(text) <= LONGEST_TEXT else text[place : max(place, LONGEST_TEXT)] + " …"
    return "".join([*out, plain(tail)])


def _shade(word: str, value: float, strongest: float) -> str:
    share = abs(value) / strongest if strongest else 0.0
    if share < 0.1 or not word.strip():
        return plain(word)
    colour = "blue" if value > 0 else "orange"
    return f":{colour}-background[{plain(word)}]" if share >= 0.4 else f":{colour}[{plain(word)}]"
