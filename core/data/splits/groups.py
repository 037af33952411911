"""Columns that say whose rows these are: a patient, a customer, a device, each with several rows that are alike.

Tested on rows of a patient whose other rows it was trained on, a model is asked to recognise patients. Such a column
is offered as the group to hold back together. A city or a product is no such column: its rows differ. Light.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.data.schema import Column, Finding, Grouping, Report, Schema
from core.messages import Message, _, say

CODE = "grouping"  # of the finding
FEWEST_VALUES, FEWEST_ROWS = 10, 50
MOST_ROWS = 5000  # looked at, all rows of some of the values
REPEATED = 0.8  # of the rows have a value that comes back
LARGEST = 0.3  # share of the rows that one value may have
ALIKE = 0.5  # share of a column's spread that lies between values, from where on rows of one value are alike
VERY_ALIKE = 0.8  # asked of a column that does not look like an id
MOST_KINDS = 200  # different values of a category whose likeness is measured
MOST_MEASURED = 3  # offers whose two scores are measured, the most telling ones
MEASURED = ("measure", "known_score", "new_score", "clear", "tried")  # fields of an offer
_UNITS = (
    r"patient|subject|participant|person|proband|respondent|customer|client|user|member|account|household|family"
    r"|device|machine|sensor|engine|unit|station|vehicle|driver|session|student|pupil|employee|animal|sample|specimen"
    r"|kunde|kundin|teilnehmer|patientin|gerät|geraet|maschine|anlage|fahrzeug|schüler|nutzer|haushalt|probe"
    r"|paciente|cliente|usuario|equipo|sujet|identifiant|appareil|utilisateur|machine"
)
_NAMED = re.compile(
    rf"(^|[_\s.-])(id|ids|uid|uuid|guid|nr|no)\.?$|[a-zäöü](Id|ID|Nr|No)$|(nummer|编号|号|病人|患者|用户|客户|设备)$"
    rf"|^({_UNITS})s?([_\s.-]*(id|nr|no|number|nummer|name|#))?\.?$",
    re.IGNORECASE,
)
_CODED = re.compile(r"^([^\W\d_]{1,8}[-_./# ]?\d\d[\w-]*|[0-9a-f]{8}-[0-9a-f-]{8,})$", re.IGNORECASE)
_PERIOD = re.compile(  # Q1, KW 12, Jan-15
    r"^(q|w|kw|h|fy|cw|jan|feb|mar|mär|mai|apr|may|jun|jul|aug|sep|okt|oct|nov|dec|dez)[a-zé]*\.?[-_ ']?\d{1,4}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Repeats:
    """The rows of a column that are looked at: all rows of some values that come back."""

    n_values: int
    rows_each: float
    places: np.ndarray  # rows of the table
    codes: np.ndarray  # the value of each, as a number


def find(table: pd.DataFrame, schema: Schema) -> list[Grouping]:
    """Columns that are offered as the group, the most telling first.

    A column is offered whose values come back and whose rows are alike: by its name or values it is an id, and the
    target or another column hardly differs within a value; or the target hardly does, nor do most other columns.
    """
    found = [
        grouping
        for column in schema.columns
        if column.name in table.columns and (seen := _repeats(table[column.name], column)) is not None
        if (grouping := _judged(column, seen, table.iloc[seen.places], schema)) is not None
    ]
    return sorted(found, key=lambda one: -one.likeness)


def find_in_file(path: Path, schema: Schema) -> list[Grouping]:
    """The same for a Parquet file: it reads the columns that could be offered, one by one, and no texts."""
    file = pq.ParquetFile(path, pre_buffer=False)
    found = []
    for column in schema.columns:
        if column.name not in file.schema_arrow.names or not _could_be(column):
            continue
        seen = _repeats(file.read(columns=[column.name])[column.name].to_pandas(), column)
        if seen is None:
            continue
        wanted = [column.name, schema.target, *schema.names("number", "category")]
        grouping = _judged(column, seen, rows_at(file, seen.places, wanted), schema)
        if grouping is not None:
            found.append(grouping)
    return sorted(found, key=lambda one: -one.likeness)


def found_by(schema: Schema) -> tuple[object, ...]:
    """All of a schema that decides which columns are offered: with the same, there is nothing to look for again."""
    candidates = {column.name for column in schema.columns if _could_be(column)}
    return schema.target, set(schema.names("number", "category")), candidates


def scored_by(schema: Schema, column: str) -> tuple[object, ...]:
    """All of a schema that decides the two scores of a column."""
    return schema.target, schema.task, schema.target_as, set(schema.names("number", "category", "date")) - {column}


def with_known_scores(found: list[Grouping], known: list[Grouping], before: Schema, now: Schema) -> list[Grouping]:
    """What was found, with the scores that were measured before where they still hold, and without any elsewhere."""
    holding = {one.column: one for one in known if scored_by(before, one.column) == scored_by(now, one.column)}
    blank = {name: Grouping.model_fields[name].default for name in MEASURED}
    return [
        one.model_copy(update=holding[one.column].model_dump(include=set(MEASURED)) if one.column in holding else blank)
        for one in found
    ]


def to_measure(groupings: list[Grouping]) -> bool:
    """Whether there are scores that nobody asked for yet."""
    return any(one.new_score is None and not one.tried for one in groupings[:MOST_MEASURED])


def findings(groupings: list[Grouping]) -> list[Finding]:
    """What the report says of each."""
    return [
        Finding(
            code=CODE,
            column=one.column,
            severity="warning" if one.clear else "note",
            message=sentence(one),
            action=say(_("Hold its rows back together: choose it on the Compare page, or add --group to a command.")),
        )
        for one in groupings
    ]


def told(described: Report, groupings: list[Grouping]) -> None:
    """Write them into a report, in the place of those that were found before."""
    others = [finding for finding in described.findings if finding.code != CODE]
    described.groupings = groupings
    described.findings = [*findings(groupings), *others]


def sentence(one: Grouping) -> Message:
    """That it repeats, and the two scores where they are known."""
    gaps = {"column": one.column, "n": one.n_values, "rows": one.rows_each}
    if one.known_score is None or one.new_score is None:
        return say(
            _("“{column}” repeats: {n:,} values, about {rows:.0f} rows each, and rows of one value are alike."), **gaps
        )
    gaps |= {"known": one.known_score, "new": one.new_score}
    if one.clear:
        return say(
            _(
                "“{column}” repeats: {n:,} values, about {rows:.0f} rows each. A quick model scores {known:.3f} where "
                "it knows other rows of the same value, but only {new:.3f} for values it has never seen."
            ),
            **gaps,
        )
    return say(
        _(
            "“{column}” repeats: {n:,} values, about {rows:.0f} rows each. A quick model scores {known:.3f} where it "
            "knows other rows of the same value, and about the same, {new:.3f}, for values it has never seen."
        ),
        **gaps,
    )


def rows_at(file: pq.ParquetFile, places: np.ndarray, columns: Sequence[str | None]) -> pd.DataFrame:
    """Some rows of a Parquet file, in order, of those of the columns that it has; batches are read one at a time."""
    names = [name for name in file.schema_arrow.names if name in columns]
    parts, start = [], 0
    for batch in file.iter_batches(batch_size=1 << 14, columns=names):
        inside = places[(places >= start) & (places < start + batch.num_rows)] - start
        parts.append(batch.take(pa.array(inside)))
        start += batch.num_rows
    read = pa.schema([file.schema_arrow.field(name) for name in names])
    return pa.Table.from_batches(parts, schema=read).to_pandas()


def names_an_owner(name: str) -> bool:
    """Whether a column's name says that it holds ids: patient_id, Kunden-Nr, 学号."""
    return bool(_NAMED.search(name.strip()))


def _could_be(column: Column) -> bool:
    """Numbers only by their name: a measurement may repeat, too. Texts and dates never, not even left out."""
    if column.role == "number":
        return names_an_owner(column.name)
    if column.role == "ignored" and column.role_if_kept in {"text", "date"}:
        return False
    return column.role in {"category", "id", "ignored"} and column.code not in {"constant", "empty"}


def _repeats(values: pd.Series, column: Column) -> _Repeats | None:
    """The rows to look at; None where the values do not come back as an id's do."""
    if not _could_be(column) or pd.api.types.is_datetime64_any_dtype(values):
        return None
    codes, _different = pd.factorize(values)
    filled = np.flatnonzero(codes >= 0)
    if len(filled) < max(FEWEST_ROWS, REPEATED * len(values)):
        return None
    counts = np.bincount(codes[filled])
    again = counts[counts > 1]
    if not FEWEST_VALUES <= len(counts) <= len(filled) / 2:
        return None
    if again.sum() < REPEATED * len(filled) or counts.max() > LARGEST * len(filled):
        return None
    dealt = np.random.default_rng(0).permutation(np.flatnonzero(counts > 1))
    chosen = dealt[: max(FEWEST_VALUES, int(np.searchsorted(np.cumsum(counts[dealt]), MOST_ROWS)))]
    places = np.flatnonzero(np.isin(codes, chosen))
    return _Repeats(len(counts), len(filled) / len(counts), places, codes[places])


def _judged(column: Column, seen: _Repeats, rows: pd.DataFrame, schema: Schema) -> Grouping | None:
    """The offer, if rows of one value are alike."""
    target = schema.target
    of_target = _likeness(rows[target], seen.codes) if target in rows.columns else 0.0
    others = [
        _likeness(rows[name], seen.codes)
        for name in schema.names("number", "category")  # all rows of a month have near dates
        if name != column.name and name in rows.columns
    ]
    most = max([of_target, *others], default=0.0)
    if _is_id(column, rows[column.name]):
        offered = most >= ALIKE
    else:
        n_alike = sum(one >= VERY_ALIKE for one in others)
        offered = of_target >= VERY_ALIKE and n_alike >= 2 and n_alike >= len(others) / 2
    if not offered:
        return None
    return Grouping(column=column.name, n_values=seen.n_values, rows_each=seen.rows_each, likeness=most)


def _is_id(column: Column, values: pd.Series) -> bool:
    """Whether its name says so, or its values are codes: letters, then digits, and no periods such as Q1."""
    if names_an_owner(column.name):
        return True
    if pd.api.types.is_numeric_dtype(values):
        return False
    words = values.dropna().astype(str).str.strip()
    return bool(words.str.match(_CODED).mean() > 0.9 and words.str.match(_PERIOD).mean() < 0.1)


def _likeness(values: pd.Series, codes: np.ndarray) -> float:
    """Share of the spread that lies between groups, without what lies there by chance: 0 to 1.

    Of numbers by their ranks (an intraclass correlation), of categories by Gini's index.
    """
    filled = values.notna().to_numpy()
    codes = pd.factorize(codes[filled])[0]
    if len(codes) < FEWEST_ROWS:
        return 0.0
    kept = values[filled]
    if pd.api.types.is_numeric_dtype(kept):
        marks = kept.rank().to_numpy(dtype=float)[:, None]
    else:
        kinds = pd.factorize(kept.astype(str))[0]
        if kinds.max() >= MOST_KINDS:
            return 0.0
        marks = np.eye(kinds.max() + 1)[kinds]
    counts = np.bincount(codes)
    means = np.stack([np.bincount(codes, weights=column) for column in marks.T], axis=1) / counts[:, None]
    within = ((marks - means[codes]) ** 2).sum() / max(1, len(codes) - len(counts))
    whole = ((marks - marks.mean(axis=0)) ** 2).sum() / max(1, len(codes) - 1)
    return float(np.clip(1 - within / whole, 0, 1)) if whole > 0 else 0.0
