"""A text made ready to learn from: cleaned, repeated documents dropped, then split by document.

A document is a cell of a column, or in running text what `core.data.texts.documents` finds: a block between blank lines
or a line, unless it was said how the text is to be parted.
Repeats are dropped before the split, so that nothing the models are judged on was read in training.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.data import table
from core.data.duplicates import near_duplicates as likeness
from core.data.encodings import detect as encodings
from core.data.roles import language_id as languages
from core.data.schema import ReadOptions, Schema, read_model
from core.data.texts.documents import split
from core.language.sentences import sentences
from core.messages import UnknownChoice, UnreadableFile, UnusableData, _, _n
from core.results.language.laboratory import CorpusCounts

MIN_DOCUMENTS = 10
MIN_BYTES = 1_000
SHARES = (0.9, 0.05, 0.05)
_BLANK_LINE = re.compile(r"\n[ \t\u3000]*\n\s*")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Corpus:
    """The documents of each part, in the order in which they stood, and what became of the text."""

    name: str
    train: list[str]
    validation: list[str]
    test: list[str]
    counts: CorpusCounts


def prepare(
    text_or_documents: str | Sequence[str],
    *,
    name: str,
    language: str | None = None,
    seed: int = 0,
    near: float = 0.9,
    parting: ReadOptions | None = None,
    shares: tuple[float, float, float] = SHARES,
) -> Corpus:
    """Clean, drop repeats, split.

    Parameters
    ----------
    text_or_documents : str or list of str
        Running text, or documents.
    language : str, optional
        Found out if not given.
    near : float
        From this likeness on (Jaccard's, of runs of five characters) a document repeats an earlier one.
    parting : ReadOptions, optional
        How running text is parted into documents; found out if not given.
    shares : three float
        Of the documents, for training, validation and test.

    Raises
    ------
    UnusableData
        Too little text is left.
    """
    raw = split(text_or_documents, parting) if isinstance(text_or_documents, str) else list(text_or_documents)
    filled = [text for document in raw if (text := clean(document))]
    different = list(dict.fromkeys(filled))
    owner = likeness.groups(different, near)
    kept = [different[place] for place in np.flatnonzero(owner == np.arange(len(different)))]
    _enough(len(kept), _n_bytes(kept))
    train, validation, test = _split(kept, shares, seed)
    counts = _counted(
        kept,
        (train, validation, test),
        empty=len(raw) - len(filled),
        exact=len(filled) - len(different),
        near=len(different) - len(kept),
        language=language or languages.guess(kept),
    )
    return Corpus(name, train, validation, test, counts)


def _counted(
    kept: list[str], parts: tuple[list[str], list[str], list[str]], *, empty: int, exact: int, near: int, language: str
) -> CorpusCounts:
    """How much there is of the text and of each part, and how many documents were dropped, by why."""
    train, validation, test = parts
    return CorpusCounts(
        documents=len(kept),
        sentences=sum(len(sentences(document)) for document in kept),
        characters=sum(map(len, kept)),
        bytes=_n_bytes(kept),
        empty=empty,
        exact_duplicates=exact,
        near_duplicates=near,
        train_documents=len(train),
        train_bytes=_n_bytes(train),
        validation_documents=len(validation),
        validation_bytes=_n_bytes(validation),
        test_documents=len(test),
        test_bytes=_n_bytes(test),
        language=language,
    )


def clean(document: str) -> str:
    """One form for each letter (NFC), no control characters, no spaces at line ends, at most one blank line."""
    text = _NO_TEXT.sub("", _LINE_END.sub("\n", unicodedata.normalize("NFC", document)))
    return _BLANK_LINE.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def read_text(path: Path, encoding: str | None = None) -> str:
    """The text of a plain file; the encoding is found out if not given.

    Raises
    ------
    UnreadableFile
        The file is missing, or it is not text.
    """
    if not path.is_file():
        raise UnreadableFile(_("There is no file “{file}”."), file=path.name)
    found = encodings.checked(path, encoding) if encoding else encodings.find(path)
    return path.read_text(encoding=found)


def read_column(folder: Path, column: str, beside: str = "") -> list[str]:
    """The cells of a data set's text column, without the rows that cleaning set aside; a missing cell is "".

    beside: a column whose value stands in a line before each text: ``mood: bad``; where it is empty, the text is alone

    Raises
    ------
    UnknownChoice
        There is no such column.
    UnusableData
        The data set is gone, or the column holds no text.
    """
    schema = read_model(Schema, folder / "schema.json")
    if schema is None:
        raise UnusableData(_("This data set is not there any more."))
    beside = "" if beside == column else beside
    wanted = [name for name in (column, beside) if name]
    for name in wanted:
        if schema.column(name) is None:
            raise UnknownChoice(
                _("There is no column “{column}”."),
                _("The columns are: {columns}."),
                column=name,
                columns=[known.name for known in schema.columns],
            )
    rows = table.load(folder, columns=wanted)
    if not any(isinstance(cell, str) for cell in rows[column]):
        raise UnusableData(_("The column “{column}” holds no text."), _("Choose a column of text."), column=column)
    texts = rows[column].fillna("").astype(str).tolist()
    if not beside:
        return texts
    classes = [
        "" if gap else " ".join(str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).split())
        for cell, gap in zip(rows[beside], rows[beside].isna(), strict=True)
    ]
    return [f"{beside}: {one}\n{text}" if one and text else text for one, text in zip(classes, texts, strict=True)]


def _enough(n_documents: int, n_bytes: int) -> None:
    if n_documents < MIN_DOCUMENTS or n_bytes < MIN_BYTES:
        raise UnusableData(
            _n(
                "This is too little text: {n} document, {bytes} bytes. At least {needed} and {needed_bytes}.",
                "This is too little text: {n} different documents, {bytes} bytes. At least {needed} and "
                "{needed_bytes}.",
            ),
            _(
                "A document is a row of a column, or in running text a block between blank lines or a line; you can "
                "say which. Documents that repeat others count once."
            ),
            n=n_documents,
            bytes=n_bytes,
            needed=MIN_DOCUMENTS,
            needed_bytes=MIN_BYTES,
        )


def _split(documents: list[str], shares: tuple[float, float, float], seed: int) -> tuple[list[str], ...]:
    """Training, validation and test documents at random, at least one each, in the order of the text."""
    if min(shares) <= 0 or abs(sum(shares) - 1) > 1e-6:
        raise UnusableData(_("The shares of training, validation and test must be above 0 and add up to 1."))
    n_validation, n_test = (max(1, round(share * len(documents))) for share in shares[1:])
    order = np.random.default_rng(seed).permutation(len(documents))
    ends = [n_validation, n_validation + n_test]
    validation, test, train = (np.sort(part) for part in np.split(order, ends))
    return tuple([documents[place] for place in part] for part in (train, validation, test))


def _n_bytes(documents: Sequence[str]) -> int:
    return sum(len(document.encode()) for document in documents)
