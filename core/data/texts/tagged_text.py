"""Texts with marked parts: token-and-tag files (CoNLL, BIO), and spans and relations in JSON lines.

Both become plain columns: `text`, `spans` and `relations`, the latter two as JSON. Character positions count from 0,
the end not included.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from core.data.delimited.typed_writer import Sink
from core.data.encodings import detect as encodings
from core.data.schema import ReadOptions
from core.letters import HAN
from core.messages import AmalgamError, Message, UnreadableFile, UnusableData, _, _n, clip, say

ENDINGS = (".conll", ".bio", ".iob", ".iob2", ".bioes")
FIELDS = ("spans", "entities", "label", "labels", "relations")  # of a JSON record that may hold lists
_TAG = re.compile(r"O|([BIESLUM])-(\S+)")
_CHINESE = re.compile(f"[{HAN}，。！？、：；“”（）《》]")
_NO_SPACE_BEFORE = re.compile(r"[.,;:!?%)\]}’”]|n't|'\w{0,2}")


class Marked(NamedTuple):
    """A marked part of a text."""

    start: int
    end: int
    label: str

    def record(self) -> dict[str, Any]:
        return {"start": self.start, "end": self.end, "label": self.label}


class Related(NamedTuple):
    """What holds between two marked parts of a text, in this order."""

    head: Marked
    tail: Marked
    label: str

    def record(self) -> dict[str, Any]:
        return {"head": self.head.record(), "tail": self.tail.record(), "label": self.label}


def chunks(tags: Sequence[str]) -> list[Marked]:
    """The entities that a sentence's tags mark, in places of tokens.

    A tag inside an entity (I, E) goes on with it only directly behind a B or I of the same type; elsewhere it begins
    one, as in seqeval's lenient mode and the CoNLL-2000 script.
    """
    found: list[Marked] = []
    before, kind, start = "O", "", 0
    for place, tag in enumerate([*tags, "O"]):
        mark, _dash, label = tag.partition("-")
        mark = {"L": "E", "U": "S", "M": "I"}.get(mark, mark)
        goes_on = mark in ("I", "E") and before in ("B", "I") and label == kind
        if before != "O" and not goes_on:
            found.append(Marked(start, place, kind))
        if mark != "O" and not goes_on:
            start = place
        before, kind = mark, label
    return found


def read_tagged(path: Path, options: ReadOptions, into: Path) -> tuple[Sink, list[Message], str]:
    """Read a file with a token and its tag on each line, a blank line between sentences, into `text` and `spans`.

    Raises
    ------
    UnreadableFile
        Names the line that is not so.
    """
    encoding = encodings.checked(path, options.encoding) if options.encoding else encodings.find(path)
    with Sink(["text", "spans"], into, options) as sink:
        sink.add_rows(_written(tokens, tags) for tokens, tags in _sentences(path, encoding))
        if sink.n_rows == 0:
            raise UnreadableFile(_("“{file}” has no rows."), _("Choose another file."), file=path.name)
        notes = sink.finish()
    notes.append(say(_("Each sentence is one row; the tags became spans, in characters of the text.")))
    return sink, notes, encoding


def flattened(record: dict[str, Any], line: int, path: Path) -> dict[str, Any]:
    """A JSON record whose lists of spans and relations were checked against its text and written as JSON.

    Raises
    ------
    UnreadableFile
        Names the line where a span does not lie in its text, or is none.
    """
    text = record.get("text")
    if not isinstance(text, str):
        return record
    made = dict(record)
    for name in FIELDS:
        value = record.get(name)
        if not isinstance(value, list) or (value and all(isinstance(one, str) for one in value)):
            continue  # several topics of a text are no spans
        try:
            parts: Sequence[Marked | Related] = relations(value, text) if name == "relations" else spans(value, text)
        except AmalgamError as error:
            raise UnreadableFile(
                _("Line {line} of “{file}”: {reason}"), _("A span looks like {example}."), line=line, file=path.name,
                reason=error.message, example='{"start": 0, "end": 4, "label": "person"}',
            ) from None  # fmt: skip
        made[name] = written(parts)
    return made


def spans(value: Any, text: str) -> list[Marked]:
    """Spans as a JSON text or list, of objects with start, end and label or of ``[start, end, label]``; in order.

    Raises
    ------
    UnusableData
    """
    listed = _listed(value)
    return sorted({_span(one, text) for one in listed})


def relations(value: Any, text: str) -> list[Related]:
    """Relations as a JSON text or list of objects with head, tail and label.

    Raises
    ------
    UnusableData
    """
    found = []
    for one in _listed(value):
        if not isinstance(one, dict) or not {"head", "tail", "label"} <= set(one):
            raise UnusableData(_("A relation needs head, tail and label; here is “{found}”."), found=clip(str(one)))
        found.append(Related(_span(one["head"], text), _span(one["tail"], text), str(one["label"])))
    return found


def written(parts: Sequence[Marked | Related]) -> str:
    """Spans or relations as JSON."""
    return json.dumps([part.record() for part in parts], ensure_ascii=False)


def joined(tokens: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """Tokens as a text, with where each stands: no space before a full stop, nor between Chinese characters."""
    text, places = "", []
    for token in tokens:
        tight = not text or _NO_SPACE_BEFORE.fullmatch(token) or _CHINESE.match(token) or _CHINESE.match(text[-1])
        text += "" if tight else " "
        places.append((len(text), len(text) + len(token)))
        text += token
    return text, places


def _listed(value: Any) -> list[Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):  # also a number of more digits than any has
            raise UnusableData(_("“{found}” is not a list in JSON."), found=clip(value)) from None
    if not isinstance(value, list):
        raise UnusableData(_("“{found}” is not a list in JSON."), found=clip(str(value)))
    return value


def _span(one: Any, text: str) -> Marked:
    if isinstance(one, dict) and {"start", "end", "label"} <= set(one):
        one = [one["start"], one["end"], one["label"]]
    if not isinstance(one, (list, tuple)) or len(one) != 3 or type(one[0]) is not int or type(one[1]) is not int:
        raise UnusableData(_("A span needs start, end and label; here is “{found}”."), found=clip(str(one)))
    start, end, label = one
    if not 0 <= start < end <= len(text):
        raise UnusableData(
            _n(
                "The span from {start} to {end} does not lie in its text, which has {length} character.",
                "The span from {start} to {end} does not lie in its text, which has {length} characters.",
                "length",
            ),
            start=start, end=end, length=len(text),
        )  # fmt: skip
    return Marked(start, end, str(label))


def _sentences(path: Path, encoding: str) -> Iterator[tuple[list[str], list[str]]]:
    tokens: list[str] = []
    tags: list[str] = []
    with path.open(encoding=encoding) as file:
        for number, line in enumerate(file, start=1):
            fields = line.split("\t") if line.count("\t") else line.split()
            fields = [field.strip() for field in fields]
            if not any(fields) or fields[0] == "-DOCSTART-":
                if tokens:
                    yield tokens, tags
                tokens, tags = [], []
                continue
            if line.startswith("# ") and not _TAG.fullmatch(fields[-1]):
                continue  # a remark
            if len(fields) < 2 or not fields[0] or not _TAG.fullmatch(fields[-1]):
                raise UnreadableFile(
                    _("Line {line} of “{file}” is no token with its tag: “{start}”."),
                    _("A line holds a token and, last, its tag: O, B-NAME or I-NAME; a blank line ends a sentence."),
                    line=number, file=path.name, start=clip(line),
                )  # fmt: skip
            tokens.append(fields[0])
            tags.append(fields[-1])
    if tokens:
        yield tokens, tags


def _written(tokens: list[str], tags: list[str]) -> list[str]:
    text, places = joined(tokens)
    found = [Marked(places[one.start][0], places[one.end - 1][1], one.label) for one in chunks(tags)]
    return [text, written(found)]
