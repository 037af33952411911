"""How training went, as charts and tables: the loss step by step, on rows trained on and on rows held back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from core.results.training_curves import CurvePoint, FoldCurve, TrainingCurves
from pages.shared.charts import chart_theme
from pages.shared.i18n import _

ALL = "all"  # the fit on all rows


@dataclass(frozen=True)
class _Place:
    """A point with its place along the whole training of a fold; a gap where another encoder begins."""

    step: int | None
    point: CurvePoint | None


def fold_label(fold: str) -> str:
    """“Fold 2”, or that it was the fit on all rows."""
    return _("all rows") if fold == ALL else _("Fold {n}").format(n=int(fold) + 1)


def live(curve: FoldCurve) -> go.Figure:
    """The training under way, small: both losses so far, on an axis as long as the training may become."""
    chart = chart_theme.figure(height=220)
    _lines(chart, curve, chart_theme.ACCENT, _("rows it is trained on"), _("rows held back"))
    last = curve.points[-1]
    done = _places(curve)[-1].step or last.step
    _axes(chart)
    chart.update_xaxes(range=[0, done - last.step + last.steps])
    chart.update_layout(showlegend=True)
    return chart


def folds(curves: TrainingCurves) -> go.Figure:
    """A colour per fold: faint on the rows it was trained on, strong with dots on rows held back."""
    chart = chart_theme.figure(height=400)
    for place, curve in enumerate(curves.folds):
        _lines(chart, curve, chart_theme.SERIES[place % len(chart_theme.SERIES)], "", fold_label(curve.fold))
    _axes(chart)
    chart.update_layout(showlegend=True)
    return chart


def table(curves: Sequence[FoldCurve]) -> pd.DataFrame:
    """One line per point."""
    return pd.DataFrame(
        [
            {
                _("Fold"): fold_label(curve.fold),
                _("Step"): point.step,
                _("of steps"): point.steps,
                _("Loss on rows trained on"): point.train,
                _("Loss on rows held back"): point.validation,
            }
            for curve in curves
            for point in curve.points
        ]
    )


def _lines(chart: go.Figure, curve: FoldCurve, colour: str, train: str, validation: str) -> None:
    """Both losses of a training; where rows are never held back, the one on training rows stands for it."""
    places = _places(curve)
    held = [one for one in places if one.point is None or one.point.validation is not None]
    judged = any(one.point for one in held)
    chart.add_trace(
        go.Scatter(
            x=[one.step for one in places],
            y=[one.point.train if one.point else None for one in places],
            name=train or validation,
            legendgroup=curve.fold,
            showlegend=bool(train) or not judged,
            mode="lines",
            opacity=0.45 if judged else 1.0,
            line={"color": colour, "width": 1.5},
            hovertemplate=_("step {step}: {loss} on rows trained on").format(step="%{x}", loss="%{y:.3f}")
            + "<extra></extra>",
        )
    )
    if not judged:
        return
    chart.add_trace(
        go.Scatter(
            x=[one.step for one in held],
            y=[one.point.validation if one.point else None for one in held],
            name=validation,
            legendgroup=curve.fold,
            mode="lines+markers",
            line={"color": chart_theme.SECOND if train else colour, "width": 2},
            marker={"size": 7},
            hovertemplate=_("step {step}: {loss} on rows held back").format(step="%{x}", loss="%{y:.3f}")
            + "<extra></extra>",
        )
    )


def _places(curve: FoldCurve) -> list[_Place]:
    """Points along one axis: where steps begin anew, another encoder's training follows after a gap."""
    found: list[_Place] = []
    before = last = 0
    for point in curve.points:
        if point.step <= last:
            before += last
            found.append(_Place(None, None))
        last = point.step
        found.append(_Place(before + point.step, point))
    return found


def _axes(chart: go.Figure) -> None:
    chart.update_xaxes(title=_("Step"), fixedrange=True)
    chart.update_yaxes(title=_("Loss"), rangemode="tozero", fixedrange=True)
