"""What a join came to: which files made a table, what matched, and the joins on the command line."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.data.join.documents import JOINS, Join, JoinReport, Joins, unmatched
from core.workspace import DatasetRow
from pages.shared import numbers, state
from pages.shared.i18n import _, _n, t
from pages.shared.markup import plain


def joins(dataset: str) -> list[Join]:
    """The joins that made this table."""
    known = state.stored(Joins, state.folder(dataset) / JOINS)
    return known.joins if known is not None else []


def flags(made: list[Join]) -> list[str]:
    """The joins of a table for the command line."""
    out: list[str] = []
    for join in made:
        asked = join.asked
        out += ["--join", join.file, "--on", f"{asked.key}={asked.other_key}"]
    for asked in [join.asked for join in made][:1]:
        out += ["--fuzzy", f"{asked.similarity:g}"] if asked.similarity is not None else []
        out += ["--ignore-case"] if asked.ignore_case else []
        out += ["--repeats", asked.repeats] if asked.repeats != "refuse" else []
        out += ["--join-sheet", asked.sheet] if asked.sheet else []
    return out


def about(made: list[Join], words: str) -> str:
    """What is said beside a command, and that it can't repeat these joins where its flags don't hold for all."""
    settings = [one.asked.model_dump(include={"similarity", "ignore_case", "repeats", "sheet"}) for one in made]
    if all(one == settings[0] for one in settings):
        return words
    also = _("Its files were joined in different ways here; the command joins all as the first.")
    return f"{words} {also}"


def counts(report: JoinReport) -> None:
    """What matched and what did not, in numbers."""
    matched, lacking, unused = st.columns(3)
    matched.metric(_("Rows with a match"), f"{numbers.count(report.n_matched)} / {numbers.count(report.n_rows)}")
    lacking.metric(_("Rows without one"), numbers.count(report.n_unmatched))
    unused.metric(
        _("Keys not used"), numbers.count(report.n_unused), help=_("Keys of the second file that no row has.")
    )
    if not report.n_matched:
        st.warning(_("Nothing matches. Choose other columns, or let similar keys match."), icon=":material/link_off:")
    elif report.n_unmatched_keys:
        st.caption(plain(t(unmatched(report))))
    if report.n_without_key:
        text = _n("{n} row has no key.", "{n} rows have no key.", report.n_without_key)
        st.caption(text.format(n=numbers.count(report.n_without_key)))


def pairs(report: JoinReport, key: str) -> None:
    """The least similar keys that were taken for the same, so that a person can judge the threshold."""
    st.caption(_("The least similar matches: are they the same?"))
    frame = pd.DataFrame(
        {
            _("Key in this table"): [pair.key for pair in report.least_similar],
            _("Taken for"): [pair.other_key for pair in report.least_similar],
            _("Similarity"): [round(pair.similarity, 2) for pair in report.least_similar],
        }
    )
    st.dataframe(frame, hide_index=True, key=key)


def draw(row: DatasetRow, number: int, join: Join) -> None:
    """One of the joins that made this table, in numbers."""
    title = _("Joined with {file}").format(file=plain(join.file))
    with st.expander(title, icon=":material/join_left:"):
        counts(join.report)
        st.caption(_("To undo it, open the table as it was before under “All tables”."))
        if join.report.least_similar:
            pairs(join.report, f"joined-{row.id}-{number}")
