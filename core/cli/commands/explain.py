"""``explain``: rows of a file opened into columns and words; any table with the columns the model needs will do."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from typing import Any

from core.access.consent import A_FILE, Sender, on_behalf_of
from core.bundles import bundle
from core.catalog import load
from core.cli.printed.explanation import show, show_checks
from core.cli.tables import check_files
from core.cli.terminal import Terminal
from core.explain.against_shap import export
from core.explain.amortized.estimate import FEWEST_LESSONS
from core.explain.amortized.jobs import Work
from core.explain.open_candidate import OpenCandidate
from core.explain.row.estimate import EXACT_PLAYERS, ROW_PAIRS, SHAP_SECONDS, WORD_TEXTS
from core.explain.row.rows import explain_row, open_texts
from core.job_params import LearnParams
from core.jobs import limits
from core.jobs.context import Context
from core.messages import UnknownChoice, UnreadableFile, UnusableData, _, _n, say
from core.results.explanations.rows import RowExplanation
from core.results.explanations.shap_check import ShapCheck, reasons, sentence
from core.run_jobs import read_rows
from core.workspace import COMMAND_LINE, Workspace, default_home, new_id


def explain(options: argparse.Namespace, terminal: Terminal) -> int:
    """Open rows of a file with a bundle."""
    if not options.bundle.exists():
        raise UnreadableFile(_("There is no file “{file}”."), _("Check its name and folder."), file=str(options.bundle))
    check_files([options.file])
    opened = bundle.load(options.bundle, foreign=not options.any_model)
    classes = opened.manifest.classes
    if options.label is not None and options.label not in classes:
        text = _("“{label}” is not a class of this model.")
        raise UnknownChoice(text, _("Choose one of: {known}."), label=options.label, known=classes)
    sender = Sender(default_home(), COMMAND_LINE, A_FILE, options.send_to)
    with tempfile.TemporaryDirectory(prefix="amalgam-") as place, on_behalf_of(sender):
        rows, _rejected = read_rows([options.file], opened, Path(place))
        for note in opened.check(rows):
            terminal.note(note)
        context = Context(
            Workspace(), COMMAND_LINE, new_id(), Path(place), terminal.progress, threads=limits.slot_threads("heavy")
        )
        context.progress(say(_("Opening the model")), 0.0)
        kept = options.learned or Path(place) / "learned"
        model = OpenCandidate(opened, rows, context, output=options.output, seed=options.seed, learned_folder=kept)
        if options.learn is not None:
            _learn(model, options)
        _note_learned(model, options, terminal)
        wanted = positions(options.rows, len(rows))
        began = time.monotonic()
        found: list[RowExplanation] = []
        for number, position in enumerate(wanted):
            context.progress(say(_("Opening row {row} into columns and words"), row=position + 1), number / len(wanted))
            over = _over(began, options.budget, (number + 1) / len(wanted))
            found.append(_row(model, position, options.label, options.texts or WORD_TEXTS, over))
        checks = _checks(model, found, options) if options.check_shap else []
        if options.shap is not None:
            _write_shap(model, found, options.shap, terminal)
    if options.json:
        terminal.document(
            {
                "candidate": opened.manifest.candidate,
                "unit": model.unit,
                "class": options.label or "",
                "background_rows": len(model.background),
                "rows": [row_document(row, check) for row, check in zip_longest(found, checks)],
            }
        )
    else:
        show(found, model.unit, len(model.background), terminal)
        show_checks(checks, terminal)
    return 0


def positions(asked: str, n_rows: int) -> list[int]:
    """Rows by their places, counted from 0: ``3``, ``3,5``, ``0:20`` without its end, ``:``.

    Raises
    ------
    UnusableData
    """
    found: list[int] = []
    for part in asked.split(","):
        first, colon, last = part.strip().partition(":")
        try:
            low, high = int(first or 0), int(last or n_rows)
            found += range(max(0, low), min(high, n_rows)) if colon else [int(first)]
        except ValueError:
            text = _("“{asked}” names no rows.")
            raise UnusableData(text, _("Name them like 3, 3,5 or 0:20."), asked=asked) from None
    if not found or min(found) < 0 or max(found) >= n_rows:
        beyond = _n(
            "The file has {n:,} row; there is no row “{asked}”.", "The file has {n:,} rows; there is no row “{asked}”."
        )
        raise UnusableData(beyond, _("Rows are counted from 0."), n=n_rows, asked=asked)
    return list(dict.fromkeys(found))


def row_document(row: RowExplanation, check: ShapCheck | None = None) -> dict[str, Any]:
    """A row as it is printed in JSON, and shap beside it where that was asked for."""
    beside = {} if check is None else {"shap": check_document(check)}
    return {
        "row": row.row,
        "class": row.label,
        "base": row.base,
        "output": row.output,
        "columns": [
            {
                **column.model_dump(include={"name", "shown", "value", "low", "high", "learned"}),
                "parts": [part.model_dump() for part in column.parts],
            }
            for column in row.columns
        ],
        "error": row.error,
        "evaluations": row.evaluations,
        "seconds": row.seconds,
        **beside,
    }


def check_document(check: ShapCheck) -> dict[str, Any]:
    """shap beside a row as it is printed in JSON."""
    return {
        "version": check.shap_version,
        "repeated_rows": check.repeated_rows,
        "seconds": check.seconds,
        "parts": [
            {
                **part.model_dump(exclude={"bars"}),
                "bars": [{**bar.model_dump(), "difference": bar.difference} for bar in part.bars],
                "largest_difference": abs(part.worst.difference),
                "share_of_longest": part.share,
                "agreement": part.agreement,
                "sentences": [one.model_dump() for one in (sentence(part, check.unit), *reasons(part))],
            }
            for part in check.parts
        ],
    }


def _checks(model: OpenCandidate, found: list[RowExplanation], options: argparse.Namespace) -> list[ShapCheck]:
    """Every row through shap, which is imported here only if it was asked for."""
    check: Callable[..., ShapCheck] = load("core.explain.against_shap.check:check")
    budget = (options.budget or SHAP_SECONDS * len(found)) / len(found)
    checks = []
    for number, row in enumerate(found):
        text = _("Checking row {row} against shap")
        model.context.progress(say(text, row=row.row), number / len(found))
        frame = model.rows.loc[[row.row], model.pipeline.columns_]
        checks.append(check(model, row, frame, budget_seconds=budget, seed=options.seed))
    return checks


def _write_shap(model: OpenCandidate, found: list[RowExplanation], path: Path, terminal: Terminal) -> None:
    """The rows for shap's plots, and how to load them."""
    cells = model.rows.loc[[row.row for row in found], model.pipeline.columns_]
    export.write(path, found, cells, unit=model.unit, about={"candidate": model.manifest.candidate})
    text = _("“{file}” holds the rows for shap’s plots. In a notebook:")
    terminal.note(say(text, file=str(path)))
    terminal.note(f"{export.snippet(path.name)}{export.PLOTS}")
    if len({row.label for row in found}) > 1:
        text = _("Each row stands there for the class it was called. For one class in all rows, add --class.")
        terminal.note(say(text))


def _row(
    model: OpenCandidate, position: int, label: str | None, texts: int, over: Callable[[], bool]
) -> RowExplanation:
    row, game = explain_row(model, position, label, exact=EXACT_PLAYERS, pairs=ROW_PAIRS, enough=over)
    open_texts(model, row, game, texts=texts, enough=over)
    return row


def _note_learned(model: OpenCandidate, options: argparse.Namespace, terminal: Terminal) -> None:
    """How far what was learned is off, or that there is nothing to use."""
    if options.learn is None and options.learned is None:
        return
    texts = [column.name for column in model.schema.columns if column.role == "text"]
    for about in [found.about for name in texts if (found := model.learned(name)) is not None]:
        text = _("“{column}”: without any masked text the word values are off by {error:.0%}.")
        terminal.note(say(text, column=about.column, error=about.error))
        return
    terminal.note(say(_("Nothing of use was learned about this model; its words are explained without.")))


def _learn(model: OpenCandidate, options: argparse.Namespace) -> None:
    if options.learn < FEWEST_LESSONS:
        text = _n("{n} text is too few to learn from.", "{n} texts are too few to learn from.")
        raise UnusableData(text, _("Take {least:,} or more."), n=options.learn, least=FEWEST_LESSONS)
    wanted = LearnParams(
        run="", candidate=model.manifest.candidate, output=options.output, lessons=options.learn, seed=options.seed
    )
    work = Work(wanted, model)
    work.go()
    work.keep()


def _over(began: float, budget: float | None, share: float) -> Callable[[], bool]:
    """Whether this share of the time allowed has gone."""
    return lambda: budget is not None and time.monotonic() - began > share * budget
