"""What is known of a table: its columns with their roles and reasons, how it was read, what was found in it.

These are the JSON files beside ``table.parquet`` in a data set's folder. Light: pages read them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, Field

from core.catalog import Role, Task
from core.files import write_whole
from core.messages import COLUMNS, ROWS, Message, _, say
from core.plan import TargetAs

T = TypeVar("T", bound=BaseModel)


Kind = Literal["text", "number", "date", "time", "duration", "boolean", "ordered", "list", "pair", "domain", "empty"]
Documents = Literal["blank lines", "lines", "paragraphs", "marker"]  # paragraphs: of so many lines


class Aside(BaseModel):
    """Cells that were read by leaving something aside, or taking something as given: how many, and some of them."""

    # 12.5*, <5, 1998 as 1 January, 44927, 2XL as XXL, 12.3 km/h beside 5:12, 2567, '01234
    what: Literal["mark", "bound", "first day", "serial", "level", "mixed", "buddhist", "apostrophe"]
    n: int
    examples: list[str]


class Layout(BaseModel):
    """How the cells of a column are written: decided over the whole column, and new files are read by it."""

    kind: Kind = "text"
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'", "_"] = ""
    unit: str = ""  # of all numbers: "%", "$", "kg", "B"; "" where none is written
    formats: list[
        str
    ] = []  # of dates, as strptime takes them, or "quarter", "serial", ...; else what a word says of them
    utc: bool = False  # of moments in several zones: they are put in one
    missing: list[str] = []  # words met that stand for nothing
    levels: list[str] = []  # of an ordered scale, the lowest first
    separator: str = ""  # between the items of a list, or the two numbers of a pair
    spellings: dict[str, str] = {}  # of words: folded → the one spelling that all are given
    ambiguous: bool = False  # day and month (or the comma) could not be told apart, so it is an assumption
    n_unread: int = 0  # cells of another kind: they became missing
    unread: list[str] = []  # some of them
    flagged: bool = False  # letters behind a blank are flags, not units: 7.1 p
    asides: list[Aside] = []  # what was left aside to read some of the cells


class Personal(BaseModel):
    """Personal data in a column, and what was decided about it."""

    cells: dict[str, int] = {}  # kind of `core.data.personal.patterns.KINDS` → cells that hold it
    alone: bool = False  # the cells hold nothing else
    key: str = ""  # of the pseudonyms
    choice: Literal["", "mask", "stay"] = ""  # "": nothing was decided yet, so it stays


class Column(BaseModel):
    """One column: what it is taken for, and why."""

    name: str
    role: Role
    reason: Message
    code: str = ""  # why it was left out ("leak", "id", "constant", "empty") or only marked ("suspicious"); "": neither
    guessed: Role  # what Amalgam would choose; differs from `role` once the user decided otherwise
    kept_as: Role | None = None  # of one that is left out: what its values alone look like; None: of an older version
    language: str = ""  # most of a text column is in, by ISO 639: "en", "zh", "de"; "": not known
    languages: dict[str, float] = {}  # with their shares, where it is in several
    layout: Layout | None = None  # how its cells are written; None: of an older version
    personal: Personal | None = None  # None: no personal data was found in it
    source: str = ""  # of two columns made of one (122/75): the column of the file

    @property
    def masked(self) -> bool:
        """Whether pseudonyms stand for its personal data."""
        return self.personal is not None and self.personal.choice == "mask"

    @property
    def read_in(self) -> str:
        """The language its encoder must know: "mul" where there are several."""
        return "mul" if len(self.languages) > 1 else self.language

    @property
    def role_if_kept(self) -> Role:
        """The role it takes when it is kept against the advice: what it looks like, on the page and the terminal."""
        return self.guessed if self.guessed not in {"id", "ignored", "target"} else self.kept_as or "category"


class Schema(BaseModel):
    """The columns of a table in file order (``schema.json``)."""

    columns: list[Column]
    task: Task | None = None  # guessed from the target; None while there is no target
    target_as: TargetAs = TargetAs()  # what is done to the target's cells, by choice

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def names(self, *roles: Role) -> list[str]:
        """Names of the columns with one of these roles, in file order."""
        return [column.name for column in self.columns if column.role in roles]

    @property
    def target(self) -> str | None:
        return next(iter(self.names("target")), None)

    @property
    def task_of_cells(self) -> Task | None:
        """The task as it is said of the cells themselves; None where ranges or labels stand in their place."""
        return None if self.target_as.way in {"bins", "label"} else self.task


class RejectedLine(BaseModel):
    """A line that could not be taken in as it stood."""

    line: int  # 1 is the first line of the file
    reason: Message
    start: str  # how the line begins


class Reading(BaseModel):
    """How a file was read (``reading.json``)."""

    files: list[str]
    format: Literal[
        "csv", "excel", "json", "jsonl", "parquet", "text", "tagged", "paste", "sample",
        "arrow", "spss", "stata", "sas", "sqlite",
    ]  # fmt: skip
    encoding: str = ""
    delimiter: str = ""
    quote: str = ""
    header: bool = True
    sheet: str = ""
    sheets: list[str] = []  # of a workbook; likewise the tables of an archive or a database
    objects: list[str] = []  # columns of JSON that hold lists of objects
    exploded: bool = False  # whether one of them became a row for each entry
    documents: Documents | None = None  # what a document of a plain text is
    document_counts: dict[Documents, int] = {}  # how many there would be, by how they are told apart
    n_rows: int
    n_columns: int
    n_rejected: int = 0
    rejected: list[RejectedLine] = []  # at most 100 are kept
    bytes: int
    seconds: float
    notes: list[Message] = []
    layouts: dict[str, Layout] = {}  # column of the file → how its cells are written
    header_rows: list[int] = []  # lines or rows of the sheet that name the columns; 1 is the first
    first_row: int = 0  # of the data, likewise; 0: not told apart
    last_row: int = 0
    n_test_rows: int = 0  # rows of the separate test file, if there is one
    options: ReadOptions | None = None  # what was said of it by hand; None: of an older version

    def size(self) -> Message:
        """“14,640 rows, 8 columns”."""
        return say(_("{rows}, {columns}"), rows=say(ROWS, n=self.n_rows), columns=say(COLUMNS, n=self.n_columns))


class ReadOptions(BaseModel):
    """What the user overrides; None means: find out."""

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None  # "" means: quotes are ordinary characters
    header: bool | None = None
    sheet: str | None = None  # of a workbook; likewise the table of an archive or a database
    objects: Literal["count", "explode"] | None = None  # lists of objects in JSON: how many, or a row for each
    documents: Documents | None = None  # how the documents of a plain text are told apart
    lines_each: int = Field(5, ge=1)  # of paragraphs: that many lines are a document
    marker: str = ""  # a document begins at each line that begins so
    skip_bad_lines: bool = True
    header_rows: list[int] | None = None  # lines or rows of the sheet that name the columns; 1 is the first
    first_row: int | None = None  # of the data
    last_row: int | None = None
    kinds: dict[str, Kind] = {}  # column of the file → what its cells are to be read as, whatever they look like
    layouts: dict[str, Layout] = {}  # column of the file → the layout by which its cells are read
    one_spelling: list[str] = []  # columns of the file whose values are given one spelling each: High, high, HIGH
    refuse: bool = False  # a cell that contradicts its layout, rather than taking it as missing
    keep_strings: bool = False  # of the first rows, beside the table, so that a page can try other kinds


class Finding(BaseModel):
    """A named check that found something (part of ``report.json``)."""

    code: str  # "leak", "id", "constant", "empty", "duplicates", "near_duplicates", "imbalance", "missing_target", ...
    column: str = ""
    severity: Literal["note", "warning"] = "note"
    message: Message
    action: Message | None = None  # what was or will be done about it
    flags: list[str] = []  # what does it in a terminal
    choices: list[str] = []  # what can be chosen about it: labels of a cell that holds several


class Advice(BaseModel):
    """Which encoder suits a column of words, and the sentence with the number it follows from."""

    encoder: str
    reason: Message


class ColumnReport(BaseModel):
    """One column in numbers."""

    name: str
    n_missing: int
    n_distinct: int
    examples: list[str]
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    median: float | None = None
    histogram: list[tuple[float, float, int]] = []  # (from, to, rows)
    top: list[tuple[str, int]] = []  # most frequent values
    mean_length: float | None = None  # characters, of a text column
    missing_plan: Message | None = None  # what training does with its gaps
    advice: Advice | None = None  # of a column of words


class Grouping(BaseModel):
    """A column whose values come back with rows that are alike: one patient's, one device's."""

    column: str
    n_values: int
    rows_each: float  # on average
    likeness: float  # of the column that differs least within a value: share of its spread that lies between values
    measure: str = ""  # of the scores: "accuracy" or "r2"
    known_score: float | None = None  # of a quick model where other rows of the same value were trained on
    new_score: float | None = None  # for values never seen; None: not measured yet
    clear: bool = False  # whether the first is higher than chance explains
    tried: bool = False  # whether they were asked for, also where there was nothing to learn from


class Report(BaseModel):
    """A table in numbers (``report.json``)."""

    n_rows: int
    columns: list[ColumnReport]
    findings: list[Finding]
    n_duplicate_rows: int = 0  # that equal an earlier row in every cell
    n_duplicate_rows_but_ids: int = 0  # in every cell that is no id; those of above among them
    n_near_duplicate_rows: int | None = None  # None: not looked for yet
    groupings: list[Grouping] = []  # columns offered as the group that stays on one side

    def most_frequent(self, name: str) -> list[str]:
        """The most frequent values of a column, as far as they are counted."""
        return [value for column in self.columns if column.name == name for value, _n_rows in column.top]


class Cleaning(BaseModel):
    """Rows set aside (``cleaning.json``); deleting the file brings them back."""

    dropped: list[int]  # positions in table.parquet
    exact: int  # equal to an earlier row in every cell
    but_ids: int = 0  # in every cell that is no id, and not in all
    near: int
    pairs: list[tuple[int, int]] = []  # examples: (kept, dropped)
    near_too: bool = True  # nearly equal texts were looked for, too
    similarity: float = 0.9
    roles: dict[str, str] | None = None  # column → role it was found with, where that matters; None: not written down

    def found_with(self, schema: Schema) -> bool:
        """Whether looking again with these roles would set the same rows aside, as far as is known."""
        return self.roles in (None, roles_that_matter(schema))


def roles_that_matter(schema: Schema) -> dict[str, str]:
    """The roles by which duplicates are found: ids are not compared, texts may be nearly equal, targets must be."""
    return {column.name: column.role for column in schema.columns if column.role in {"id", "text", "target"}}


def read_model(kind: type[T], path: Path) -> T | None:
    """A JSON file as a typed object; None if the file is not there."""
    return kind.model_validate_json(path.read_text(encoding="utf-8")) if path.exists() else None


def write_model(model: BaseModel, path: Path) -> None:
    """Write a typed object as JSON, whole or not at all."""
    write_whole(path, json.dumps(model.model_dump(mode="json"), ensure_ascii=False))
