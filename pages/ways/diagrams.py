"""The three ways drawn: who hands what to whom, lit while it happens, numbered from this run."""

from __future__ import annotations

from typing import Literal, cast

import plotly.graph_objects as go

from core.results.comparison import CandidateResult
from pages.shared.charts import chart_theme
from pages.ways import parts

State = Literal["idle", "waiting", "running", "ok", "failed"]
HEIGHT = 400
FAINT, FULL = 0.04, 0.22  # of a box's colour


def state(line: CandidateResult | None) -> State:
    """What a diagram shows of a candidate."""
    if line is None or line.status in {"skipped", "cancelled"}:
        return "idle"
    return cast(State, line.status)


def diagram(way: str, line: CandidateResult | None) -> go.Figure:
    """One way as a drawing, with the numbers of a candidate that goes this way."""
    now = state(line)
    flow = line.flow if line is not None and line.flow is not None else None
    boxes, arrows = {"cooperative": parts.cooperative, "joint": parts.joint, "assisted": parts.assisted}[way](flow)
    chart = chart_theme.figure(height=HEIGHT)
    chart.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False)
    chart.update_xaxes(visible=False, range=[-2.05, 2.05], fixedrange=True)
    chart.update_yaxes(visible=False, range=[-0.55, 4.55], fixedrange=True)
    # the axes need a trace to take their ranges
    chart.add_trace(go.Scatter(x=[0], y=[0], mode="markers", marker={"opacity": 0}, hoverinfo="skip"))
    if way == "joint":
        _frame(chart, now)
    for arrow in arrows:
        _draw_arrow(chart, arrow, now)
    for box in boxes:
        _draw_box(chart, box, now)
    return chart


def _colour(now: State, llm: bool, share: float) -> str:
    lit = now in {"running", "ok"}
    red, green, blue = (213, 94, 0) if llm and lit else (0, 114, 178) if lit else (138, 143, 152)
    return f"rgba({red},{green},{blue},{share})"


def _draw_box(chart: go.Figure, box: parts.Box, now: State) -> None:
    chart.add_shape(
        type="rect",
        x0=box.x - parts.WIDE,
        x1=box.x + parts.WIDE,
        y0=box.y - parts.HIGH,
        y1=box.y + parts.HIGH,
        fillcolor=_colour(now, box.llm, FULL if now == "running" else FAINT),
        line={"color": _colour(now, box.llm, 1), "width": 3 if now == "running" else 1.5},
    )
    words = box.text.replace(" ", "<br>")
    text = f"<b>{words}</b>" if now == "running" else words
    chart.add_annotation(x=box.x, y=box.y, text=text, showarrow=False, font={"size": 13})


def _draw_arrow(chart: go.Figure, arrow: parts.Arrow, now: State) -> None:
    (x0, y0), (x1, y1) = arrow.start, arrow.end
    chart.add_annotation(
        x=x1,
        y=y1,
        ax=x0,
        ay=y0,
        axref="x",
        ayref="y",
        text="",
        showarrow=True,
        arrowhead=2,
        arrowwidth=3 if now == "running" else 1.5,
        arrowcolor=_colour(now, arrow.back, 1),
    )
    if arrow.label:
        x, y = arrow.at or ((x0 + x1) / 2, (y0 + y1) / 2)
        chart.add_annotation(
            x=x,
            y=y,
            text=arrow.label,
            showarrow=False,
            xanchor="left" if arrow.side > 0 else "right",
            xshift=8 * arrow.side,
            font={"size": 12},
        )


def _frame(chart: go.Figure, now: State) -> None:
    """Around what is trained in one piece."""
    chart.add_shape(
        type="rect",
        x0=-2.0,
        x1=parts.WIDE + 0.12,
        y0=parts.THIRD - parts.HIGH - 0.14,
        y1=parts.SECOND + parts.HIGH + 0.14,
        line={"color": _colour(now, True, 1), "width": 2, "dash": "dot"},
    )
