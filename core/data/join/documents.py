"""What is known of a join: what was asked for, what matched and what did not. Light: pages read these."""

from __future__ import annotations

from pydantic import BaseModel

from core.job_params import JoinParams
from core.messages import Message, _, _n, say

JOINS = "joins.json"  # in a data set's folder
PREVIEW = ".preview.json"  # in an upload's folder


class SimilarPair(BaseModel):
    """Two keys that are taken for the same, and how similar they are, 0 to 1."""

    key: str
    other_key: str
    similarity: float


class RepeatedKey(BaseModel):
    """A key that several rows of the second file have."""

    key: str
    n_rows: int


class JoinReport(BaseModel):
    """What matched and what did not."""

    n_rows: int  # of the table
    n_matched: int  # rows that found their key in the second file
    n_similar: int = 0  # of them, those whose key is only similar
    n_without_key: int = 0  # rows whose own key is empty
    n_unmatched_keys: int = 0  # different keys of the table that the second file lacks
    unmatched: list[str] = []  # the first of them
    n_other_keys: int  # different keys of the second file
    n_unused: int  # of them, those that no row of the table has
    n_repeated: int = 0  # of them, those that several rows have
    repeated: list[RepeatedKey] = []  # the most frequent of them
    least_similar: list[SimilarPair] = []  # matches a person may want to judge, the least similar first

    @property
    def n_unmatched(self) -> int:
        """Rows of the table that have nothing in the new columns."""
        return self.n_rows - self.n_matched

    def without_keys(self) -> JoinReport:
        """Its numbers alone, for keys that nobody is to see."""
        return self.model_copy(update={"unmatched": [], "repeated": [], "least_similar": []})


class Join(BaseModel):
    """One second file of a data set: its name in ``source/join/``, how it was joined, what came of it."""

    file: str
    asked: JoinParams
    columns: list[str]  # the new ones, as they are called in the table
    sources: dict[str, str] = {}  # what they were made of: name beside the table → column of the second file
    report: JoinReport

    def notes(self) -> list[Message]:
        """What a reader of the table wants to know, the most important first."""
        found = [self._matched()]
        report = self.report
        if report.n_similar:
            text = _n(
                "{n:,} of these rows has a key that is only similar (at least {least:.0%} alike).",
                "{n:,} of these rows have keys that are only similar (at least {least:.0%} alike).",
            )
            found.append(say(text, n=report.n_similar, least=self.asked.similarity or 0.0))
        if report.n_unmatched_keys:
            found.append(unmatched(report))
        if report.n_repeated and self.asked.repeats != "refuse":
            found.append(self._repeated())
        names = [self.columns[0], "…", self.columns[-1]] if len(self.columns) > 3 else self.columns
        return [
            *found,
            say(_("New files to be scored must have the joined columns already: {columns}."), columns=names),
        ]

    def _matched(self) -> Message:
        text = _n(
            "Joined with “{file}” by “{key}” = “{other}”: {matched:,} of {n:,} row found its key there.",
            "Joined with “{file}” by “{key}” = “{other}”: {matched:,} of {n:,} rows found their key there.",
        )
        return say(
            text,
            file=self.file,
            key=self.asked.key,
            other=self.asked.other_key,
            matched=self.report.n_matched,
            n=self.report.n_rows,
        )

    def _repeated(self) -> Message:
        first = _n(
            "{n:,} key repeats in “{file}”: its first row was taken.",
            "{n:,} keys repeat in “{file}”: the first row of each was taken.",
        )
        average = _n(
            "{n:,} key repeats in “{file}”: its rows were counted, numbers averaged, the most frequent word taken.",
            "{n:,} keys repeat in “{file}”: rows were counted, numbers averaged, the most frequent words taken.",
        )
        chosen = average if self.asked.repeats == "average" else first
        return say(chosen, n=self.report.n_repeated, file=self.file)


class Joins(BaseModel):
    """The joins of a data set, in the order they were made (``joins.json``)."""

    joins: list[Join] = []


class Preview(BaseModel):
    """What a join would match; `asked` holds the likeliest keys where none were named."""

    file: str
    columns: list[str]  # of the second file
    sheets: list[str] = []  # likewise, where there are several
    asked: JoinParams
    report: JoinReport


def unmatched(report: JoinReport) -> Message:
    """The keys that were not found, the first of them by name."""
    if not report.unmatched:  # masked
        return say(_n("{n:,} key has no match.", "{n:,} keys have no match."), n=report.n_unmatched_keys)
    text = _n(
        "{n:,} key has no match: {keys}{more}.",
        "{n:,} keys have no match: {keys}{more}.",
    )
    more = " …" if report.n_unmatched_keys > len(report.unmatched) else ""
    return say(text, n=report.n_unmatched_keys, keys=report.unmatched, more=more)
