"""Plain text files: the file's name is the class; its lines, or the file as a whole, are the texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from core.data import encoding as encodings
from core.data.schema import ReadOptions
from core.data.sink import Sink
from core.messages import Message, UnreadableFile, _, say

MIN_DOCUMENTS = 10  # so many files of few classes are documents rather than lists of lines


def read(paths: list[Path], options: ReadOptions, into: Path) -> tuple[Sink, list[Message], str]:
    """Read text files into columns `text` and, of several files, `label`."""
    found = [encodings.checked(path, options.encoding) if options.encoding else encodings.find(path) for path in paths]
    labels = _labels(paths)
    documents = len(paths) >= MIN_DOCUMENTS and len(set(labels)) < len(paths)
    names = ["text", "label"] if len(paths) > 1 else ["text"]
    with Sink(names, into, options) as sink:
        for path, name, label in zip(paths, found, labels, strict=True):
            texts = _whole(path, name) if documents else _lines(path, name)
            sink.add_rows([text, label][: len(names)] for text in texts)
        if sink.n_rows == 0:
            raise UnreadableFile(_("There is no text in these files."), _("Choose files with text in them."))
        notes = sink.finish()
    notes.append(_note(documents, len(paths)))
    return sink, notes, found[0]


def _note(documents: bool, n_files: int) -> Message:
    if documents:
        return say(_("Each file is one row; its label is the file's name without the number."))
    if n_files > 1:
        return say(_("Each line is one row; its label is the name of its file."))
    return say(_("Each line is one row."))


def _labels(paths: list[Path]) -> list[str]:
    """What tells the files apart: the ending if only that differs (`reviews.pos`, `reviews.neg`), else the name."""
    if len({path.stem for path in paths}) == 1 and len({path.suffix for path in paths}) == len(paths):
        return [path.suffix.lstrip(".") for path in paths]
    if len(paths) >= MIN_DOCUMENTS:
        return [re.sub(r"[\W_]*\d+$", "", path.stem) or path.stem for path in paths]
    stems = [path.stem for path in paths]
    return stems if len(set(stems)) == len(stems) else [path.name for path in paths]


def _lines(path: Path, encoding: str) -> Iterator[str]:
    with path.open(encoding=encoding) as file:
        for line in file:
            if text := line.strip():
                yield text


def _whole(path: Path, encoding: str) -> Iterator[str]:
    if text := path.read_text(encoding=encoding).strip():
        yield text
