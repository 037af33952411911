"""Which row of a table goes with which key of a second file: the same keys first, then, if asked, similar ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from core import catalog
from core.data.join.documents import JoinReport, RepeatedKey, SimilarPair
from core.data.join.keys import Keys, both
from core.job_params import JoinParams
from core.messages import UnusableData, _, clip

SHOWN_KEYS = 10
SHOWN_PAIRS = 20
SIMILAR = "core.data.join.similar:nearest"  # heavy, so it is imported where similar keys are asked for

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Match:
    """For each row of the table the key of the second file it goes with, and what there is to say of it."""

    codes: np.ndarray  # (rows of the table,) position in `other.values`; -1: none
    other: Keys
    report: JoinReport


def match(table: pa.Table, other: pa.Table, asked: JoinParams, progress: Progress = lambda share: None) -> Match:
    """Match the rows of a table with the keys of another one. An empty key matches nothing, not even an empty one.

    Raises
    ------
    UnusableData
        A key column is not there, or similar keys can't be looked for in it.

    Examples
    --------
    >>> shops = pa.table({"city": ["Rome", "Oslo", None, "Rome"]})
    >>> cities = pa.table({"name": ["Oslo", " Rome ", "Kyiv"], "people": [1, 2, 3]})
    >>> match(shops, cities, JoinParams(key="city", other_key="name")).codes.tolist()
    [1, 0, -1, 1]
    """
    _check(table, asked.key, _("The table has no column “{column}” to join by."))
    _check(other, asked.other_key, _("The second file has no column “{column}” to join by."))
    mine, theirs = both(table[asked.key], other[asked.other_key], ignore_case=asked.ignore_case)
    per_key = theirs.values.get_indexer(mine.values) if len(mine.values) else np.empty(0, np.int64)
    pairs: list[SimilarPair] = []
    similar = np.zeros(len(per_key), dtype=bool)
    if asked.similarity is not None:
        _check_words(other, asked.other_key)
        lacking = np.flatnonzero(per_key < 0)
        found, alike = catalog.load(SIMILAR)(list(mine.values[lacking]), list(theirs.values), progress)
        enough = alike >= asked.similarity
        per_key[lacking] = np.where(enough, found, -1)
        similar[lacking] = enough
        for place, code, share in zip(lacking[enough], found[enough], alike[enough], strict=True):
            pairs.append(SimilarPair(key=mine.shown[place], other_key=theirs.shown[code], similarity=float(share)))
    codes = np.where(mine.codes >= 0, per_key[mine.codes], -1) if len(per_key) else mine.codes
    return Match(codes, theirs, _report(mine, theirs, per_key, similar, pairs))


def _report(mine: Keys, theirs: Keys, per_key: np.ndarray, similar: np.ndarray, pairs: list[SimilarPair]) -> JoinReport:
    n_rows, n_others = mine.n_rows, theirs.n_rows
    lacking = np.flatnonzero(per_key < 0)
    repeated = np.flatnonzero(n_others > 1)
    most = repeated[np.argsort(-n_others[repeated], kind="stable")][:SHOWN_KEYS]
    return JoinReport(
        n_rows=len(mine.codes),
        n_matched=int(n_rows[per_key >= 0].sum()),
        n_similar=int(n_rows[similar].sum()),
        n_without_key=int((mine.codes < 0).sum()),
        n_unmatched_keys=len(lacking),
        unmatched=[clip(mine.shown[place], 40) for place in lacking[:SHOWN_KEYS]],
        n_other_keys=len(theirs.values),
        n_unused=len(theirs.values) - len(np.unique(per_key[per_key >= 0])),
        n_repeated=len(repeated),
        repeated=[RepeatedKey(key=clip(theirs.shown[place], 40), n_rows=int(n_others[place])) for place in most],
        least_similar=sorted(pairs, key=lambda pair: pair.similarity)[:SHOWN_PAIRS],
    )


def _check(table: pa.Table, name: str, sentence: str) -> None:
    if name not in table.column_names:
        raise UnusableData(sentence, _("The columns are: {names}."), column=name, names=table.column_names[:30])


def _check_words(other: pa.Table, name: str) -> None:
    if not (pa.types.is_string(other[name].type) or pa.types.is_large_string(other[name].type)):
        raise UnusableData(
            _("Similar keys are looked for among words, and “{column}” of the second file holds none."),
            _("Match keys that are the same instead."),
            column=name,
        )
