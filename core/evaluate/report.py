"""A run as one HTML file that stands alone: no script, no network, every word from the data escaped."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from core.catalog import METRICS
from core.data.schema import read_model
from core.data.targets.notes import notes_of
from core.evaluate import summary
from core.evaluate.verdict.ladder import rung_line
from core.messages import Message, _, clip, say, translate
from core.plan import Plan
from core.results import kept_texts
from core.results.amounts import duration, size
from core.results.comparison import Comparison, Curve, Detail, Interval, candidate_folder
from core.results.kept_texts import Kept

NOTHING = Kept()
SIDE = 220  # pixels of a small chart
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")


def of_run(folder: Path, language: str, *, title: str) -> str | None:
    """The report of a run from its folder; None if its result is not there.

    Examples
    --------
    >>> page = of_run(workspace.run_folder(row.id), "en", title=row.name)  # doctest: +SKIP
    """
    result = read_model(Comparison, folder / "result.json")
    if result is None:
        return None
    details = {
        line.name: detail
        for line in result.candidates
        if (detail := read_model(Detail, candidate_folder(folder, line.name) / "detail.json"))
    }
    about = kept_texts.About(task="summary", candidate=result.best or "", language=language)
    return html(
        result, details, language, title=title, plan=read_model(Plan, folder / "plan.json"),
        kept=kept_texts.read(folder, about),
    )  # fmt: skip


def html(
    comparison: Comparison, details: dict[str, Detail], language: str, *,
    title: str, plan: Plan | None = None, kept: Kept = NOTHING,
) -> str:  # fmt: skip
    """The report of a comparison in one language.

    Parameters
    ----------
    details : dict
        Candidate → what is known of it; the best one's is drawn.
    plan : Plan, optional
        Every setting, shown with the command that repeats the comparison.
    kept : Kept, optional
        The summary that was written or edited; without one that of the rules stands.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["interval"] = interval
    best, winner = details.get(comparison.best or ""), comparison.candidate(comparison.best or "")
    told = summary.of_run(comparison, comparison.best or "", best)

    def words(text: Message | str) -> str:
        return translate(text, language)

    return environment.get_template("report.html").render(
        language=language.replace("_", "-"),
        title=title,
        words=words,
        duration=duration,
        size=size,
        comparison=comparison,
        told=told,
        kept=kept.text,
        origin=[words(line) for line in origin(kept, told)],
        ladder=[words(rung_line(rung, comparison)) for rung in comparison.ladder],
        metrics=[METRICS[name] for name in METRICS if any(name in line.scores for line in comparison.candidates)],
        target_notes=[words(note) for note in notes_of(comparison.target_as, comparison.target)],
        best=best,
        heading=words(say(_("Best candidate: {name}"), name=winner.label(comparison.task))) if best and winner else "",
        labels={name: words(text) for name, text in LABELS.items()},
        states={name: words(text) for name, text in STATES.items()},
        charts=charts(best, words) if best else [],
        command=shlex.join(["python", "-m", "core", "compare", "FILE", *_flags(comparison)]) if plan else "",
        plan=json.dumps(plan.model_dump(mode="json"), ensure_ascii=False, indent=2) if plan else "",
    )


LABELS = {
    "summary": _("In plain words"),
    "to_do": _("What to do next"),
    "to_doubt": _("What to doubt"),
    "ladder": _("Where the gain comes from"),
    "candidate": _("Candidate"),
    "scores": _("Scores with 95 % intervals"),
    "confusion": _("Confusion matrix of the best candidate (rows: truth, columns: prediction)"),
    "class": _("Class"),
    "precision": _("Precision"),
    "recall": _("Recall"),
    "excluded": _("Columns left out"),
    "settings": _("Settings"),
    "seconds": _("Training"),
    "size": _("Size"),
    "target": _("Target"),
    "rows": _("Rows"),
    "folds": _("Folds"),
    "seed": _("Seed"),
    "command": _("The command that does the same"),
}
STATES = {
    "waiting": _("waiting"),
    "running": _("running"),
    "failed": _("failed"),
    "skipped": _("skipped"),
    "cancelled": _("cancelled"),
    "left_out": _("left out"),
}


def charts(best: Detail, words: Callable[[str], str]) -> list[tuple[str, Markup]]:
    """The curves of a candidate: heading and drawing of each that there is."""
    rates = words(_("False positive rate")), words(_("True positive rate"))
    drawn = [
        (words(_("ROC curve")), line_chart(best.roc, *rates)),
        (
            words(_("Precision-recall curve")),
            line_chart(best.precision_recall, words(_("Recall")), words(_("Precision")), diagonal=False),
        ),
        (words(_("Calibration")), line_chart(best.calibration, words(_("Predicted")), words(_("Observed")))),
    ]
    return [(heading, chart) for heading, chart in drawn if chart]


def origin(kept: Kept, told: summary.Summary) -> list[Message]:
    """Who wrote the summary, when, and whether it was checked."""
    return kept_texts.origin(kept, moment, kept_texts.fingerprint(told.text("en")), by_you=False)


def moment(seconds: float) -> str:
    """A point in time as a report, read anywhere, gives it.

    Examples
    --------
    >>> moment(0.0)
    '1970-01-01 00:00 UTC'
    """
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


def _flags(comparison: Comparison) -> list[str]:
    return ["--target", comparison.target, "--plan", "plan.json"]


def interval(value: Interval | None) -> str:
    """A score with its interval, as it stands in a cell of the report.

    Examples
    --------
    >>> interval(Interval(mean=0.81, low=0.79, high=0.83))
    '0.810 (0.790–0.830)'
    """
    return "" if value is None else f"{value.mean:.3f} ({value.low:.3f}–{value.high:.3f})"


def line_chart(curves: Sequence[Curve], x_title: str, y_title: str, *, diagonal: bool = True) -> Markup:
    """Curves in the unit square as inline SVG with their names below; nothing if there is no curve."""
    if not curves:
        return Markup("")
    shown = curves[: len(COLOURS)]
    parts = [
        Markup('<svg viewBox="-40 -10 {} {}" width="320" role="img">').format(SIDE + 60, SIDE + 44 + 16 * len(shown))
    ]
    parts.append(Markup('<rect width="{0}" height="{0}" fill="none" stroke="#999"/>').format(SIDE))
    if diagonal:
        parts.append(Markup('<line x1="0" y1="{0}" x2="{0}" y2="0" stroke="#ccc"/>').format(SIDE))
    for number, curve in enumerate(shown):
        points = " ".join(f"{x * SIDE:.1f},{(1 - y) * SIDE:.1f}" for x, y in zip(curve.x, curve.y, strict=True))
        parts.append(
            Markup(
                '<polyline fill="none" stroke-width="2" stroke="{}" points="{}"><title>{}</title></polyline>'
            ).format(COLOURS[number], points, curve.label)
        )
        name = curve.label if curve.area is None else f"{curve.label} ({curve.area:.3f})"
        parts.append(
            Markup('<text x="0" y="{}" font-size="12" fill="{}">{}</text>').format(
                SIDE + 40 + 16 * number, COLOURS[number], clip(name, 40)
            )
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
