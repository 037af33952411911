"""``task``: a text task on a column of a file, in several ways, scored where the file has a reference column."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from core.catalog.text_tasks.every import TextTask, text_task
from core.cli.printed.leaderboard import padded
from core.cli.tables import check_files, tell
from core.cli.terminal import Terminal
from core.data import table
from core.data.reading import read_files
from core.data.schema import ReadOptions
from core.data.texts.documents import split
from core.jobs import limits
from core.jobs.context import Context
from core.language.corpus import read_text
from core.messages import UnknownChoice, UnusableData, _
from core.results.text_tasks.answers import answers
from core.results.text_tasks.task import TaskResult
from core.run_jobs import write_csv
from core.text_tasks.inputs import Inputs, cells, checked, from_frame, from_sample, longest_column
from core.text_tasks.running import options_of, run
from core.workspace import COMMAND_LINE, Workspace, new_id

NAME = 32  # columns of a way's name

PLAIN = {".txt", ".md"}


def task(options: argparse.Namespace, terminal: Terminal) -> int:
    """Do a text task; without a file, on the sample that comes along with it."""
    entry = text_task(options.name)
    ways = [name.strip() for name in options.ways.split(",") if name.strip()]
    for name in ways:
        entry.way(name)
    chosen = settings(options.set, options.model)
    with tempfile.TemporaryDirectory(prefix="amalgam-") as place:
        folder = Path(place)
        frame, inputs = _inputs(entry, options, folder, terminal)
        if options.file is None:
            chosen = {**dict(entry.sample.options), **chosen}
        context = Context(
            Workspace(),
            COMMAND_LINE,
            new_id(),
            folder / "task",
            terminal.progress,
            threads=limits.slot_threads("heavy"),
            send_to=options.send_to,
        )
        context.folder.mkdir()
        result = run(entry, inputs, ways, options_of(entry, chosen), context, options.seed)
        if options.out is not None:
            _write(frame, result, context.folder, entry, options.out)
        if options.json:
            terminal.document(document_of(result, context.folder))
        else:
            show(entry, result, context.folder, terminal)
    return 0


def settings(pairs: list[str], model: str = "") -> dict[str, Any]:
    """``["sentences=3"]`` → ``{"sentences": "3"}``; pydantic makes numbers of them.

    Raises
    ------
    UnusableData
    """
    found: dict[str, Any] = {"model": model} if model else {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UnusableData(
                _("“{text}” is not a setting."), _("Write it like {example}."), text=pair, example="sentences=3"
            )
        found[name.strip()] = value.strip()
    return found


def document_of(result: TaskResult, folder: Path) -> dict[str, Any]:
    """A result as it is printed in JSON, each way's answers with it."""
    document = result.model_dump(mode="json")
    for line in document["ways"]:
        line["answers"] = [one.model_dump(mode="json") for one in answers(folder, line["way"])]
    return document


def show(entry: TextTask, result: TaskResult, folder: Path, terminal: Terminal) -> None:
    """Scores side by side, then the first answers of each way."""
    t = terminal.t
    scores = [score for score in entry.scores if any(score.name in line.scores for line in result.ways)]
    terminal.show(padded("", NAME) + "".join(padded(t(score.label), 24) for score in scores) + t(_("seconds")))
    for line in result.ways:
        found = [line.scores.get(score.name) for score in scores]
        numbers = [f"{one.mean:.3f} ({one.low:.3f} – {one.high:.3f})" if one else "–" for one in found]
        label = padded(t(entry.way(line.way).label), NAME)
        terminal.show(label + "".join(padded(text, 24) for text in numbers) + f"{line.seconds:.1f}")
        if line.reason is not None:
            terminal.note(line.reason)
        for note in line.notes:
            terminal.note(note)
    for line in result.ways:
        terminal.show()
        terminal.show(t(entry.way(line.way).label))
        for group in line.groups:
            terminal.show(f"  {group.name} ({group.n_rows}): {', '.join(group.words)}")
        for one in [] if line.groups else answers(folder, line.way)[:3]:
            terminal.show(f"  {one.row}: {one.answer}")
    if any(entry.way(line.way).writes for line in result.ways) and not result.options.get("model"):
        terminal.note(entry.limits)


def _inputs(
    entry: TextTask, options: argparse.Namespace, folder: Path, terminal: Terminal
) -> tuple[pd.DataFrame | None, Inputs]:
    if options.file is None:
        return None, from_sample(entry, options.rows, options.seed)
    frame = _read(options.file, folder / "texts", terminal)
    column = options.column or longest_column(frame.drop(columns=[options.reference], errors="ignore"))
    found = from_frame(frame, options.file.name, column, options.reference or "", options.rows, options.seed)
    return frame, checked(entry, Inputs(**{**vars(found), "documents": _documents(options, frame, folder, terminal)}))


def _documents(options: argparse.Namespace, frame: pd.DataFrame, folder: Path, terminal: Terminal) -> list[str]:
    """Documents from ``COLUMN`` of the same file, ``FILE`` or ``FILE:COLUMN``; a plain text falls into documents."""
    wanted: str | None = options.documents
    if wanted is None:
        return []
    if wanted in frame.columns:
        return list(dict.fromkeys(text for text in cells(frame[wanted]) if text))
    name, colon, column = wanted, "", ""
    if not Path(name).is_file():
        name, colon, column = wanted.rpartition(":")
    if not name or not Path(name).is_file():
        raise UnknownChoice(
            _("“{name}” is neither a column nor a file."), _("Write it like {example}."),
            name=wanted, example="documents.csv:text",
        )  # fmt: skip
    if Path(name).suffix in PLAIN:
        return [text for text in (" ".join(block.split()) for block in split(read_text(Path(name)))) if text]
    other = _read(Path(name), folder / "documents", terminal)
    found = from_frame(other, name, column if colon else longest_column(other))
    return list(dict.fromkeys(text.strip() for text in found.texts))


def _read(path: Path, into: Path, terminal: Terminal) -> pd.DataFrame:
    check_files([path])
    reading = read_files([path], ReadOptions(), into)
    tell(reading, terminal)
    return table.load(into)


def _write(frame: pd.DataFrame | None, result: TaskResult, folder: Path, entry: TextTask, out: Path) -> None:
    """The table with a new column for each way."""
    if out.is_dir():
        raise UnusableData(_("“{folder}” exists already."), _("Choose another place."), folder=str(out))
    if frame is None:
        first = next(answers(folder, line.way) for line in result.ways if line.status == "ok")
        frame = pd.DataFrame({"text": {one.row: one.text for one in first}})
        frame["reference"] = pd.Series({one.row: one.reference for one in first})
    for line in result.ways:
        given = {one.row: one.answer for one in answers(folder, line.way)}
        frame[f"{entry.new_column}_{line.way}"] = pd.Series(given, dtype=object)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_csv(frame, out)
