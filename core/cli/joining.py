"""Second files, as flags say it: which, by which columns, how keys match; and what came of it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from core.data.join.documents import JOINS, Join, Joins
from core.data.join.making import Step
from core.data.schema import read_model
from core.job_params import JoinParams
from core.messages import Message, UnknownChoice, UnreadableFile, _, say


def steps(options: argparse.Namespace) -> list[Step]:
    """The joins that the flags ask for, each ``--join`` with its own ``--on``.

    Raises
    ------
    UnknownChoice, UnreadableFile
    """
    files: Sequence[Path] = options.join
    if len(options.on) != len(files):
        raise UnknownChoice(
            _("Each --join needs an --on of its own, and the other way round."),
            _("Write --join FILE --on COLUMN, or --on COLUMN=COLUMN where the second file calls it otherwise."),
        )
    if not files and (options.fuzzy is not None or options.ignore_case or options.repeats != "refuse"):
        raise UnknownChoice(
            _("“--fuzzy”, “--ignore-case” and “--repeats” are for a second file."), _("Add --join FILE.")
        )
    if options.fuzzy is not None and not 0 < options.fuzzy <= 1:
        raise UnknownChoice(_("“--fuzzy” is a number above 0, and 1 at most."))
    for file in files:
        if not file.is_file():
            raise UnreadableFile(_("There is no file “{file}”."), _("Check its name and folder."), file=str(file))
    return [Step(file, _asked(on, options)) for file, on in zip(files, options.on, strict=True)]


def made(folder: Path) -> list[Join]:
    """The joins of a table that was read into a folder."""
    return (read_model(Joins, folder / JOINS) or Joins()).joins


def judged_by_eye(join: Join) -> list[Message]:
    """The least similar keys that were taken for the same, a line each."""
    text = _("  {similarity:.2f}  “{key}” was taken for “{other}”.")
    return [
        say(text, similarity=pair.similarity, key=pair.key, other=pair.other_key) for pair in join.report.least_similar
    ]


def _asked(on: str, options: argparse.Namespace) -> JoinParams:
    """``COLUMN`` of both files, or ``COLUMN=COLUMN`` of the table and of the second file."""
    key, equals, other = on.rpartition("=")
    key, other = (key, other) if equals and key and other else (on, on)
    return JoinParams(
        key=key,
        other_key=other,
        sheet=options.join_sheet,
        ignore_case=options.ignore_case,
        similarity=options.fuzzy,
        repeats=options.repeats,
    )
