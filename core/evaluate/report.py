"""A run as one HTML file that stands alone: no script, no network, every word from the data escaped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from core.catalog import METRICS
from core.evaluate.result import Comparison, Curve, Detail, Interval
from core.messages import Message, _, translate

SIDE = 220  # pixels of a small chart


def html(comparison: Comparison, details: dict[str, Detail], language: str, *, title: str) -> str:
    """The report of a comparison in one language."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["interval"] = interval
    best = details.get(comparison.best or "")

    def words(text: Message | str) -> str:
        return translate(text, language)

    return environment.get_template("report.html").render(
        language=language.replace("_", "-"),
        title=title,
        words=words,
        comparison=comparison,
        metrics=[METRICS[name] for name in METRICS if any(name in line.scores for line in comparison.candidates)],
        best=best,
        labels=labels(words),
        roc=line_chart(best.roc, words(_("False positive rate")), words(_("True positive rate"))) if best else "",
        calibration=line_chart(best.calibration, words(_("Predicted")), words(_("Observed"))) if best else "",
    )


def labels(words: object) -> dict[str, str]:
    """The headings of the report."""
    say = words if callable(words) else str
    return {
        "candidate": say(_("Candidate")),
        "scores": say(_("Scores with 95 % intervals")),
        "confusion": say(_("Confusion matrix of the best candidate (rows: truth, columns: prediction)")),
        "excluded": say(_("Columns left out")),
        "settings": say(_("Settings")),
        "seconds": say(_("Training, s")),
        "size": say(_("Size, MB")),
        "target": say(_("Target")),
        "rows": say(_("Rows")),
        "folds": say(_("Folds")),
        "seed": say(_("Seed")),
        "roc": say(_("ROC curve")),
        "calibration": say(_("Calibration")),
    }


def interval(value: Interval | None) -> str:
    """``0.81 (0.79 to 0.83)`` as ``0.810 (0.790–0.830)``."""
    return "" if value is None else f"{value.mean:.3f} ({value.low:.3f}–{value.high:.3f})"


def line_chart(curves: Sequence[Curve], x_title: str, y_title: str) -> Markup:
    """Curves in the unit square as inline SVG, with the diagonal; nothing if there is no curve."""
    if not curves:
        return Markup("")
    colours = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
    parts = [Markup('<svg viewBox="-40 -10 {0} {0}" width="320" role="img">').format(SIDE + 60)]
    parts.append(Markup('<rect width="{0}" height="{0}" fill="none" stroke="#999"/>').format(SIDE))
    parts.append(Markup('<line x1="0" y1="{0}" x2="{0}" y2="0" stroke="#ccc"/>').format(SIDE))
    for number, curve in enumerate(curves[:6]):
        points = " ".join(f"{x * SIDE:.1f},{(1 - y) * SIDE:.1f}" for x, y in zip(curve.x, curve.y, strict=True))
        parts.append(
            Markup(
                '<polyline fill="none" stroke-width="2" stroke="{}" points="{}"><title>{}</title></polyline>'
            ).format(colours[number], points, curve.label)
        )
    parts.append(
        Markup('<text x="{}" y="{}" font-size="12" text-anchor="middle">{}</text>').format(SIDE / 2, SIDE + 22, x_title)
    )
    parts.append(
        Markup(
            '<text x="-12" y="{0}" font-size="12" text-anchor="middle" transform="rotate(-90 -12 {0})">{1}</text>'
        ).format(SIDE / 2, y_title)
    )
    parts.append(Markup("</svg>"))
    return Markup("").join(parts)
