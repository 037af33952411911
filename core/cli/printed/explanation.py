"""Explained rows as they are read in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from core.cli.printed.leaderboard import padded, width
from core.cli.terminal import Terminal
from core.messages import _, _n, clip, say
from core.results.explanations.rows import ColumnEffect, Part, RowExplanation
from core.results.explanations.shap_check import ShapCheck, explainer_about, reasons, sentence

WIDTH = 24  # characters of a bar
MOST_WORDS = 8  # of a text, those that push most


def show(rows: Sequence[RowExplanation], unit: str, n_background: int, terminal: Terminal) -> None:
    """Each row: base, bars, words, output."""
    words = {"log-odds": say(_("log-odds")), "probability": say(_("probability"))}
    shown_unit = words.get(unit, _safe(unit, 40))
    for row in rows:
        head = _("Row {row}, “{label}”: base {base:.4g}, output {output:.4g} ({unit})")
        if not row.label:
            head = _("Row {row}: base {base:.4g}, output {output:.4g} ({unit})")
        given = {
            "row": row.row,
            "label": _safe(row.label, 40),
            "base": row.base,
            "output": row.output,
            "unit": shown_unit,
        }
        terminal.show(terminal.t(say(head, **given)))
        longest = max((abs(column.value) for column in row.columns), default=0.0)
        name = max((len(_safe(column.name, 24)) for column in row.columns), default=0)
        for column in row.columns:
            terminal.show(_line(column, longest, name))
        terminal.show()
    text = _n(
        "A hidden column takes its value in {n} row of the training data.",
        "A hidden column takes its values in {n} rows of the training data.",
    )
    terminal.note(say(text, n=n_background))


def show_checks(checks: Sequence[ShapCheck], terminal: Terminal) -> None:
    """Our bars and shap's in two columns of numbers, and what there is to say about them."""
    for check in checks:
        for part in check.parts:
            head = _("Row {row} beside shap {version}")
            if part.column:
                head = _("Row {row} beside shap {version}: the words of “{column}”")
            given = {"row": check.row, "version": check.shap_version, "column": _safe(part.column, 40)}
            terminal.show(terminal.t(say(head, **given)))
            names = [_safe(bar.name, 24) for bar in part.bars]
            longest = max(map(width, names), default=0)
            for name, bar in zip(names, part.bars, strict=True):
                terminal.show(
                    f"  {padded(name, longest)} {bar.ours:+12.6g} {bar.theirs:+12.6g}{_band(bar.theirs_reach)}"
                )
            for message in (explainer_about(part.explainer), sentence(part, check.unit), *reasons(part)):
                terminal.show(f"  {terminal.t(message)}")
            terminal.show()
        text = _("Row {row}: {ours:.2g} s here, {theirs:.2g} s by shap.")
        terminal.note(say(text, row=check.row, ours=check.ours_seconds, theirs=check.seconds))


def _band(reach: float) -> str:
    return f" ±{reach:.2g}" if reach > 0 else ""


def _line(column: ColumnEffect, longest: float, places: int) -> str:
    band = _band((column.high - column.low) / 2)
    length = round(WIDTH * abs(column.value) / longest) if longest else 0
    line = f"  {padded(_safe(column.name, 24), places)} {column.value:+10.4g}{band} {'█' * length}"
    words = [part for part in column.parts if part.level == "word" and part.text.strip()]
    strongest = sorted(words, key=lambda part: -abs(part.value))[:MOST_WORDS]
    if strongest:
        return f"{line}\n    {', '.join(_word(part) for part in sorted(strongest, key=lambda part: part.start))}"
    return f"{line}  {_safe(column.shown, 40)}".rstrip()


def _word(part: Part) -> str:
    return f"{_safe(part.text, 30)} {part.value:+.3g}"


def _safe(text: str, length: int) -> str:
    """Data in a line: nothing in it can steer the terminal."""
    return "".join(letter for letter in clip(text, length) if letter.isprintable())
