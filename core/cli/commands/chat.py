"""``chat``: a question about a table and a run of it, answered from their numbers."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.assistant.chat import Known, reply
from core.cli.tables import check_files, read_beside
from core.cli.terminal import Terminal
from core.data import profile
from core.data.schema import read_model
from core.jobs import limits
from core.jobs.context import Context
from core.messages import UnusableData, _
from core.results.comparison import Comparison
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
        known = Known(options.file.name, described, table.schema, result)
        found = reply(options.question, terminal.language, known, context)
    if options.json:
        terminal.document(found.model_dump(mode="json"))
        return 0
    if found.words:
        terminal.show(found.words)
    if found.note is not None:
        terminal.note(found.note)
    for fact in found.facts:
        terminal.show(f"- {terminal.t(fact)}")
    return 0


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
