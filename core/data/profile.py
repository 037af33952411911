"""A table in numbers, and what was found in it: gaps, constants, duplicates, imbalance, columns left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.data.personal import masking, scan
from core.data.roles import columns
from core.data.roles.encoder_advice import advise
from core.data.schema import Column, ColumnReport, Finding, Report, Schema, read_model, write_model
from core.data.targets import findings as target_findings
from core.data.targets.target import check_target
from core.data.values.spellings import fold, spellings
from core.messages import AmalgamError, Message, _, _n, clip, say

BINS = 24
TOP = 10
RARE = 0.1  # a class below this share is called rare
MANY_GAPS = 0.5
_WHOLE_COLUMN_BYTES = 8 << 20  # of a larger column, all but the gaps is counted in a sample
ABOUT_TARGET = ("imbalance", "missing_target", "target", "leak", "suspicious", *target_findings.CODES)
PLANS: dict[str, Callable[[int], Message]] = {
    "number": lambda n: say(
        _n(
            "{n:,} gap is filled with the median of the training rows, and marked.",
            "{n:,} gaps are filled with the median of the training rows, and marked.",
        ),
        n=n,
    ),
    "category": lambda n: say(
        _n("{n:,} gap counts as a value of its own.", "{n:,} gaps count as a value of their own."), n=n
    ),
    "date": lambda n: say(
        _n(
            "{n:,} gap is filled with the median of the training rows, and marked.",
            "{n:,} gaps are filled with the median of the training rows, and marked.",
        ),
        n=n,
    ),
    "text": lambda n: say(_n("{n:,} gap is taken as an empty text.", "{n:,} gaps are taken as empty texts."), n=n),
    "target": lambda n: say(
        _n("{n:,} row without a target is left out.", "{n:,} rows without a target are left out."), n=n
    ),
}


def describe(table_path: Path, schema: Schema) -> Report:
    """Every column in numbers, and the checks that found something."""
    file = pq.ParquetFile(table_path, pre_buffer=False)
    sample = columns.sampled(file)
    sizes = _sizes(file)
    reports = [_column(file, sample, column, sizes[column.name]) for column in schema.columns]
    n_rows = file.metadata.num_rows
    findings = [
        *about_target(sample, schema, n_rows, reports, whole_target(file, schema)),
        *scan.findings(schema),
        *_spellings(sample, schema),
        *_about_columns(schema, reports, n_rows),
    ]
    described = Report(n_rows=n_rows, columns=reports, findings=findings)
    count_duplicates(described, table_path, schema)
    return described


def describe_again(folder: Path, column: Column) -> None:
    """Bring the numbers and examples of one column up to date, once it was masked or shown again."""
    described = read_model(Report, folder / "report.json")
    if described is None:
        return
    file = pq.ParquetFile(folder / "table.parquet", pre_buffer=False)
    new = _column(file, columns.sampled(file), column, _sizes(file)[column.name])
    described.columns = [new if one.name == column.name else one for one in described.columns]
    write_model(described, folder / "report.json")


def count_duplicates(described: Report, table_path: Path, schema: Schema) -> None:
    """Write into a report how many rows equal an earlier one, in every cell and but for ids."""
    n_exact, n_but_ids = (int(found.sum()) for found in duplicate_rows(table_path, schema))
    described.n_duplicate_rows, described.n_duplicate_rows_but_ids = n_exact, n_but_ids
    described.findings = [finding for finding in described.findings if finding.code != "duplicates"]
    if n_but_ids:
        described.findings.append(_duplicates(n_exact, n_but_ids))


def duplicate_rows(table_path: Path, schema: Schema) -> tuple[np.ndarray, np.ndarray]:
    """Which rows equal an earlier one in every cell, and which in every cell that is no id.

    Returns
    -------
    two bool arrays, shape (n_rows,)
        As ``pandas.DataFrame.duplicated`` has them; the first is part of the second where there are other columns.
    """
    exact = _repeated(table_path, [column.name for column in schema.columns])
    if not schema.names("id"):
        return exact, exact
    return exact, exact | _repeated(table_path, [column.name for column in schema.columns if column.role != "id"])


def _repeated(table_path: Path, names: list[str]) -> np.ndarray:
    """Which rows equal an earlier one in these columns; none where there are no columns."""
    if not names:
        return np.zeros(pq.read_metadata(table_path).num_rows, dtype=bool)
    file = pq.ParquetFile(table_path, pre_buffer=False)
    hashes = [
        pl.DataFrame(pl.from_arrow(batch)).hash_rows(seed=1).to_numpy()
        for batch in file.iter_batches(batch_size=1 << 14, columns=names)
    ]
    return np.asarray(pd.Series(np.concatenate(hashes)).duplicated()) if hashes else np.zeros(0, dtype=bool)


def whole_target(file: pq.ParquetFile, schema: Schema) -> pd.Series | None:
    """The target of every row, where it is not too large to be read at once."""
    name = schema.target
    if name is None or _sizes(file)[name] > _WHOLE_COLUMN_BYTES:
        return None
    return file.read(columns=[name])[name].to_pandas()


def about_target(
    sample: pa.Table, schema: Schema, n_rows: int, reports: list[ColumnReport], whole: pd.Series | None = None
) -> list[Finding]:
    """What the target brings with it: unusable, rows without it, rare classes, columns that give it away.

    whole: the target of every row, where it could be read
    """
    found = [
        Finding(
            code="leak",
            column=column.name,
            severity="warning",
            message=column.reason,
            action=say(_("It is left out. You can keep it by giving it another role.")),
        )
        for column in schema.columns
        if column.code == "leak" and column.role == "ignored"
    ]
    found += [
        Finding(code="suspicious", column=column.name, message=column.reason)
        for column in schema.columns
        if column.code == "suspicious" and column.role == column.guessed
    ]
    if schema.target is None:
        return found
    values = sample[schema.target].to_pandas() if whole is None else whole
    found += target_findings.find(values, schema)
    try:
        values = target_findings.as_chosen(values, schema)
        task = check_target(values, schema.target, schema.task_of_cells)
    except AmalgamError as error:
        if any(one.code == "several_labels" for one in found):
            return found
        return [
            *found,
            Finding(code="target", column=schema.target, severity="warning", message=error.message, action=error.hint),
        ]
    missing = next(report.n_missing for report in reports if report.name == schema.target)
    if missing:
        found.append(_missing_target(schema.target, missing, n_rows))
    if task != "regression" and (imbalance := _imbalance(values.dropna(), schema.target)):
        found.append(imbalance)
    return found


def _missing_target(target: str, n_missing: int, n_rows: int) -> Finding:
    return Finding(
        code="missing_target",
        column=target,
        severity="warning" if n_missing > 0.05 * n_rows else "note",
        message=say(_("“{column}” is missing in {n} of {rows} rows."), column=target, n=n_missing, rows=n_rows),
        action=say(_("Those rows are left out of training and scoring.")),
    )


def _imbalance(values: pd.Series, target: str) -> Finding | None:
    counts = values.value_counts()
    share = counts.iloc[-1] / counts.sum()
    if len(counts) > 20 or share >= min(RARE, 0.5 / len(counts) if len(counts) > 5 else RARE):
        return None
    return Finding(
        code="imbalance",
        column=target,
        severity="warning",
        message=say(
            _("The class “{label}” is rare: {share} of the rows. Always guessing “{common}” would be right in {most}."),
            label=columns.shown(counts.index[-1]),
            share=format(share, ".1%"),
            common=columns.shown(counts.index[0]),
            most=format(counts.iloc[0] / counts.sum(), ".1%"),
        ),
        action=say(_("Candidates are ranked by a measure that rare classes count in, not by accuracy.")),
    )


def _spellings(sample: pa.Table, schema: Schema) -> list[Finding]:
    """Columns of words, the target among them, of which some values are written in several ways."""
    found = []
    for name in schema.names("category", "target"):
        values = sample[name].drop_null()
        if pa.types.is_string(values.type) and (known := spellings(values)):
            written = pc.unique(values).to_pylist()
            several = sorted({value for value in written if sum(fold(other) == fold(value) for other in written) > 1})
            text = _("“{column}” has values that differ only in case or blanks: {values}. They count as different.")
            found.append(
                Finding(
                    code="spellings",
                    column=name,
                    severity="warning",
                    message=say(text, column=name, values=[f"“{value}”" for value in several[:6]]),
                    action=say(_("Merged, they would be: {kept}."), kept=list(known.values())[:8]),
                )
            )
    return found


def _about_columns(schema: Schema, reports: list[ColumnReport], n_rows: int) -> list[Finding]:
    found = []
    for column, report in zip(schema.columns, reports, strict=True):
        if column.code in ("id", "constant", "empty"):
            found.append(
                Finding(
                    code=column.code,
                    column=column.name,
                    message=say(_("“{column}”: {reason}"), column=column.name, reason=column.reason),
                    action=say(_("It is left out.")) if column.role in ("id", "ignored") else None,
                )
            )
        elif report.n_missing > MANY_GAPS * n_rows and column.role != "target":
            found.append(
                Finding(
                    code="gaps",
                    column=column.name,
                    message=say(
                        _("“{column}” is missing in {share} of the rows."),
                        column=column.name,
                        share=format(report.n_missing / n_rows, ".0%"),
                    ),
                    action=report.missing_plan,
                )
            )
    return found


def _duplicates(n_exact: int, n_but_ids: int) -> Finding:
    same = _n("{n:,} row repeats an earlier row exactly.", "{n:,} rows repeat an earlier row exactly.")
    but_ids = _n(
        "{n:,} row repeats an earlier row in everything but ids, {exact:,} of them in every cell.",
        "{n:,} rows repeat an earlier row in everything but ids, {exact:,} of them in every cell.",
    )
    return Finding(
        code="duplicates",
        severity="warning",
        message=say(same if n_exact == n_but_ids else but_ids, n=n_but_ids, exact=n_exact),
        action=say(_("Set them aside by cleaning; otherwise a copy may be trained on and tested on.")),
    )


def _column(file: pq.ParquetFile, sample: pa.Table, column: Column, n_bytes: int) -> ColumnReport:
    whole, sampled = n_bytes <= _WHOLE_COLUMN_BYTES, len(sample) < file.metadata.num_rows
    values = file.read(columns=[column.name])[column.name] if whole and sampled else sample[column.name]
    values = masking.masked_array(values, column)
    n_missing = values.null_count if whole else _n_missing(file, column.name)
    filled = values.drop_null()
    report = ColumnReport(
        name=column.name,
        n_missing=n_missing,
        n_distinct=pc.count_distinct(filled).as_py(),
        examples=[clip(columns.shown(value), 200) for value in pc.unique(filled.slice(0, 2000)).to_pylist()[:5]],
        missing_plan=PLANS[column.role](n_missing) if n_missing and column.role in PLANS else None,
    )
    if len(filled) == 0:
        return report
    if pa.types.is_string(filled.type):
        report.mean_length = round(float(pc.mean(pc.utf8_length(filled)).as_py()), 1)
        if column.role in ("text", "category"):
            found = column.languages or ({column.language: 1.0} if column.language else None)
            report.advice = advise(masking.masked_array(sample[column.name], column).drop_null().to_pandas(), found)
    if not pa.types.is_string(filled.type) or report.n_distinct < 0.9 * len(filled):
        report.top = _top(filled)
    if not pa.types.is_string(filled.type):
        _add_numbers(report, filled)
    return report


def _sizes(file: pq.ParquetFile) -> dict[str, int]:
    """Column → its bytes in memory, about."""
    groups = [file.metadata.row_group(group) for group in range(file.metadata.num_row_groups)]
    return {
        name: sum(group.column(place).total_uncompressed_size for group in groups)
        for place, name in enumerate(file.schema_arrow.names)
    }


def _n_missing(file: pq.ParquetFile, name: str) -> int:
    place = file.schema_arrow.names.index(name)
    groups = [file.metadata.row_group(group).column(place) for group in range(file.metadata.num_row_groups)]
    if all(group.is_stats_set and group.statistics.has_null_count for group in groups):
        return sum(group.statistics.null_count for group in groups)
    return sum(batch.column(0).null_count for batch in file.iter_batches(batch_size=1 << 14, columns=[name]))


def _top(filled: pa.ChunkedArray) -> list[tuple[str, int]]:
    counts = filled.value_counts()
    order = pc.select_k_unstable(counts.field("counts"), TOP, sort_keys=[("", "descending")])
    return [(columns.shown(pair["values"].as_py()), pair["counts"].as_py()) for pair in counts.take(order)]


def _add_numbers(report: ColumnReport, filled: pa.ChunkedArray) -> None:
    """Summary and histogram; a date counts in seconds since 1970."""
    if pa.types.is_temporal(filled.type):
        numbers = pc.divide(pc.cast(filled, pa.int64()), 1_000_000).to_numpy().astype(float)
    else:
        numbers = filled.to_numpy().astype(float)
    report.minimum, report.maximum = float(numbers.min()), float(numbers.max())
    report.mean, report.median = float(numbers.mean()), float(np.median(numbers))
    if not np.isfinite(report.maximum - report.minimum):
        return
    n_bins = min(BINS, max(report.n_distinct, 1))
    try:
        counts, edges = np.histogram(numbers, bins=n_bins)
    except ValueError:  # values so close together that no bin fits between them
        counts, edges = np.array([len(numbers)]), np.array([report.minimum, report.maximum])
    report.histogram = [
        (float(low), float(high), int(count)) for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]
