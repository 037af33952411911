"""Learning to explain: what it is for, what it costs, how far it is off, and the way to forget it."""

from __future__ import annotations

import re
import shutil

import streamlit as st

from core.evaluate.explained_learned import LEARNED_FILE, LearnedWords, learned_folder, learned_place
from core.evaluate.explanation import Output
from core.evaluate.result import Comparison, slug
from core.explain.learned_estimate import LEARNED_TEXTS, LESSONS, learned_seconds, pays_from
from core.explain.whole_estimate import WHOLE_WORD_TEXTS
from core.manifest import Manifest
from core.messages import clip
from core.plan import LearnParams
from core.workspace import RunRow
from pages.parts import charts, drawing, explain_learned_charts, explain_parts, job_panel, numbers, state
from pages.parts.plain import plain
from pages.parts.words import _

KIND = "learn-words"
_MEMBER, _SECOND = re.compile(r"^\d+: "), re.compile(r" \(\d+\)$")  # around a column's name: of a mixture, read twice


def draw(row: RunRow, result: Comparison, name: str, output: Output) -> None:
    """The form, the job, what is known by now."""
    columns = _columns(row, name)
    if not columns:
        return
    known = found(row, name, output)
    st.divider()
    st.markdown(_("**Learn to explain**"))
    st.caption(
        plain(
            _(
                "Opening a text into words asks the model about {many} versions of it with words left out. A small "
                "network can learn from the texts of this table what the answers come to; no label is read. Where "
                "that goes well, {few} versions per text are enough, so more texts are opened in the same time."
            ).format(many=WHOLE_WORD_TEXTS, few=LEARNED_TEXTS)
        )
    )
    _start(row, result, name, output, columns, first=not known)
    job_panel.panel(KIND, row.dataset)
    for about in known:
        _known(row, name, about)


def found(row: RunRow, name: str, output: Output) -> list[LearnedWords]:
    """What was learned about this candidate's columns on this scale."""
    manifest = _manifest(row, name)
    folder = learned_folder(state.workspace().run_folder(row.id), name)
    every = [state.stored(LearnedWords, file) for file in sorted(folder.glob(f"*/{LEARNED_FILE}"))]
    return [
        about
        for about in every
        if about and about.output == output and manifest and about.bundle == manifest.fingerprint
    ]


def _columns(row: RunRow, name: str) -> list[str]:
    """The text columns that a language model reads for this candidate."""
    manifest = _manifest(row, name)
    if manifest is None:
        return []
    texts = [one.name for one in manifest.column_schema if one.role == "text"]
    read = {_MEMBER.sub("", key) for key in manifest.encoders}
    read |= {_SECOND.sub("", key) for key in read}
    return texts if "" in read else [name for name in texts if name in read]


def _manifest(row: RunRow, name: str) -> Manifest | None:
    folder = state.workspace().run_folder(row.id) / "candidates" / slug(name)
    return state.stored(Manifest, folder / "bundle" / "manifest.json")


def _start(row: RunRow, result: Comparison, name: str, output: Output, columns: list[str], *, first: bool) -> None:
    ms = ((line := result.candidate(name)) and line.ms_per_row) or 1.0
    column = columns[0]
    if len(columns) > 1:
        column = st.selectbox(_("Text column"), columns, key=f"learn-column-{row.id}") or column
    manifest = _manifest(row, name)
    language = next((one.language for one in manifest.column_schema if one.name == column), "") if manifest else ""
    lessons = st.segmented_control(
        _("Learn from"), list(LESSONS), default=LESSONS[2], required=True, key="learn-lessons", persist_state="session",
        format_func=lambda n: _("{n} texts · {time}").format(
            n=f"{n:,}", time=numbers.seconds(learned_seconds(n, ms, language))
        ),
        help=_("Texts of this table and parts of them. The more, the less it is off."),
    ) or LESSONS[2]  # fmt: skip
    st.caption(
        plain(
            _(
                "In time this pays off from about {n} opened texts on, so it is for large tables and for models that "
                "are explained again and again."
            ).format(n=f"{pays_from(lessons, ms, language):,}")
        )
    )
    place = st.container()
    if explain_parts.start_button(place, KIND, row.dataset, _("Learn"), ":material/school:", first=first):
        params = LearnParams(run=row.id, candidate=name, column=column, output=output, lessons=lessons)
        explain_parts.start(KIND, params, row.dataset)


def _known(row: RunRow, name: str, about: LearnedWords) -> None:
    with st.container(border=True):
        st.markdown(plain(_sentence(about)))
        charts.show(
            drawing.kept("learned", about, lambda: explain_learned_charts.errors(about)),
            f"learned-{about.column}-{about.output}",
            explain_learned_charts.table(about),
            name="learned",
            alt=_("Error over masked texts: {all}").format(
                all="; ".join(f"{n}: {error:.0%}" for n, error in about.error_few.items())
            ),
        )
        st.caption(plain(_basis(about)))
        st.button(
            _("Forget it"), icon=":material/delete:", key=f"forget-{about.column}-{about.output}", type="tertiary",
            on_click=_forget, args=(row, name, about),
            help=_("Explanations ask the model about more versions of a text again. It can be learned anew."),
        )  # fmt: skip


def _sentence(about: LearnedWords) -> str:
    few = min(about.error_few, default=0)
    line = _(
        "“{column}”: the word values are off by {alone} without any masked text and by {few} with {n} of them; without "
        "what was learned it is {without} with {n}."
    )
    if about.enough is None:
        line += " " + _("That is no better than asking, so it is not used; learn from more texts.")
    else:
        line += " " + _("Over many rows {n} masked texts a row are taken instead of {usual}.").format(
            n=about.enough, usual=WHOLE_WORD_TEXTS
        )
    return line.format(
        column=clip(about.column, 40),
        alone=f"{about.error:.0%}",
        few=f"{about.error_few.get(few, 0):.0%}",
        n=few,
        without=f"{about.error_without.get(few, 0):.0%}",
    )


def _basis(about: LearnedWords) -> str:
    line = _(
        "Learned from {rows} texts of the table and parts of them, {lessons} in all, in {time} with the trial; the "
        "model answered {asked} questions in learning. Errors: the length of the difference beside the length of a "
        "text's word values, median of {tried} texts that it has not learned from, against {pairs} masked texts each."
    )
    return line.format(
        rows=numbers.count(about.n_texts),
        lessons=numbers.count(about.n_lessons),
        time=numbers.seconds(about.seconds),
        asked=numbers.count(about.evaluations),
        tried=about.n_tried,
        pairs=2 * about.pairs_tried,
    )


def _forget(row: RunRow, name: str, about: LearnedWords) -> None:
    folder = learned_folder(state.workspace().run_folder(row.id), name)
    shutil.rmtree(learned_place(folder, about.column, about.output), ignore_errors=True)
