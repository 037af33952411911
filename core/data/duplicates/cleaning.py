"""Setting duplicates aside: rows equal in every cell, or but for ids, and nearly equal texts.

Nothing is deleted; undoing brings every row back.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from core.data import profile
from core.data.duplicates import near_duplicates
from core.data.schema import Cleaning, Finding, Report, Schema, read_model, roles_that_matter, write_model
from core.messages import UnusableData, _, _n, say

KEPT_PAIRS = 50


def groups(table: pd.DataFrame, text_columns: list[str], similarity: float = 0.9) -> np.ndarray:
    """Group numbers for folds: rows whose texts are nearly the same share one.

    Returns
    -------
    int64 array, shape (len(table),)
        Without text columns every row is a group of its own.
    """
    if not text_columns:
        return np.arange(len(table))
    return near_duplicates.groups(_joined(table, text_columns), similarity)


def clean(folder: Path, near_too: bool = True, similarity: float = 0.9, schema: Schema | None = None) -> Cleaning:
    """Find duplicates in a data set and write ``cleaning.json``, and into its report, if it has one, what was found.

    schema : with other roles than the data set's own
    """
    schema = read_model(Schema, folder / "schema.json") if schema is None else schema
    if schema is None:
        raise UnusableData(_("This data set is not there any more."))
    cleaning, n_conflicts = find(folder / "table.parquet", schema, near_too, similarity)
    if described := read_model(Report, folder / "report.json"):
        _tell(described, cleaning, n_conflicts, near_too)
        write_model(described, folder / "report.json")
    write_model(cleaning, folder / "cleaning.json")
    return cleaning


def find(table_path: Path, schema: Schema, near_too: bool, similarity: float) -> tuple[Cleaning, int]:
    """Duplicates of a table, of each the first row is kept; and how many rows are in conflict.

    Rows with nearly the same text but different targets are never set aside: nobody knows which is right. They are
    counted in the report.
    """
    exact, equal = profile.duplicate_rows(table_path, schema)
    texts = schema.names("text")
    dropped, pairs, n_near, n_conflicts = equal, _equal_pairs(table_path, schema, equal), 0, 0
    if near_too and texts:
        wanted = [*texts, *([schema.target] if schema.target else [])]
        table = pq.read_table(table_path, columns=wanted).to_pandas()
        found = groups(table, texts, similarity)
        labels = table[schema.target] if schema.target else None
        alike, n_conflicts = _repeats(found, labels)
        alike = alike & ~equal
        n_near = int(alike.sum())
        pairs += [(int(found[place]), int(place)) for place in np.flatnonzero(alike)[:KEPT_PAIRS]]
        dropped = equal | alike
    cleaning = Cleaning(
        dropped=[int(place) for place in np.flatnonzero(dropped)],
        exact=int(exact.sum()),
        but_ids=int(equal.sum() - exact.sum()),
        near=n_near,
        pairs=pairs,
        near_too=near_too,
        similarity=similarity,
        roles=roles_that_matter(schema),
    )
    return cleaning, n_conflicts


def undo(folder: Path) -> None:
    """Bring every row back."""
    (folder / "cleaning.json").unlink(missing_ok=True)
    described = read_model(Report, folder / "report.json")
    if described is not None:
        for finding in described.findings:
            if finding.code in ("duplicates", "near_duplicates"):
                finding.action = say(_("Set them aside by cleaning; otherwise a copy may be trained on and tested on."))
        write_model(described, folder / "report.json")


def _joined(table: pd.DataFrame, text_columns: list[str]) -> list[str]:
    parts = [table[name].astype(object).where(table[name].notna(), "").astype(str) for name in text_columns]
    return ["\n".join(texts).strip() for texts in zip(*parts, strict=True)]


def _repeats(found: np.ndarray, labels: pd.Series | None) -> tuple[np.ndarray, int]:
    """Rows that repeat an earlier one of their group with the same target, and how many rows are in conflict."""
    frame = pd.DataFrame({"group": found, "label": "" if labels is None else labels.astype(object).fillna("")})
    repeated = frame.duplicated(["group", "label"]).to_numpy()
    n_labels = frame.groupby("group")["label"].transform("nunique")
    return repeated, int((n_labels > 1).sum())


def _equal_pairs(table_path: Path, schema: Schema, equal: np.ndarray) -> list[tuple[int, int]]:
    """Examples of a row that equals an earlier one, with that one."""
    if not equal.any():
        return []
    names = [column.name for column in schema.columns if column.role != "id"] or schema.names("id")
    table = pq.read_table(table_path, columns=names).to_pandas()
    keys = pd.util.hash_pandas_object(table, index=False).to_numpy()
    first = {int(key): place for place, key in reversed(list(enumerate(keys)))}
    return [(first[int(keys[place])], int(place)) for place in np.flatnonzero(equal)[:KEPT_PAIRS]]


def _tell(described: Report, cleaning: Cleaning, n_conflicts: int, near_too: bool) -> None:
    """Write into the report what was found and done."""
    aside = say(_("They are set aside; undo brings them back."))
    described.findings = [
        finding for finding in described.findings if finding.code not in ("near_duplicates", "conflicts")
    ]
    for finding in described.findings:
        if finding.code == "duplicates":
            finding.action = aside
    if near_too:
        described.n_near_duplicate_rows = cleaning.near
    if cleaning.near:
        message = say(
            _n(
                "{n} row has nearly the same text as an earlier row.",
                "{n} rows have nearly the same text as an earlier row.",
            ),
            n=cleaning.near,
        )
        described.findings.append(Finding(code="near_duplicates", severity="warning", message=message, action=aside))
    if n_conflicts:
        message = say(
            _n(
                "{n} row has nearly the same text as another row but a different target.",
                "{n} rows have nearly the same text as another row but a different target.",
            ),
            n=n_conflicts,
        )
        action = say(_("They are kept: check which label is right."))
        described.findings.append(Finding(code="conflicts", severity="warning", message=message, action=action))
