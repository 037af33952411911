"""``predict``: a file with predictions beside its columns."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from core.access.consent import A_FILE, Sender, on_behalf_of
from core.bundles import bundle
from core.cli.tables import check_files
from core.cli.terminal import Terminal
from core.data.targets.notes import notes_of
from core.messages import UnreadableFile, UnusableData, _, _n, say
from core.results.amounts import duration
from core.run_jobs import read_rows, score, write_csv, write_rows
from core.workspace import COMMAND_LINE, default_home


def predict(options: argparse.Namespace, terminal: Terminal) -> int:
    """Score a file with a bundle; without ``--out`` the scored rows are the result."""
    if not options.bundle.exists():
        raise UnreadableFile(_("There is no file “{file}”."), _("Check its name and folder."), file=str(options.bundle))
    check_files([options.file])
    if options.out is not None and options.out.is_dir():
        raise UnusableData(_("“{folder}” exists already."), _("Choose another place."), folder=str(options.out))
    opened = bundle.load(options.bundle, foreign=not options.any_model)
    with tempfile.TemporaryDirectory(prefix="amalgam-") as place:
        rows, rejected = read_rows([options.file], opened, Path(place))
    if rejected:
        terminal.note(
            say(
                _n("{n} line could not be read and was left out.", "{n} lines could not be read and were left out."),
                n=rejected,
            )
        )
    notes = [*notes_of(opened.manifest.target_as, opened.manifest.target), *opened.check(rows)]
    for note in notes:
        terminal.note(note)
    with on_behalf_of(Sender(default_home(), COMMAND_LINE, A_FILE, options.send_to)):
        scored, seconds = score(opened, rows)
    if options.out is not None:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        write_csv(scored, options.out)
    if options.json:
        terminal.document(
            {
                "out": None if options.out is None else str(options.out),
                "candidate": opened.manifest.candidate,
                "n_rows": len(scored),
                "seconds": seconds,
                "notes": [note.model_dump() for note in notes],
                **({} if options.out else {"rows": scored[[*_answers(scored)]].to_dict("records")}),
            }
        )
    elif options.out is None:
        write_rows(scored, terminal.out)
    terminal.note(
        say(
            _n("{n:,} row scored in {time}.", "{n:,} rows scored in {time}."),
            n=len(scored),
            time=duration(seconds),
        )
    )
    sys.stderr.flush()
    return 0


def _answers(scored: object) -> list[str]:
    names: list[str] = list(getattr(scored, "columns", []))
    return [name for name in names if name == "prediction" or name.startswith("probability_")]
