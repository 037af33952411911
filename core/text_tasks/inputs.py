"""What a text task works on: a column of a table, typed texts, or the task's own sample."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.access.consent import A_FILE, NO_TABLE, Sender
from core.catalog.text_tasks.every import TextTask
from core.data import table
from core.data.roles import language_id
from core.data.schema import Schema, read_model
from core.data.texts import tagged_text
from core.jobs.context import Context
from core.messages import UnknownChoice, UnusableData, _, _n
from core.results.text_tasks.options import MOST_ROWS, TaskParams
from core.workspace import checked_id

SHORTEST_TEXT = 12.0  # mean number of characters of a column that is taken for texts


@dataclass(frozen=True)
class Inputs:
    """Texts with all that belongs to them."""

    texts: list[str]
    rows: list[int]  # their places in the table
    source: str
    references: list[str | None] = field(default_factory=list)  # empty: there are none
    documents: list[str] = field(default_factory=list)
    column: str = ""
    reference: str = ""
    dataset: str = ""
    documents_dataset: str = ""
    of_no_table: bool = False  # typed by the person who asks, or the sample

    def sender(self, context: Context) -> Sender:
        """Whose texts these are, for a language model that reads them elsewhere."""
        beside = (self.documents_dataset,) if self.documents_dataset else ()
        return context.sender(NO_TABLE if self.of_no_table else self.dataset or A_FILE, beside)

    @property
    def language(self) -> str:
        """Of most of the texts; short ones say little, so documents count, too."""
        return str(language_id.guess([*self.texts[:200], *self.documents[:200]]))


def from_params(task: TextTask, wanted: TaskParams, context: Context) -> Inputs:
    """What a job was asked to work on.

    Raises
    ------
    UnusableData, UnknownChoice
        The data set or a column is not there, or there is no text.
    """
    documents = [text for text in wanted.documents if text.strip()]
    if wanted.sample:
        return from_sample(task, wanted.rows, wanted.seed)
    if wanted.texts:
        if len(wanted.texts) > MOST_ROWS:
            raise UnusableData(_("At most {n:,} texts can be typed at once."), n=MOST_ROWS)
        typed = [text for text in wanted.texts if text.strip()]
        own_documents = documents or _documents(wanted, context)
        read_from = "" if documents else _documents_dataset(wanted)
        found = Inputs(typed, list(range(len(typed))), "typed", documents=own_documents, of_no_table=True)
        return checked(task, replace(found, documents_dataset=read_from))
    if wanted.dataset is None:
        raise UnusableData(_("There is nothing to work on."), _("Choose a data set, type a text, or take the sample."))
    row = context.workspace.dataset(checked_id(wanted.dataset), context.owner)
    if row is None:
        raise UnusableData(_("This data set is not there any more."), _("Choose another one on the Data page."))
    folder = context.workspace.dataset_folder(row.id)
    column = wanted.column or first_text_column(folder)
    found = from_frame(table.load(folder), row.name, column, wanted.reference, wanted.rows, wanted.seed)
    read_from = "" if documents else _documents_dataset(wanted)
    documents = documents or _documents(wanted, context)
    return checked(task, replace(found, documents=documents, dataset=row.id, documents_dataset=read_from))


def from_frame(
    frame: pd.DataFrame, source: str, column: str, reference: str = "", n_rows: int | None = None, seed: int = 0
) -> Inputs:
    """The texts of a column and, beside them, the reference column; rows without a text are left out.

    Texts stay as they are: spans count the characters of white space in front, too.
    """
    for name in filter(None, (column, reference)):
        if name not in frame.columns:
            raise UnknownChoice(
                _("There is no column “{column}”."), _("The columns are: {names}."),
                column=name, names=[str(one) for one in frame.columns[:30]],
            )  # fmt: skip
    texts = ["" if _missing(value) else str(value) for value in list(frame[column])]
    places = [place for place, text in enumerate(texts) if text.strip()]
    wanted = min(n_rows or MOST_ROWS, MOST_ROWS)
    if len(places) > wanted:
        drawn = np.random.default_rng(seed).choice(len(places), wanted, replace=False)
        places = [places[place] for place in sorted(drawn)]
    known = cells(frame[reference]) if reference else []
    return Inputs(
        texts=[texts[place] for place in places],
        rows=[int(frame.index[place]) for place in places],
        source=source,
        references=[known[place] for place in places] if known else [],
        column=column,
        reference=reference,
    )


def from_sample(task: TextTask, n_rows: int | None = None, seed: int = 0) -> Inputs:
    """The table that comes along with a task."""
    sample = task.sample
    found = from_frame(_sample_table(sample.path), "sample", sample.column, sample.reference, n_rows, seed)
    documents = []
    if sample.documents is not None:
        documents = [text for text in cells(_sample_table(sample.documents)[sample.documents_column]) if text]
    return checked(task, replace(found, documents=documents, of_no_table=True))


def checked(task: TextTask, inputs: Inputs) -> Inputs:
    """The same inputs, if the task can work on them.

    Raises
    ------
    UnusableData
    """
    if len(inputs.texts) < task.fewest_texts:
        raise UnusableData(
            _n(
                "This task needs at least {n} text, and got {found}.",
                "This task needs at least {n} texts, and got {found}.",
            ),
            n=task.fewest_texts,
            found=len(inputs.texts),
        )
    if task.needs_documents and not inputs.documents:
        raise UnusableData(
            _("There are no documents to look for answers in."),
            _("Choose the column that holds them, or paste them, with a blank line between two."),
        )
    if task.needs_reference and not any(text is not None for text in inputs.references):
        raise UnusableData(
            _("This task learns from examples, and no reference column was chosen."),
            _("Choose the column that holds {what}."),
            what=task.reference,
        )
    return inputs


def cells(values: Sequence[Any]) -> list[str | None]:
    """Cells as texts; what is missing or blank is None."""
    return [str(value).strip() or None if not _missing(value) else None for value in list(values)]


def first_text_column(folder: Path) -> str:
    """The column that is most surely texts: the first with that role."""
    schema = read_model(Schema, folder / "schema.json")
    found = schema.names("text") if schema else []
    if not found:
        raise UnusableData(_("This table has no column of texts."), _("Choose the column to work on."))
    return found[0]


def longest_column(frame: pd.DataFrame) -> str:
    """The column with the longest texts, where nobody said which one is meant."""
    lengths = {}
    for name in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[name]):
            known = [len(text) for text in cells(frame[name]) if text]
            lengths[str(name)] = float(np.mean(known)) if known else 0.0
    best = max(lengths, key=lambda name: lengths[name], default=None)
    if best is None or lengths[best] < SHORTEST_TEXT:
        raise UnusableData(_("This table has no column of texts."), _("Choose the column to work on."))
    return best


def _documents(wanted: TaskParams, context: Context) -> list[str]:
    """Documents of a column of this data set or of another one of the owner's."""
    source = _documents_dataset(wanted)
    if not source:
        return []
    if context.workspace.dataset(checked_id(source), context.owner) is None:
        raise UnusableData(_("This data set is not there any more."), _("Choose another one on the Data page."))
    folder = context.workspace.dataset_folder(source)
    column = wanted.documents_column or first_text_column(folder)
    found = from_frame(table.load(folder), "", column)
    return list(dict.fromkeys(text.strip() for text in found.texts))


def _documents_dataset(wanted: TaskParams) -> str:
    return wanted.documents_dataset or (wanted.dataset if wanted.documents_column else None) or ""


def _sample_table(path: Path) -> pd.DataFrame:
    if path.suffix == ".jsonl":
        lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        return pd.DataFrame([tagged_text.flattened(json.loads(line), number, path) for number, line in lines])
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value)) or value is pd.NA or value is pd.NaT
