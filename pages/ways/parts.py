"""What a diagram of a way is made of: boxes, arrows between them, and the numbers that pass along."""

from __future__ import annotations

from dataclasses import dataclass

from core.results.flow import Flow
from pages.shared import numbers
from pages.shared.i18n import _, _n

WIDE, HIGH = 0.84, 0.34  # half a box, in the diagram's units


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


TOP, SECOND, THIRD, BOTTOM = 4.0, 2.75, 1.25, 0.0  # rows and columns of boxes
LEFT, RIGHT = -1.05, 1.05


def cooperative(flow: Flow | None) -> tuple[list[Box], list[Arrow]]:
    """Texts become numbers, and a classical model learns from them and the columns."""
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


def joint(flow: Flow | None) -> tuple[list[Box], list[Arrow]]:
    """Both models in one piece: forwards what they know, backwards what the answer teaches."""
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
        Arrow(
            (LEFT - 0.2, SECOND - HIGH),
            (LEFT * 0.5 - 0.2, THIRD + HIGH),
            _width(flow),
            -1,
            (-WIDE, THIRD),
        ),
        Arrow((LEFT * 0.5 + 0.25, THIRD + HIGH), (LEFT + 0.25, SECOND - HIGH), back=True),
        Arrow((RIGHT, TOP - HIGH), (RIGHT * 0.5, THIRD + HIGH), _columns(flow)),
        Arrow((-0.2, THIRD - HIGH), (-0.2, BOTTOM + HIGH)),
        Arrow((0.2, BOTTOM + HIGH), (0.2, THIRD - HIGH), steps, back=True),
    ]
    return boxes, arrows


def assisted(flow: Flow | None) -> tuple[list[Box], list[Arrow]]:
    """A classical model that takes the language model's advice, as far as it trusts it."""
    boxes = [
        Box(_("Texts"), LEFT, TOP),
        Box(_("Columns"), RIGHT, TOP),
        Box(_("Language model"), LEFT, SECOND, llm=True),
        Box(_("Classical model"), RIGHT * 0.6, THIRD),
        Box(_("Answer"), RIGHT * 0.6, BOTTOM),
    ]
    trust = (
        _("advice") if flow is None or flow.trust is None else _("advice, trusted {n}").format(n=f"{flow.trust:.2g}")
    )
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
