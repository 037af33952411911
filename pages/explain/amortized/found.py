"""What was learned about explaining a candidate: how far it is off, and the way to forget it."""

from __future__ import annotations

import shutil

import streamlit as st

from core.bundles.manifest import Manifest
from core.explain.global_.estimate import WHOLE_WORD_TEXTS
from core.messages import clip
from core.results.comparison import candidate_folder
from core.results.explanations.amortized import LEARNED_FILE, LearnedWords, learned_folder, learned_place
from core.results.explanations.rows import Output
from core.workspace import RunRow
from pages.explain.amortized import charts
from pages.shared import numbers, state
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _
from pages.shared.markup import plain


def manifest(row: RunRow, name: str) -> Manifest | None:
    """What the kept candidate says of itself."""
    folder = candidate_folder(state.workspace().run_folder(row.id), name)
    return state.stored(Manifest, folder / "bundle" / "manifest.json")


def found(row: RunRow, name: str, output: Output) -> list[LearnedWords]:
    """What was learned about this candidate's columns on this scale."""
    kept = manifest(row, name)
    folder = learned_folder(state.workspace().run_folder(row.id), name)
    every = [state.stored(LearnedWords, file) for file in sorted(folder.glob(f"*/{LEARNED_FILE}"))]
    return [one for one in every if one and kept and (one.output, one.bundle) == (output, kept.fingerprint)]


def masked_texts(row: RunRow, name: str, output: Output) -> int:
    """How many masked texts a row's text is opened with among many rows."""
    return max((one.enough or WHOLE_WORD_TEXTS for one in found(row, name, output)), default=WHOLE_WORD_TEXTS)


def draw(row: RunRow, name: str, about: LearnedWords) -> None:
    """A sentence, the errors as a chart, what they rest on."""
    with st.container(border=True):
        st.markdown(plain(_sentence(about)))
        display.show(
            chart_theme.kept("learned", about, lambda: charts.errors(about)),
            f"learned-{about.column}-{about.output}",
            charts.table(about),
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
        "Learned from texts of the table ({rows}) and parts of them, {lessons} in all, in {time} with the trial. "
        "Questions the model answered in learning: {asked}. Errors: the length of the difference beside the length of "
        "a text's word values, median of {tried} texts that it has not learned from, against {pairs} masked texts each."
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
