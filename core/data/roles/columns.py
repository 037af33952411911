"""What each column is taken for, and why: text, number, category, date, id, or better left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.data.personal import scan
from core.data.roles import by_layout, ids, language_id, leakage
from core.data.roles.guess import Guess
from core.data.schema import Column, Schema
from core.data.splits import groups
from core.data.targets import target
from core.messages import Message, _, _n, clip, say

SAMPLE_ROWS = 20_000
LEFT_OUT = frozenset({"id", "ignored"})
LAST_CLASSES = 10  # so few values, each of
LAST_ROWS = 5  # so many rows, make a last column a label
MOST_TEMPLATES = 100  # so many different texts at most, each of
TEMPLATE_ROWS = 10  # so many rows on average, are fixed sentences rather than texts
_URL = re.compile(r"^\s*(https?://|www\.)\S+\s*$")
_LETTER = re.compile(r"[^\W\d_]")


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
    def sampled(self) -> bool:
        """Whether the table is larger, so that these are evenly spread rows of it."""
        return self.n_rows >= SAMPLE_ROWS - 1

    @property
    def numeric(self) -> bool:
        return pa.types.is_integer(self.kind) or pa.types.is_floating(self.kind)


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
    written = by_layout.written_as(table_path)
    guesses = {
        name: by_layout.role_of(written.get(name), sample[name]) or guess_column(look(sample, name)) for name in names
    }
    personal = scan.scan(table_path) if known is None else scan.known(known)
    if target_name is None and suggest:
        others = {name: found for name, found in guesses.items() if name not in personal or not personal[name].alone}
        poor = _of_several(names) | {name for name in names if name in written and written[name].layout.kind == "list"}
        target_name = target.suggest([name for name in names if name not in poor])
        target_name = target_name or _label_beside_text(sample, others) or _label_at_the_end(sample, others)
        if target_name and (target_name in poor or guesses[target_name].role == "text"):
            target_name = None
    task = None
    if target_name is not None and target_name in guesses:
        values = sample[target_name].to_pandas()
        task = target.guess_task(values)
        judged = _judged(guesses, target_name)
        guesses |= {name: owner for name in judged if (owner := _owner(sample, name, target_name)) is not None}
        for name, sign in leakage.find(sample, target_name, task, _judged(guesses, target_name)).items():
            guesses[name] = _doubted(guesses[name], sign)
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
    columns = [by_layout.as_written(column, written.get(column.name)) for column in columns]
    found = Schema(columns=[_remembering(column, sample) for column in columns], task=task)
    return scan.with_personal(found, personal)


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


def _doubted(guessed: Guess, sign: leakage.Sign) -> Guess:
    """Left out if it is certain that the column gives the answer away, otherwise only marked."""
    if sign.certain:
        return Guess("ignored", sign.reason, "leak")
    return replace(guessed, reason=sign.reason, code="suspicious")


def _owner(sample: pa.Table, name: str, target_name: str) -> Guess | None:
    """An id by its name whose values come back: each goes with one answer since its rows are one patient's."""
    if not groups.names_an_owner(name):
        return None
    values, answers = sample[name].to_pandas(), sample[target_name].to_pandas()
    rows = values.notna() & answers.notna()
    by_owner = answers[rows].groupby(values[rows])
    n_owners = by_owner.ngroups
    if n_owners < groups.FEWEST_VALUES or rows.sum() < 2 * n_owners or int(by_owner.nunique().max()) > 1:
        return None
    text = _("It says whose row each is: {n} values that come back, and all rows of one have the same answer.")
    return Guess("id", say(text, n=n_owners), "id")


def _of_several(names: list[str]) -> set[str]:
    """Columns whose name stands several times in the header, “Labels” and “Labels_2”: together they hold a list."""
    bases = {name.removesuffix("_2") for name in names if name.endswith("_2")} & set(names)
    return {name for name in names if name in bases or re.sub(r"_\d+$", "", name) in bases}


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
        value = clip(shown(seen.values.iloc[0]))
        return Guess("ignored", say(_("It has the same value in every row: {value}."), value=value), "constant")
    if pa.types.is_temporal(seen.kind):
        return Guess("date", say(_("Its values are dates.")))
    if seen.numeric:
        return _number(seen)
    return _words(seen)


def _number(seen: Look) -> Guess:
    numbers = seen.values.to_numpy(dtype=float)
    if len(numbers) < ids.FEWEST_ROWS or not _whole(numbers):
        return _plain_number(seen)
    if reason := _numbers_rows(seen, numbers):
        return Guess("id", reason, "id")
    if ids.tell_groups_apart(numbers, seen.name, seen.share_distinct):
        text = _n(
            "Its numbers only tell things apart, as its name says: {n} value that repeats.",
            "Its numbers only tell things apart, as its name says: {n} values that repeat.",
        )
        return Guess("category", say(text, n=seen.n_distinct))
    return _plain_number(seen)


def _numbers_rows(seen: Look, numbers: np.ndarray) -> Message | None:
    """Why whole numbers are ids, if they are."""
    if seen.share_distinct == 1 and seen.n_missing == 0 and ids.counts_up(numbers, seen.name, seen.sampled):
        return say(_("It counts the rows one by one."))
    if seen.share_distinct >= ids.UNIQUE and ids.numbers_the_rows(numbers, seen.name):
        return say(_("Every row has another value, and its name says that it is an id."))
    if ids.counts_in_blocks(numbers, seen.name):
        return say(_("Its name says that it numbers the rows."))
    rounded = pa.types.is_floating(seen.kind) and np.abs(numbers).max() >= ids.EXACT
    if ids.named_strongly(seen.name) and (seen.share_distinct > ids.RARELY or rounded):
        return say(_("Its name says that it is an id, and its values are large or rarely repeat."))
    return None


def _whole(numbers: np.ndarray) -> bool:
    return bool(np.all(numbers == np.round(numbers)))


def by_values(seen: Look) -> Guess:
    """The role of a column that is to take part in any case: neither its name nor rare repeats count."""
    if pa.types.is_temporal(seen.kind):
        return Guess("date", say(_("Its values are dates.")))
    return _plain_number(seen) if seen.numeric else _plain_words(seen)


def _plain_number(seen: Look) -> Guess:
    if _whole(seen.values.to_numpy(dtype=float)) and seen.n_distinct <= 2:
        return Guess(
            "category",
            say(_n("It has only {n} different value.", "It has only {n} different values."), n=seen.n_distinct),
        )
    return Guess("number", say(_("Its values are numbers.")))


def _words(seen: Look) -> Guess:
    words = seen.values.astype(str)
    if words.str.match(_URL).mean() > 0.9:
        return Guess("id" if seen.share_distinct > 0.9 else "ignored", say(_("Its values are web addresses.")), "id")
    if ids.name_the_rows(words, seen.name, seen.share_distinct):
        text = _("{share} of its values occur only once and they are not sentences.")
        return Guess("id", say(text, share=_percent(seen.share_distinct)), "id")
    found = _plain_words(seen)
    named_a_time = ids.named_a_time(seen.name)
    if found.role == "category" and _all_different(seen) and not (named_a_time or ids.are_quantities(words)):
        return Guess("id", say(_("Every row has another value, and they are no sentences: it names the row.")), "id")
    return found


def _all_different(seen: Look) -> bool:
    return len(seen.values) >= ids.FEWEST_ROWS and seen.share_distinct == 1


def _plain_words(seen: Look) -> Guess:
    words = seen.values.astype(str)
    if len(words) and (many_words := _words_of_a_text(seen, words)):
        if not _fixed(seen):
            return _text(round(many_words, 1), language_id.shares(words))
        text = _("It has {n} fixed texts that occur {rows:.0f} times each on average: they are told apart, not read.")
        return Guess("category", say(text, n=seen.n_distinct, rows=len(seen.values) / seen.n_distinct))
    counted = _n("It has {n} different value that repeats.", "It has {n} different values that repeat.")
    return Guess("category", say(counted, n=seen.n_distinct))


def _text(n_words: float, found: dict[str, float]) -> Guess:
    """A text column, and in which languages it is if there are several."""
    if len(found) > 1:
        text = _("Its values are texts of {n} words on average, in several languages: {shares}.")
        return Guess("text", say(text, n=n_words, shares=language_id.shares_in_words(found)), "", found)
    return Guess("text", say(_("Its values are texts of {n} words on average."), n=n_words), "", found)


def _words_of_a_text(seen: Look, words: pd.Series) -> float:
    """How many words the values have on average, where they are texts; else 0. What takes long is asked last."""
    few_values, short = seen.n_distinct <= 20, len(seen.values) < 50
    if few_values and not (short and seen.share_distinct > 0.5):
        return 0.0
    many_words = float(_n_words(words).mean())
    if many_words < (3 if few_values else 1.8):
        return 0.0
    return many_words if _is_text(seen, words, many_words) else 0.0


def _is_text(seen: Look, words: pd.Series, many_words: float) -> bool:
    """Several words, mostly different from row to row."""
    if seen.n_distinct > 20 and (many_words >= 5 or (many_words >= 3 and seen.share_distinct > 0.9)):
        return True
    if ids.are_codes(words) > 0.5:
        return False
    if len(seen.values) < 50 and many_words >= 3 and seen.share_distinct > 0.5:
        return True
    n_letters = words.str.len()
    if float(words.str.count(_LETTER).sum()) < 0.4 * float(n_letters.sum()):
        return False
    if many_words < 3 and seen.share_distinct < 0.75:
        return False
    return many_words >= 1.8 and seen.share_distinct > 0.5 and seen.n_distinct > 20 and float(n_letters.mean()) > 8


def _fixed(seen: Look) -> bool:
    """Whether texts come from a short list: read as texts, all rows of one would be held back together."""
    return seen.n_distinct <= MOST_TEMPLATES and len(seen.values) >= TEMPLATE_ROWS * seen.n_distinct


def _n_words(words: pd.Series) -> pd.Series:
    """Words per value, also where no blank parts them; keywords joined by bars are words."""
    return words.str.count(r"[^\s|;/]+") + ids.unspaced_words(words)


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
