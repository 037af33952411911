"""Plain text files: the file's name is the class; what its documents are follows `core.data.texts.documents`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.data.delimited.typed_writer import Sink
from core.data.encodings import detect as encodings
from core.data.schema import Documents, ReadOptions
from core.data.texts import documents
from core.messages import Message, UnreadableFile, _, say

_NUMBERED = re.compile(r"(?<![\W_])[\W_]++\d++$|(?<![\W_\d])\d++$")
MIN_DOCUMENTS = 10  # so many files of few classes are documents rather than lists of lines


@dataclass(frozen=True)
class Texts:
    """What came of reading text files."""

    sink: Sink
    notes: list[Message]
    encoding: str
    documents: Documents | None  # how they were told apart; None: each file is one
    counts: dict[Documents, int]


def read(paths: list[Path], options: ReadOptions, into: Path) -> Texts:
    """Read text files into columns `text` and, of several files, `label`.

    Raises
    ------
    UnreadableFile
        There is no text in them, or not the marker that was asked for.
    """
    found = [encodings.checked(path, options.encoding) if options.encoding else encodings.find(path) for path in paths]
    labels = _labels(paths)
    whole = len(paths) >= MIN_DOCUMENTS and len(set(labels)) < len(paths) and options.documents is None
    counts = documents.count(documents.lines_of(path, name) for path, name in zip(paths, found, strict=True))
    how = None if whole else options.documents or counts.how
    names = ["text", "label"] if len(paths) > 1 else ["text"]
    with Sink(names, into, options) as sink:
        for path, name, label in zip(paths, found, labels, strict=True):
            lines = documents.lines_of(path, name)
            texts = _whole(path, name) if how is None else documents.pieces(lines, how, options, path.name)
            sink.add_rows([text, label][: len(names)] for text in texts)
        if sink.n_rows == 0:
            raise UnreadableFile(_("There is no text in these files."), _("Choose files with text in them."))
        notes = sink.finish()
    if how is not None:
        notes.append(documents.note(how, sink.n_rows, counts, options))
    if len(paths) > 1:
        notes.append(_label_note(how is None, paths))
    told: dict[Documents, int] = {"blank lines": counts.blocks, "lines": counts.lines}
    return Texts(sink, notes, found[0], how, told)


def _label_note(whole: bool, paths: list[Path]) -> Message:
    if _folders(paths):
        return say(_("The label is the name of the folder that the file lies in."))
    if whole:
        return say(_("Each file is one row; its label is the file's name without the number."))
    return say(_("The label is the name of the file."))


def _labels(paths: list[Path]) -> list[str]:
    """What tells the files apart: their folders, the ending if only that differs (`a.pos`, `a.neg`), else the name."""
    if folders := _folders(paths):
        return folders
    if len({path.stem for path in paths}) == 1 and len({path.suffix for path in paths}) == len(paths):
        return [path.suffix.lstrip(".") for path in paths]
    if len(paths) >= MIN_DOCUMENTS:
        return [_NUMBERED.sub("", path.stem) or path.stem for path in paths]
    stems = [path.stem for path in paths]
    return stems if len(set(stems)) == len(stems) else [path.name for path in paths]


def _folders(paths: list[Path]) -> list[str]:
    """The folder of each file, where many files lie in a few: `pos/1.txt`, `neg/1.txt`."""
    folders = [path.parent.name for path in paths]
    return folders if len(paths) >= MIN_DOCUMENTS and 1 < len(set(folders)) < len(paths) else []


def _whole(path: Path, encoding: str) -> Iterator[str]:
    if text := path.read_text(encoding=encoding).strip():
        yield text
