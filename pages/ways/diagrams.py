"""The three ways as small diagrams: who hands what to whom, lit while it happens, numbered from this run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import plotly.graph_objects as go

from core.results.comparison import Candidate
from core.results.flow import Flow
from pages.shared import numbers
from pages.shared.charts import chart_theme
from pages.shared.i18n import _, _n

State = Literal["idle", "waiting", "running", "ok", "failed"]
HEIGHT = 400
WIDE, HIGH = 0.84, 0.34  # half a box, in the diagram's units
FAINT, FULL = 0.04, 0.22  # of a box's colour


@dataclass(frozen=True)
class Box:
    """A part of the diagram; the language model's is orange."""

    text: str
    x: float
    y: float
    llm: bool = False


@dataclass(frozen=True)
class Arrow:
    """From one place to another, with what passes along it."""

    start: tuple[float, float]
    end: tuple[float, float]
    label: str = ""
    side: int = 1  # the label stands to the right (1) or to the left (-1) of the middle
    at: tuple[float, float] | None = None  # or there
    back: bool = False  # gradients: what the answer teaches


def titles() -> dict[str, tuple[str, str]]:
    """Way → its name, and what it is in a sentence."""
    return {
        "cooperative": (
            _("Cooperative"),
            _("The language model turns each text into numbers; a classical model learns from them and the columns."),
        ),
        "joint": (
            _("Joint"),
            _("Language model and classical model learn together: each mistake corrects both, end to end."),
        ),
        "assisted": (
            _("Assisted"),
            _("The classical model learns by itself; the language model gives advice, which it may turn down."),
        ),
    }


def state(line: Candidate | None) -> State:
    """What a diagram shows of a candidate."""
    if line is None or line.status in {"skipped", "cancelled"}:
        return "idle"
    return cast(State, line.status)


def diagram(way: str, line: Candidate | None) -> go.Figure:
    """One way as a drawing, with the numbers of a candidate that goes this way."""
    now = state(line)
    flow = line.flow if line is not None and line.flow is not None else None
    boxes, arrows = {"cooperative": _cooperative, "joint": _joint, "assisted": _assisted}[way](flow)
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


def told(flow: Flow | None) -> list[tuple[str, str]]:
    """The same numbers in words: what, and how many."""
    if flow is None:
        return []
    lines = [
        (_("Rows trained on"), numbers.count(flow.n_rows)),
        (_("Different texts the language model read"), numbers.count(flow.n_texts)),
        (_("Numbers it hands over per row"), numbers.count(flow.width)),
        (_("Other columns"), numbers.count(flow.n_columns)),
    ]
    if flow.n_features:
        lines.append((_("Numbers per row the model takes"), numbers.count(flow.n_features)))
    if flow.n_trained:
        lines.append((_("The language model's parameters that changed"), numbers.count(flow.n_trained)))
    if flow.n_parameters:
        lines.append((_("Parameters trained with it"), numbers.count(flow.n_parameters)))
    if flow.n_steps:
        lines.append((_("Training steps"), numbers.count(flow.n_steps)))
    if flow.trust is not None:
        lines.append((_("Trust in the advice, from 0 to 1"), numbers.figure(flow.trust)))
    return [*lines, (_("Seconds of one fit"), numbers.figure(flow.fit_seconds))]


# The three drawings: the flow, if it is known  →  boxes and arrows

TOP, SECOND, THIRD, BOTTOM = 4.0, 2.75, 1.25, 0.0
LEFT, RIGHT = -1.05, 1.05


def _cooperative(flow: Flow | None) -> tuple[list[Box], list[Arrow]]:
    boxes = [
        Box(_("Texts"), LEFT, TOP),
        Box(_("Columns"), RIGHT, TOP),
        Box(_("Language model"), LEFT, SECOND, llm=True),
        Box(_("Classical model"), 0, THIRD),
        Box(_("Answer"), 0, BOTTOM),
    ]
    arrows = [
        _down(LEFT, TOP, SECOND, _texts(flow)),
        Arrow((LEFT, SECOND - HIGH), (LEFT * 0.5, THIRD + HIGH), _width(flow), side=-1),
        Arrow((RIGHT, TOP - HIGH), (RIGHT * 0.5, THIRD + HIGH), _columns(flow)),
        _down(0, THIRD, BOTTOM, _features(flow)),
    ]
    return boxes, arrows


def _joint(flow: Flow | None) -> tuple[list[Box], list[Arrow]]:
    boxes = [
        Box(_("Texts"), LEFT, TOP),
        Box(_("Columns"), RIGHT, TOP),
        Box(_("Language model"), LEFT, SECOND, llm=True),
        Box(_("Deciding part"), 0, THIRD),
        Box(_("Answer"), 0, BOTTOM),
    ]
    steps = (
        _n("corrections: {n} step", "corrections: {n} steps", flow.n_steps).format(n=numbers.count(flow.n_steps))
        if flow and flow.n_steps
        else ""
    )
    arrows = [
        _down(LEFT, TOP, SECOND, _texts(flow)),
        Arrow((LEFT - 0.2, SECOND - HIGH), (LEFT * 0.5 - 0.2, THIRD + HIGH), _width(flow), -1, (-WIDE, THIRD)),
        Arrow((LEFT * 0.5 + 0.25, THIRD + HIGH), (LEFT + 0.25, SECOND - HIGH), back=True),
        Arrow((RIGHT, TOP - HIGH), (RIGHT * 0.5, THIRD + HIGH), _columns(flow)),
        Arrow((-0.2, THIRD - HIGH), (-0.2, BOTTOM + HIGH)),
        Arrow((0.2, BOTTOM + HIGH), (0.2, THIRD - HIGH), steps, back=True),
    ]
    return boxes, arrows


def _assisted(flow: Flow | None) -> tuple[list[Box], list[Arrow]]:
    boxes = [
        Box(_("Texts"), LEFT, TOP),
        Box(_("Columns"), RIGHT, TOP),
        Box(_("Language model"), LEFT, SECOND, llm=True),
        Box(_("Classical model"), RIGHT * 0.6, THIRD),
        Box(_("Answer"), RIGHT * 0.6, BOTTOM),
    ]
    trust = _("advice") if flow is None or flow.trust is None else _("advice, trusted {n}").format(n=f"{flow.trust:g}")
    arrows = [
        _down(LEFT, TOP, SECOND, _texts(flow)),
        Arrow((LEFT, SECOND - HIGH), (RIGHT * 0.6 - WIDE, THIRD), trust, side=-1),
        Arrow((LEFT + WIDE, TOP - 0.1), (RIGHT * 0.45, THIRD + HIGH)),
        Arrow((RIGHT, TOP - HIGH), (RIGHT * 0.75, THIRD + HIGH), _columns(flow)),
        _down(RIGHT * 0.6, THIRD, BOTTOM, _features(flow)),
    ]
    return boxes, arrows


def _down(x: float, above: float, below: float, label: str) -> Arrow:
    return Arrow((x, above - HIGH), (x, below + HIGH), label)


def _texts(flow: Flow | None) -> str:
    return (
        _n("{n} text", "{n} texts", flow.n_texts).format(n=numbers.count(flow.n_texts)) if flow and flow.n_texts else ""
    )


def _width(flow: Flow | None) -> str:
    return (
        _n("{n} number", "{n} numbers", flow.width).format(n=numbers.count(flow.width)) if flow and flow.width else ""
    )


def _columns(flow: Flow | None) -> str:
    return numbers.columns(flow.n_columns) if flow and flow.n_columns else ""


def _features(flow: Flow | None) -> str:
    return (
        _n("from {n} number", "from {n} numbers", flow.n_features).format(n=numbers.count(flow.n_features))
        if flow and flow.n_features
        else ""
    )


# Drawing


def _colour(now: State, llm: bool, share: float) -> str:
    lit = now in {"running", "ok"}
    red, green, blue = (213, 94, 0) if llm and lit else (0, 114, 178) if lit else (138, 143, 152)
    return f"rgba({red},{green},{blue},{share})"


def _draw_box(chart: go.Figure, box: Box, now: State) -> None:
    chart.add_shape(
        type="rect",
        x0=box.x - WIDE,
        x1=box.x + WIDE,
        y0=box.y - HIGH,
        y1=box.y + HIGH,
        fillcolor=_colour(now, box.llm, FULL if now == "running" else FAINT),
        line={"color": _colour(now, box.llm, 1), "width": 3 if now == "running" else 1.5},
    )
    words = box.text.replace(" ", "<br>")
    text = f"<b>{words}</b>" if now == "running" else words
    chart.add_annotation(x=box.x, y=box.y, text=text, showarrow=False, font={"size": 13})


def _draw_arrow(chart: go.Figure, arrow: Arrow, now: State) -> None:
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
        x1=WIDE + 0.12,
        y0=THIRD - HIGH - 0.14,
        y1=SECOND + HIGH + 0.14,
        line={"color": _colour(now, True, 1), "width": 2, "dash": "dot"},
    )


def rows(lines: Sequence[tuple[str, Candidate]], metric: str, label: Any) -> list[dict[str, Any]]:
    """The three as a table: way, candidate, score, and all counts."""
    found = []
    for way, line in lines:
        score = line.scores.get(metric)
        found.append(
            {
                _("Way"): titles()[way][0],
                _("Candidate"): label(line),
                numbers.metric_label(metric): score.mean if score else None,
                _("Low"): score.low if score else None,
                _("High"): score.high if score else None,
                _("Training, s"): line.fit_seconds,
                **dict(told(line.flow)),
            }
        )
    return found
