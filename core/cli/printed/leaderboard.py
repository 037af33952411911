"""A comparison as a table to read in a terminal."""

from __future__ import annotations

import unicodedata

from core.catalog import METRICS, TASKS
from core.cli.terminal import Terminal
from core.evaluate.verdict.ladder import rung_line
from core.messages import _, clip, say
from core.results.amounts import duration, size
from core.results.comparison import CandidateResult, Comparison

STATUS = {
    "waiting": _("waiting"),
    "running": _("running"),
    "failed": _("failed"),
    "skipped": _("skipped"),
    "cancelled": _("cancelled"),
}


def show(result: Comparison, terminal: Terminal) -> None:
    """What was compared, the candidates with the best one first, and what there is to say about it."""
    t, metric = terminal.t, METRICS[result.metric]
    about = say(
        _("{target}: {task}, {n} rows"), target=clip(result.target), task=say(TASKS[result.task]), n=result.n_rows
    )
    terminal.show(t(about))
    for message in [result.metric_reason, *result.warnings]:
        if message:
            terminal.show(t(message))
    for left_out in result.excluded:
        terminal.show(f"{clip(left_out.column)}: {t(left_out.reason)}")
    heads = [
        t(_("Candidate")),
        t(metric.label),
        t(_("95 % interval")),
        t(_("Difference")),
        t(_("Training")),
        t(_("Size")),
    ]
    ranked = sorted(result.candidates, key=lambda line: _rank(line, result.metric))
    terminal.show()
    _lines(heads, [_cells(line, result.metric, terminal) for line in ranked], terminal)
    if result.endpoint is not None:
        terminal.show(t(result.endpoint.line()))
    terminal.show()
    if result.verdict:
        terminal.show(t(result.verdict.text))
    if len(result.ladder) > 1:
        terminal.show()
        terminal.show(t(_("Where the gain comes from, step by step:")))
        for rung in result.ladder:
            terminal.show(t(rung_line(rung, result)))


def width(text: str) -> int:
    """Places a text takes in a terminal; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def padded(text: str, places: int) -> str:
    """The text and as many spaces as it lacks."""
    return text + " " * (places - width(text))


def _lines(heads: list[str], rows: list[list[str]], terminal: Terminal) -> None:
    """Columns that line up, the first to the left, the others to the right; a row of two is a remark."""
    full = [row for row in rows if len(row) == len(heads)]
    widths = [max(map(width, column)) for column in zip(heads, *full, strict=True)]
    widths[0] = max([widths[0], *(width(row[0]) for row in rows)])
    for row in [heads, *rows]:
        if len(row) != len(heads):
            terminal.show(f"{padded(row[0], widths[0])}  {row[1]}")
            continue
        others = [" " * (places - width(cell)) + cell for cell, places in zip(row[1:], widths[1:], strict=True)]
        terminal.show("  ".join([padded(row[0], widths[0]), *others]).rstrip())


def _rank(line: CandidateResult, metric: str) -> tuple[bool, float]:
    return line.status != "ok", -line.scores[metric].mean if metric in line.scores else 0.0


def _cells(line: CandidateResult, metric: str, terminal: Terminal) -> list[str]:
    if line.status != "ok" or metric not in line.scores:
        status = terminal.t(_("left out") if line.left_out else STATUS.get(line.status, line.status))
        return [line.name, status if line.reason is None else f"{status}: {terminal.t(line.reason)}"]
    found, gain = line.scores[metric], line.difference
    return [
        line.name,
        f"{found.mean:.3f}",
        f"{found.low:.3f} – {found.high:.3f}",
        f"{gain.mean:+.3f} ({gain.to})" if gain else "",
        "" if line.fit_seconds is None else terminal.t(duration(line.fit_seconds)),
        "" if line.size_mb is None else terminal.t(size(line.size_mb)),
    ]
