"""``chat``: a question about a table and a run of it, answered from their numbers."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from core.assistant.chat import of_run, reply
from core.assistant.explained import asked_class
from core.assistant.topics import Known
from core.cli.tables import check_files, read_beside
from core.cli.terminal import Terminal
from core.data import profile
from core.data.schema import read_model
from core.jobs import limits
from core.jobs.context import Context
from core.messages import UnusableData, _, say
from core.results.comparison import Comparison, candidate_folder
from core.results.language.chat import ChatReply, Offer
from core.workspace import COMMAND_LINE, Workspace, new_id


def chat(options: argparse.Namespace, terminal: Terminal) -> int:
    """Answer one question."""
    check_files([options.file])
    result = None if options.run is None else _result(options.run)
    with read_beside([options.file], None, result.target if result else "", terminal) as table:
        context = Context(
            Workspace(),
            COMMAND_LINE,
            new_id(),
            table.folder,
            terminal.progress,
            threads=limits.slot_threads("light"),
            send_to=options.send_to,
        )
        described = profile.describe(table.folder / "table.parquet", table.schema)
        known = Known(options.file.name, described, table.schema)
        if options.run is not None:
            known = of_run(known, options.run)
        found = reply(options.question, terminal.language, known, context)
    if options.json:
        terminal.document(found.model_dump(mode="json"))
        return 0
    _show(found, terminal)
    if found.offer is not None and options.run is not None:
        _offer(found.offer, options, result, terminal)
    return 0


def _show(found: ChatReply, terminal: Terminal) -> None:
    for one in found.said:
        terminal.show(f"{terminal.t(one.text)} {''.join(f'[{number}]' for number in one.cites)}".strip())
    if found.note is not None:
        terminal.note(found.note)
    for number, (fact, source) in enumerate(zip(found.facts, found.sources, strict=True), start=1):
        terminal.show(f"[{number}] {terminal.t(fact)} ({terminal.t(source)})")


def _offer(offer: Offer, options: argparse.Namespace, result: Comparison | None, terminal: Terminal) -> None:
    """The command that opens rows of the table into words."""
    bundle = candidate_folder(options.run, offer.candidate) / "bundle"
    if not bundle.is_dir():
        return
    label = asked_class(options.question, result.classes if result is not None else [])
    parts = ["python", "-m", "core", "explain", str(bundle), str(options.file), "--rows", "0:20"]
    parts += ["--class", label] if label is not None else []
    terminal.note(say(_("This command opens rows into columns and words:")))
    terminal.show(shlex.join(parts))


def _result(folder: Path) -> Comparison:
    """What ``compare --out`` left in a folder."""
    found = read_model(Comparison, folder / "result.json") if folder.is_dir() else None
    if found is None:
        raise UnusableData(
            _("There is no comparison in “{folder}”."),
            _("Name the folder that “compare --out” made."),
            folder=str(folder),
        )
    return found
