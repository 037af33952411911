"""What a document of a plain text is: a block between blank lines, a line, so many lines, or what follows a marker.

One rule for the table, the language lab and the text tasks. Blank lines count only if they part most of the text into
pieces of a sane size: three blank lines among 3,700 lines don't make four documents of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core.data.schema import Documents, ReadOptions
from core.messages import Message, UnreadableFile, _, _n, say

MOST_LINES = 40  # of a block that a person would take for one document
MOST_CHARACTERS = 10_000
MANY_BLOCKS = 10
_WRAPPED = 0.7  # of the usual width: where nearly every line is so long, the lines were broken by a program
_WIDTHS_SEEN = 20_000
_CLOSING = (".", "!", "?", "。", "！", "？", "…", "”", '"', ":", ";")
_LINE_END = re.compile(r"\r\n?|[\n\x0b\x0c\x85\u2028\u2029]")


@dataclass
class Counts:
    """How a text falls into lines and into blocks between blank lines."""

    texts: int = 0
    lines: int = 0
    blocks: int = 0
    characters: int = 0
    sane_characters: int = 0  # in blocks of a sane size
    _widths: list[int] = field(default_factory=list)  # of lines with another one of their block below
    _open: int = 0  # of these, how many end in the middle of a sentence

    def see(self, block: list[str]) -> None:
        size = sum(map(len, block))
        self.blocks += 1
        self.lines += len(block)
        self.characters += size
        if len(block) <= MOST_LINES and size <= MOST_CHARACTERS:
            self.sane_characters += size
        if len(self._widths) < _WIDTHS_SEEN:
            self._widths += map(len, block[:-1])
            self._open += sum(not line.endswith(_CLOSING) for line in block[:-1])

    @property
    def how(self) -> Documents:
        """What parts the documents, as a person would say."""
        if self.blocks <= self.texts or 2 * self.sane_characters < self.characters:
            return "lines"
        mostly_blank = 2 * (self.blocks - self.texts) > self.lines - self.texts
        return "blank lines" if self.blocks >= MANY_BLOCKS or mostly_blank or self._wrapped else "lines"

    @property
    def _wrapped(self) -> bool:
        """Whether lines break where the paper ends, as in letters and books: about as long, in mid-sentence."""
        if len(self._widths) < 5:
            return False
        widths = np.array(self._widths)
        usual = np.quantile(widths, 0.95)
        broken = self._open > 0.6 * len(self._widths)
        return bool(broken and usual >= 40 and np.mean(widths >= _WRAPPED * usual) >= 0.8)


def split(text: str, options: ReadOptions | None = None, name: str = "") -> list[str]:
    """The documents of a text.

    Parameters
    ----------
    options : ReadOptions, optional
        Its `documents`, `lines_each` and `marker` say how; else it is decided by counts.
    name : str
        Of the file, for a sentence where the marker is not there.

    Examples
    --------
    >>> split("One line.\\nAnother one.\\n\\nThe last.\\n")
    ['One line.', 'Another one.', 'The last.']
    >>> split("First.\\n\\nSecond,\\nin two lines.\\n\\nThird.\\n")
    ['First.', 'Second,\\nin two lines.', 'Third.']

    Raises
    ------
    UnreadableFile
        No line begins with the marker.
    """
    options = options or ReadOptions()
    lines = _LINE_END.split(text)
    how = options.documents or count([lines]).how
    return list(pieces(lines, how, options, name))


def count(texts: Iterable[Iterable[str]]) -> Counts:
    """Lines and blocks over all of the texts, each given by its lines."""
    counts = Counts()
    for lines in texts:
        before = counts.blocks
        for block in _blocks(lines):
            counts.see(block)
        counts.texts += counts.blocks > before
    return counts


def pieces(lines: Iterable[str], how: Documents, options: ReadOptions, name: str = "") -> Iterator[str]:
    """The documents of one text, given by its lines."""
    if how == "blank lines":
        yield from ("\n".join(block).strip() for block in _blocks(lines))
    elif how == "paragraphs":
        yield from _runs(lines, options.lines_each)
    elif how == "marker":
        yield from _marked(lines, options.marker, name)
    else:
        yield from (line.strip() for block in _blocks(lines) for line in block)


def lines_of(path: Path, encoding: str) -> Iterator[str]:
    """The lines of a file, without what ends them."""
    with path.open(encoding=encoding) as file:
        for line in file:
            yield from _LINE_END.split(line.rstrip("\n"))


def note(how: Documents, n: int, counts: Counts, options: ReadOptions) -> Message:
    """“3,700 documents: each line is one. By blank lines it would be 4.”"""
    if how == "paragraphs":
        return say(
            _n("{n:,} document, of {size} lines each.", "{n:,} documents, of {size} lines each."),
            n=n, size=options.lines_each,
        )  # fmt: skip
    if how == "marker":
        sentence = _n("{n:,} document: it begins at “{marker}”.", "{n:,} documents: each begins at “{marker}”.")
        return say(sentence, n=n, marker=options.marker)
    if counts.blocks in (counts.lines, counts.texts):
        return say(_("Each line is one row."))
    if how == "blank lines":
        return say(
            _n(
                "{n:,} document between blank lines. By lines it would be {other:,}.",
                "{n:,} documents, with blank lines between them. By lines it would be {other:,}.",
            ),
            n=n, other=counts.lines,
        )  # fmt: skip
    return say(
        _n(
            "{n:,} document: each line is one. By blank lines it would be {other:,}.",
            "{n:,} documents: each line is one. By blank lines it would be {other:,}.",
        ),
        n=n, other=counts.blocks,
    )  # fmt: skip


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    """Lines between blank ones, each without spaces around the block's text."""
    block: list[str] = []
    for line in lines:
        if stripped := line.strip():
            block.append(stripped if not block else line.rstrip())
        elif block:
            yield block
            block = []
    if block:
        yield block


def _runs(lines: Iterable[str], n_lines: int) -> Iterator[str]:
    run: list[str] = []
    for line in lines:
        if line.strip():
            run.append(line.rstrip())
        if len(run) == n_lines:
            yield "\n".join(run).strip()
            run = []
    if run:
        yield "\n".join(run).strip()


def _marked(lines: Iterable[str], marker: str, name: str) -> Iterator[str]:
    """A line that is the marker alone is no part of a text; one that only begins so is its first line."""
    marker = marker.strip()
    if not marker:
        raise UnreadableFile(_("There is no marker."), _("Say how the line begins that stands above each document."))
    document: list[str] = []
    met = False
    for line in lines:
        if line.lstrip().startswith(marker):
            met = True
            if text := "\n".join(document).strip():
                yield text
            document = [line] if line.strip() != marker else []
        else:
            document.append(line.rstrip())
    if not met:
        raise UnreadableFile(
            _("No line of “{file}” begins with “{marker}”."), _("Check the marker, or choose another way."),
            file=name or "…", marker=marker,
        )  # fmt: skip
    if text := "\n".join(document).strip():
        yield text
