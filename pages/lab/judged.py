"""How good the models of a run are, in one table with intervals, and what text no model wrote scores beside them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.catalog.language_metrics import LANGUAGE_METRICS, LanguageMetric
from core.results.comparison import Interval
from core.results.language.laboratory import Judged, LabResult
from pages.lab import ask
from pages.shared import numbers
from pages.shared.charts import display
from pages.shared.i18n import _, _n, t
from pages.shared.markup import block, plain

FIRST = "bits_per_byte"


def draw(result: LabResult, key: str) -> None:
    """The verdict in words, the two tables, what was copied, what each wrote."""
    judged = [(ask.label(model), model.judged) for model in result.models if model.judged is not None]
    if not judged:
        st.caption(_("The models are judged once all of them are trained."))
        return
    labels = {line.name: ask.label(line) for line in result.models}
    st.markdown(_verdict(judged, {labels[one.model]: one.more for one in result.rivals}))
    st.markdown(_("**On text they have not seen**"))
    _table(judged, "held-out", {}, f"lab-held-out-{key}")
    references = result.references
    if _metrics(judged, "generated"):
        st.markdown(_("**The texts they write**"))
        _table(
            judged, "generated",
            {_("real text"): references.real, _("real text, sentences shuffled"): references.shuffled},
            f"lab-generated-{key}",
        )  # fmt: skip
    _meanings(judged)
    for label, one in judged:
        for note in one.notes:
            st.caption(f"**{plain(label)}** · {plain(t(note))}")
    _copied(judged)
    _samples(judged)


def first_score(judged: Judged) -> str:
    """How well a model predicts unseen text, as every place on the page says it."""
    return numbers.score_with_interval(judged.scores.get(FIRST))


def _verdict(judged: list[tuple[str, Judged]], rivals: dict[str, Interval]) -> str:
    """Which model predicts unseen text best, and whether that is more than chance.

    rivals: label → what a model needs more than the best, on the same documents
    """
    known = [(label, one.scores[FIRST]) for label, one in judged if FIRST in one.scores]
    if not known:
        return ""
    label, best = min(known, key=lambda one: one[1].mean)
    others = [score for other, score in known if other != label]
    words = _("**{model}** predicts unseen text best: {score} bits per byte.")
    if not rivals and any(score.low <= best.high for score in others):
        words = _("**{model}** predicts unseen text best, {score} bits per byte, but within another one's interval.")
    said = [words.format(model=plain(label), score=plain(numbers.score_with_interval(best)))]
    for other, more in rivals.items():
        words = _("{model} needs {more} more on the same documents.")
        if more.low <= 0:
            words = _("{model} needs {more} more on the same documents, which may be chance.")
        said.append(words.format(model=plain(other), more=plain(numbers.score_with_interval(more))))
    return " ".join(said)


def _table(judged: list[tuple[str, Judged]], group: str, references: dict[str, dict[str, Interval]], key: str) -> None:
    metrics = _metrics(judged, group)
    lines = [(label, one.scores) for label, one in judged]
    lines += [(label, found) for label, found in references.items() if found]
    frame = pd.DataFrame(
        [
            {_("Model"): label}
            | {t(metric.label): numbers.score_with_interval(scores.get(metric.name)) for metric in metrics}
            for label, scores in lines
        ]
    )
    display.table(frame, key, name=group)


def _metrics(judged: list[tuple[str, Judged]], group: str) -> list[LanguageMetric]:
    return [
        metric
        for metric in LANGUAGE_METRICS.values()
        if metric.group == group and any(metric.name in one.scores for _label, one in judged)
    ]


def _meanings(judged: list[tuple[str, Judged]]) -> None:
    better = {"high": _("higher is better"), "low": _("lower is better"), "real": _("best is what real text has")}
    with st.expander(_("What the columns mean"), icon=":material/help:"):
        for metric in [*_metrics(judged, "held-out"), *_metrics(judged, "generated")]:
            st.markdown(f"**{plain(t(metric.label))}** · {plain(t(metric.about))} ({better[metric.better]})")
        st.caption(_("In brackets: 95 % intervals, by drawing documents, or texts, again and again."))


def _copied(judged: list[tuple[str, Judged]]) -> None:
    for label, one in judged:
        if one.copied is not None and one.copied.words:
            words = _n(
                "**{model}**: the longest run copied word for word from the training text has {n} word or mark (a "
                "Chinese character is one).",
                "**{model}**: the longest run copied word for word from the training text has {n} words and marks (a "
                "Chinese character is one).",
                one.copied.words,
            )
            st.markdown(words.format(model=plain(label), n=numbers.count(one.copied.words)))
            block(one.copied.text)


def _samples(judged: list[tuple[str, Judged]]) -> None:
    with st.expander(_("Texts they wrote"), icon=":material/notes:"):
        for column, (label, one) in zip(st.columns(len(judged)), judged, strict=True):
            with column:
                st.markdown(f"**{plain(label)}**")
                for sample in one.samples[:4]:
                    block(sample.prompt + sample.text, height=180)
