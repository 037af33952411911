"""What each column is taken for, and why: text, number, category, date, id, or better left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.catalog import Role
from core.data import grouping, language, leaks, privacy, target
from core.data.schema import Column, Layout, Schema
from core.data.values.convert import columns_of
from core.data.values.stored import layouts_of
from core.messages import Message, _, _n, clip, say

SAMPLE_ROWS = 20_000
LEFT_OUT = frozenset({"id", "ignored"})
LAST_CLASSES = 10  # so few values, each of
LAST_ROWS = 5  # so many rows, make a last column a label
MOST_TEMPLATES = 100  # so many different texts at most, each of
TEMPLATE_ROWS = 10  # so many rows on average, are fixed sentences rather than texts
_ID_NAME = re.compile(
    r"(^|[_\s.-])(id|ids|uid|udi|uuid|guid|key|index|idx|no|nr|row|rownum|serial|code|sku|编号|序号)$|^unnamed"
    r"|[a-z](Id|ID)$",
    re.IGNORECASE,
)
_STRONG_ID_NAME = re.compile(
    r"(^|[_\s.-])(id|uid|udi|uuid|guid|index|idx|rownum|编号|序号)$|^unnamed|[a-z](Id|ID)$", re.IGNORECASE
)
_INDEX_NAME = re.compile(r"^(index|idx|row|rownum|row_?number|row_?id|unnamed.*|序号)$", re.IGNORECASE)
_URL = re.compile(r"^\s*(https?://|www\.)\S+\s*$")
_HAN = re.compile(r"[㐀-鿿぀-ヿ가-힯]")
_LETTER = re.compile(r"[^\W\d_]")
_CODE = re.compile(r"^\S*\d\S*$")


@dataclass(frozen=True)
class Look:
    """A column's values seen from a few sides; `values` are those that are filled, from at most `SAMPLE_ROWS` rows."""

    name: str
    kind: pa.DataType
    n_rows: int
    n_missing: int
    values: pd.Series
    n_distinct: int

    @property
    def share_distinct(self) -> float:
        return self.n_distinct / max(len(self.values), 1)

    @property
    def numeric(self) -> bool:
        return pa.types.is_integer(self.kind) or pa.types.is_floating(self.kind)


@dataclass(frozen=True)
class Guess:
    """A role with its reason; `code` says why a column is set apart."""

    role: Role
    reason: Message
    code: str = ""
    languages: dict[str, float] = field(default_factory=dict)  # with their shares, of texts


def guess(
    table_path: Path, target_name: str | None = None, suggest: bool = True, known: Schema | None = None
) -> Schema:
    """The role of each column of a Parquet file.

    Parameters
    ----------
    target_name : str, optional
        The column to predict. Without it, a column whose name says so is taken, if `suggest`.
    known : Schema, optional
        Of the same table: its cells are not looked through for personal data again.
    """
    file = pq.ParquetFile(table_path, pre_buffer=False)
    names = file.schema_arrow.names
    sample = sampled(file)
    written = written_as(table_path)
    guesses = {name: _by_layout(written.get(name), sample, name) or guess_column(look(sample, name)) for name in names}
    personal = privacy.scan(table_path) if known is None else privacy.known(known)
    if target_name is None and suggest:
        others = {name: found for name, found in guesses.items() if name not in personal or not personal[name].alone}
        target_name = target.suggest(names) or _label_beside_text(sample, others) or _label_at_the_end(sample, others)
        if target_name and guesses[target_name].role == "text":
            target_name = None
    task = None
    if target_name is not None and target_name in guesses:
        values = sample[target_name].to_pandas()
        task = target.guess_task(values)
        for name, reason in leaks.find(sample, target_name, task, _judged(guesses, target_name)).items():
            guesses[name] = _owner(look(sample, name)) or Guess("ignored", reason, "leak")
        guesses[target_name] = Guess("target", say(_("This is the column to predict.")))
    columns = [
        Column(
            name=name,
            role=guesses[name].role,
            guessed=guesses[name].role,
            reason=guesses[name].reason,
            code=guesses[name].code,
            **_languages(guesses[name]),
        )
        for name in names
    ]
    columns = [_as_written(column, written.get(column.name)) for column in columns]
    found = Schema(columns=[_remembering(column, sample) for column in columns], task=task)
    return privacy.with_personal(found, personal)


@dataclass(frozen=True)
class Written:
    """How the cells of a column of the table were written in its file."""

    layout: Layout
    source: str = ""  # of two columns made of one


def written_as(table_path: Path) -> dict[str, Written]:
    """Column of the table → how it was written; nothing is known of tables that came with types of their own."""
    return {
        name: Written(layout, source)
        for old, layout in layouts_of(table_path).items()
        for name, source in columns_of(old, layout)
    }


def _as_written(column: Column, written: Written | None) -> Column:
    return column if written is None else column.model_copy(update=vars(written))


def _by_layout(written: Written | None, sample: pa.Table, name: str) -> Guess | None:
    """The role of a column whose cells say it: scales, lists, yes or no, times; None where its values must."""
    n_distinct = pc.count_distinct(sample[name], mode="only_valid").as_py()
    if written is None or n_distinct < (1 if written.layout.kind == "domain" else 2):
        return None
    layout = written.layout
    role: Role | None = None
    reason: Message | None = None
    if layout.kind == "domain" and n_distinct == 1:
        return Guess("ignored", say(_("Its web addresses are all of one site.")), "constant")
    if layout.kind == "ordered":
        ends = {"low": clip(layout.levels[0], 30), "high": clip(layout.levels[-1], 30)}
        role, reason = "category", say(_("Its values are levels of a scale, from “{low}” to “{high}”."), **ends)
    elif layout.kind == "list":
        text = _("Its cells are lists with “{separator}” between the items; each item counts by itself.")
        role, reason = "category", say(text, separator=layout.separator)
    elif layout.kind == "boolean":
        role, reason = "category", say(_("Its values say yes or no."))
    elif layout.kind in ("time", "duration"):
        role, reason = "number", say(_("Its values are times, in hours."))
    return Guess(role, reason) if role and reason else None


def recalled(schema: Schema, table_path: Path) -> Schema:
    """The schema of an older version, which forgot what the columns it left out look like."""
    forgot = [column for column in schema.columns if column.guessed in LEFT_OUT and column.kept_as is None]
    if not forgot:
        return schema
    sample = sampled(pq.ParquetFile(table_path, pre_buffer=False))
    return schema.model_copy(update={"columns": [_remembering(column, sample) for column in schema.columns]})


def _remembering(column: Column, sample: pa.Table) -> Column:
    """One that is left out remembers what it would be if it was kept."""
    if column.guessed not in LEFT_OUT or column.kept_as is not None:
        return column
    found = by_values(look(sample, column.name))
    return column.model_copy(update={"kept_as": found.role, **_languages(found)})


def _languages(found: Guess) -> dict[str, Any]:
    """What a column says of them: the main one, and the shares where there are several."""
    several = found.languages if len(found.languages) > 1 else {}
    return {"language": next(iter(found.languages), ""), "languages": several}


def _owner(seen: Look) -> Guess | None:
    """An id by its name whose values come back: each goes with one answer since its rows are one patient's."""
    if not grouping.names_an_owner(seen.name) or seen.n_distinct < grouping.FEWEST_VALUES:
        return None
    text = _("It says whose row each is: {n} values that come back, and all rows of one have the same answer.")
    return Guess("id", say(text, n=seen.n_distinct), "id")


def _label_beside_text(sample: pa.Table, guesses: dict[str, Guess]) -> str | None:
    """In a table of one text column and one category, the category is the label."""
    used = {name: found.role for name, found in guesses.items() if found.role not in ("id", "ignored")}
    labels = [name for name, role in used.items() if role == "category"]
    if sorted(used.values()) == ["category", "text"] and pc.count_distinct(sample[labels[0]]).as_py() <= 50:
        return labels[0]
    return None


def _label_at_the_end(sample: pa.Table, guesses: dict[str, Guess]) -> str | None:
    """Tables of examples often end in the answer: a last column of few values that each occur often."""
    name = sample.column_names[-1]
    filled = sample[name].drop_null()
    counts = pc.value_counts(filled).field("counts").to_pylist()
    few = name in guesses and 2 <= len(counts) <= LAST_CLASSES and min(counts) >= LAST_ROWS
    return name if few and len(guesses) > 2 and guesses[name].role == "category" else None


def sampled(file: pq.ParquetFile) -> pa.Table:
    """The whole table if it is small, else evenly spread rows of it."""
    n_rows = file.metadata.num_rows
    if n_rows <= SAMPLE_ROWS:
        return file.read()
    step, start, parts = n_rows / SAMPLE_ROWS, 0, []
    for batch in file.iter_batches(batch_size=1 << 14):
        first, last = int(np.ceil(start / step)), int(np.ceil((start + batch.num_rows) / step))
        places = (np.arange(first, last) * step).astype(np.int64) - start
        parts.append(batch.take(pa.array(places[(places >= 0) & (places < batch.num_rows)])))
        start += batch.num_rows
    return pa.Table.from_batches(parts, schema=file.schema_arrow)


def look(sample: pa.Table, name: str) -> Look:
    """One column, seen."""
    column = sample[name]
    filled = column.drop_null()
    return Look(
        name=name,
        kind=column.type,
        n_rows=len(column),
        n_missing=column.null_count,
        values=filled.to_pandas(),
        n_distinct=pc.count_distinct(filled).as_py(),
    )


def guess_column(seen: Look) -> Guess:
    """The role of a column that is not the target."""
    if len(seen.values) == 0:
        return Guess("ignored", say(_("It is empty.")), "empty")
    if seen.n_distinct == 1 and seen.n_missing == 0:
        return Guess(
            "ignored",
            say(_("It has the same value in every row: {value}."), value=clip(shown(seen.values.iloc[0]))),
            "constant",
        )
    if pa.types.is_temporal(seen.kind):
        return Guess("date", say(_("Its values are dates.")))
    if seen.numeric:
        return _number(seen)
    return _words(seen)


def _number(seen: Look) -> Guess:
    values = seen.values.to_numpy(dtype=float)
    whole = bool(np.all(values == np.round(values)))
    named_id = bool(_ID_NAME.search(seen.name))
    if whole and seen.n_missing == 0 and seen.n_distinct == seen.n_rows and seen.n_rows >= 10:
        if _counts_up(values):
            return Guess("id", say(_("It counts the rows one by one.")), "id")
        if named_id:
            return Guess("id", say(_("Every row has another value, and its name says that it is an id.")), "id")
    if whole and _INDEX_NAME.search(seen.name):
        return Guess("id", say(_("Its name says that it numbers the rows.")), "id")
    if whole and bool(_STRONG_ID_NAME.search(seen.name)) and (seen.share_distinct > 0.5 or np.abs(values).max() >= 1e9):
        return Guess("id", say(_("Its name says that it is an id, and its values are large or rarely repeat.")), "id")
    return _plain_number(seen)


def by_values(seen: Look) -> Guess:
    """The role of a column that is to take part in any case: neither its name nor rare repeats count."""
    if pa.types.is_temporal(seen.kind):
        return Guess("date", say(_("Its values are dates.")))
    return _plain_number(seen) if seen.numeric else _plain_words(seen)


def _plain_number(seen: Look) -> Guess:
    values = seen.values.to_numpy(dtype=float)
    if bool(np.all(values == np.round(values))) and seen.n_distinct <= 2:
        return Guess(
            "category",
            say(_n("It has only {n} different value.", "It has only {n} different values."), n=seen.n_distinct),
        )
    return Guess("number", say(_("Its values are numbers.")))


def _counts_up(values: np.ndarray) -> bool:
    steps = np.diff(values)
    return len(steps) > 0 and bool(np.all(steps == steps[0])) and abs(steps[0]) == 1


def _words(seen: Look) -> Guess:
    words = seen.values.astype(str)
    if words.str.match(_URL).mean() > 0.9:
        return Guess("id" if seen.share_distinct > 0.9 else "ignored", say(_("Its values are web addresses.")), "id")
    n_words = _n_words(words)
    codes = float(words.str.match(_CODE).mean())
    if _is_id(seen, n_words, codes):
        return Guess(
            "id",
            say(
                _("{share} of its values occur only once and they are not sentences."),
                share=_percent(seen.share_distinct),
            ),
            "id",
        )
    return _plain_words(seen)


def _plain_words(seen: Look) -> Guess:
    words = seen.values.astype(str)
    n_words = _n_words(words)
    codes = float(words.str.match(_CODE).mean())
    if len(words) and _is_text(seen, words, n_words, codes) and _fixed(seen):
        text = _("It has {n} fixed texts that occur {rows:.0f} times each on average: they are told apart, not read.")
        return Guess("category", say(text, n=seen.n_distinct, rows=len(seen.values) / seen.n_distinct))
    if len(words) and _is_text(seen, words, n_words, codes):
        return _text(round(float(n_words.mean()), 1), language.shares(words))
    return Guess(
        "category",
        say(
            _n("It has {n} different value that repeats.", "It has {n} different values that repeat."),
            n=seen.n_distinct,
        ),
    )


def _text(n_words: float, found: dict[str, float]) -> Guess:
    """A text column, and in which languages it is if there are several."""
    if len(found) > 1:
        text = _("Its values are texts of {n} words on average, in several languages: {shares}.")
        return Guess("text", say(text, n=n_words, shares=language.told(found)), "", found)
    return Guess("text", say(_("Its values are texts of {n} words on average."), n=n_words), "", found)


def _is_id(seen: Look, n_words: pd.Series, codes: float) -> bool:
    if len(seen.values) < 10 or n_words.mean() >= 2:
        return False
    if seen.share_distinct > 0.95 and codes > 0.5:
        return True
    if seen.share_distinct > 0.5 and bool(_STRONG_ID_NAME.search(seen.name)):
        return True
    return seen.share_distinct > 0.75 and codes > 0.9


def _is_text(seen: Look, words: pd.Series, n_words: pd.Series, codes: float) -> bool:
    """Several words, mostly different from row to row."""
    n_letters = words.str.len()
    many_words = float(n_words.mean())
    if many_words >= 5 and seen.n_distinct > 20:
        return True
    if codes > 0.5:
        return False
    if len(seen.values) < 50 and many_words >= 3 and seen.share_distinct > 0.5:
        return True
    if float(words.str.count(_LETTER).sum()) < 0.4 * float(n_letters.sum()):
        return False
    if many_words < 3 and seen.share_distinct < 0.75:
        return False
    return many_words >= 1.8 and seen.share_distinct > 0.5 and seen.n_distinct > 20 and float(n_letters.mean()) > 8


def _fixed(seen: Look) -> bool:
    """Whether texts come from a short list: read as texts, all rows of one would be held back together."""
    return seen.n_distinct <= MOST_TEMPLATES and len(seen.values) >= TEMPLATE_ROWS * seen.n_distinct


def _n_words(words: pd.Series) -> pd.Series:
    """Words per value; a Chinese character counts as two thirds of a word, keywords joined by bars as words."""
    spaced = words.str.count(r"[^\s|;/]+")
    han = words.str.count(_HAN)
    return spaced + han * (2 / 3)


def _judged(guesses: dict[str, Guess], target_name: str) -> list[str]:
    """Columns that could leak the target: not texts, not ids, not already left out."""
    return [
        name for name, found in guesses.items() if name != target_name and found.role in ("number", "category", "date")
    ]


def shown(value: object) -> str:
    """A value as text for a sentence: 3.0 as 3, midnight without its hours."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).removesuffix(" 00:00:00")


def _percent(share: float) -> str:
    return format(share, ".0%")


def names(table_path: Path) -> list[str]:
    """The names of a Parquet file's columns."""
    return list(pq.read_schema(table_path).names)
