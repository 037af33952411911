"""Files of SPSS, Stata and SAS, by ReadStat: codes become the words that the file gives them, marked codes missing.

``python -m core.data.formats.readstat`` is asked on its input and answers on its output; see
`core.data.formats.statistical`.
"""

from __future__ import annotations

import datetime
import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pyreadstat

from core.data.delimited.typed_writer import Sink, tidy_names
from core.data.formats import detect
from core.data.formats.statistical import Answer, Question, Statistical, damaged
from core.data.schema import Layout, ReadOptions
from core.messages import Message, UnreadableFile, _, _n, clip, say

CELLS_AT_ONCE = 4_000_000
NAMED = 12  # of what a note lists
_READERS: dict[str, Callable[..., Any]] = {
    "$FL": pyreadstat.read_sav, ".por": pyreadstat.read_por, "stata": pyreadstat.read_dta,
    "HEADER": pyreadstat.read_xport, "sas": pyreadstat.read_sas7bdat,
}  # fmt: skip
_NO_ANSWER = re.compile(
    r"refus|don.?t know|\bdk\b|no answer|not app|not asked|\bn/?a\b|inap|missing|unknown|no response|"
    r"keine angabe|wei(ß|ss) nicht|trifft nicht zu|no sabe|no contesta|ne sait pas|拒绝|拒答|不知道|不适用|缺失|无回答",
    re.IGNORECASE,
)
_ERRORS = (
    pyreadstat.PyreadstatError, pyreadstat.ReadstatError, OSError, ValueError, OverflowError, UnicodeError, MemoryError,
    KeyError, IndexError, TypeError, AttributeError, SystemError,
)  # fmt: skip


@dataclass
class _Codes:
    """A column whose codes the file explains."""

    labels: dict[Any, str]
    met: Counter[Any] = field(default_factory=Counter)  # of its values; those without a label up to a few

    def see(self, values: list[Any]) -> None:
        self.met.update(value for value in values if value is not None)

    @property
    def are_words(self) -> bool:
        """Whether the codes stand for words: nearly all are explained, not only the ends of a scale or exceptions."""
        bare = [value for value in self.met if value not in self.labels]
        n_bare = sum(self.met[value] for value in bare)
        return bool(self.met) and len(bare) <= len(self.labels) and n_bare <= 0.05 * self.met.total()

    @property
    def gaps(self) -> dict[Any, str]:
        """Codes among quantities that say why there is none, such as 99 for “refused”."""
        bare = [value for value in self.met if value not in self.labels and isinstance(value, (int, float))]
        if self.are_words or not bare:
            return {}
        low, high = min(bare), max(bare)
        return {
            value: label
            for value, label in self.labels.items()
            if value in self.met and isinstance(value, (int, float)) and not low <= value <= high
            and _NO_ANSWER.search(label)
        }  # fmt: skip


def read(path: Path, kind: str, options: ReadOptions, into: Path) -> Statistical:
    """Read a file of SPSS, Stata or SAS into a typed Parquet file.

    Raises
    ------
    UnreadableFile
        Damaged, far too large, without rows, or in another encoding than it says.
    """
    reader = _reader(path, kind)
    about = _told(path, options, partial(reader, str(path), metadataonly=True))[1]
    names: list[str] = list(about.column_names)  # damaged files have None among them
    detect.check_counts(path, about.number_rows or 0, len(names))
    if not names:
        raise UnreadableFile(_("“{file}” has no rows."), _("Choose another file."), file=path.name)
    codes = {name: _Codes(labels) for name in names if (labels := _labels(about, name))}
    for columns in _chunks(path, reader, options, len(names), list(codes)) if codes else ():
        for name, values in columns.items():
            codes[name].see(values)
    writers = [_writer(codes.get(name), about.original_variable_types.get(name) or "") for name in names]
    tidy = dict(zip(names, tidy_names([name or "" for name in names])[0], strict=True))
    scales = {tidy[name]: layout for name, layout in _ordered(about, codes)}
    options = options.model_copy(update={"layouts": scales | options.layouts})
    with Sink([name or "" for name in names], into, options, typed=True) as sink:
        for columns in _chunks(path, reader, options, len(names), None):
            cells = [list(map(write, columns[name])) for write, name in zip(writers, names, strict=True)]
            sink.add_rows(zip(*cells, strict=True))
        if sink.n_rows == 0:
            raise UnreadableFile(_("“{file}” has no rows."), _("Choose another file."), file=path.name)
        notes = sink.finish()
    notes += _notes(codes, {name: about.column_names_to_labels.get(name) or "" for name in names})
    return Statistical(n_rows=sink.n_rows, names=sink.names, notes=notes)


def _reader(path: Path, kind: str) -> Callable[..., Any]:
    with path.open("rb") as file:
        head = file.read(6).decode("latin-1")
    if kind == "spss":
        return _READERS["$FL" if head.startswith("$FL") else ".por"]
    return _READERS["HEADER" if head == "HEADER" else kind]


def _told(path: Path, options: ReadOptions, read_it: Callable[..., Any]) -> Any:
    """What the reader gives, or one sentence."""
    try:
        return read_it(encoding=options.encoding) if options.encoding else read_it()
    except _ERRORS as error:
        if "encoding" in str(error) or "byte sequence" in str(error):
            raise UnreadableFile(
                _("The letters in “{file}” are not in the encoding that it names."),
                _("Choose the encoding, for example gb18030 or cp1252."),
                file=path.name,
            ) from error
        raise damaged(path) from error


def _chunks(
    path: Path, reader: Callable[..., Any], options: ReadOptions, n_columns: int, wanted: list[str] | None
) -> Iterator[dict[str, list[Any]]]:
    """The columns, so many rows at a time."""
    n_rows = max(1000, CELLS_AT_ONCE // n_columns)
    start = 0
    while True:
        part = partial(reader, str(path), usecols=wanted, row_offset=start, row_limit=n_rows, output_format="dict")
        columns, _about = _told(path, options, part)
        found = len(next(iter(columns.values()), []))
        if found:
            yield columns
        if found < n_rows:
            return
        start += found
        detect.check_counts(path, start, n_columns)


def _labels(about: Any, name: str) -> dict[Any, str]:
    labels = about.variable_value_labels.get(name) or {}
    return {value: str(label).strip() for value, label in labels.items() if str(label).strip()}


def _writer(codes: _Codes | None, layout: str) -> Callable[[Any], str]:
    """How a value of this column is written for the sink."""
    words = codes.labels if codes is not None and codes.are_words else {}
    gaps = codes.gaps if codes is not None else {}

    def write(value: Any) -> str:
        if value is None or value in gaps:
            return ""
        return words[value] if value in words else _text(_period(value, layout) if layout[:2] == "%t" else value)

    return write


def _period(value: Any, layout: str) -> Any:
    """Stata counts months and quarters from 1960."""
    if layout[:3] not in ("%tm", "%tq") or not isinstance(value, (int, float)) or not abs(value) < 1e5:
        return value
    each = 12 if layout[2] == "m" else 4
    year, part = divmod(int(value), each)
    return f"{1960 + year}-{part + 1:02d}" if each == 12 else f"{1960 + year}Q{part + 1}"


def _text(value: Any) -> str:
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value).replace("\0", "")


def _ordered(about: Any, codes: dict[str, _Codes]) -> Iterator[tuple[str, Layout]]:
    """Scales that the file calls ordinal, in the order of their codes."""
    for name, one in codes.items():
        if one.are_words and about.variable_measure.get(name) == "ordinal":
            levels = list(dict.fromkeys(one.labels[value] for value in sorted(one.labels, key=_order)))
            yield name, Layout(kind="ordered", levels=levels)


def _order(value: Any) -> tuple[bool, Any]:
    return isinstance(value, str), value


def _notes(codes: dict[str, _Codes], meanings: dict[str, str]) -> list[Message]:
    notes = []
    words = [name for name, one in codes.items() if one.are_words]
    if words:
        notes.append(
            say(
                _n(
                    "The codes of {n} column became the words that the file gives them: {columns}.",
                    "The codes of {n} columns became the words that the file gives them: {columns}.",
                ),
                n=len(words),
                columns=_few(words),
            )
        )
    gaps = [f"{name} {_text(value)} = {label}" for name, one in codes.items() for value, label in one.gaps.items()]
    if gaps:
        notes.append(say(_("Codes that say why there is no value became missing: {codes}."), codes=_few(gaps)))
    bare = [
        f"{name} {_text(value)} = {label}"
        for name, one in codes.items()
        if one.met and not one.are_words
        for value, label in one.labels.items()
        if value in one.met and value not in one.gaps
    ]
    if bare:
        notes.append(say(_("Some numbers have a name in the file and stay numbers: {codes}."), codes=_few(bare)))
    told = [f"{name} = {clip(meaning)}" for name, meaning in meanings.items() if meaning and meaning != name]
    if told:
        notes.append(say(_("What columns mean, as the file says: {columns}."), columns=_few(told)))
    return notes


def _few(texts: list[str]) -> list[str]:
    return texts[:NAMED] + (["…"] if len(texts) > NAMED else [])


def main() -> None:
    """Answer one question."""
    asked = Question.model_validate_json(sys.stdin.read())
    try:
        answer = Answer(table=read(asked.path, asked.kind, asked.options, asked.into))
    except UnreadableFile as error:
        answer = Answer(message=error.message, hint=error.hint)
    sys.stdout.write(answer.model_dump_json())


if __name__ == "__main__":
    main()
