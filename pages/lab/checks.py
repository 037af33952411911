"""What was tried beside the training: learning rates, several processes against one, a pretrained model fine-tuned."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.catalog.language_metrics import LANGUAGE_METRICS
from core.results.language.laboratory import LabResult, Tuned
from pages.lab.charts import training
from pages.shared import numbers
from pages.shared.charts import display
from pages.shared.i18n import _, _n, t
from pages.shared.markup import block, plain


def draw(result: LabResult, key: str) -> None:
    """Each, where it was asked for."""
    labels = {one.name: t(one.label) or one.name for one in result.models}
    if result.finders:
        st.markdown(_("**Learning rates**"))
        found = [(place, labels[one.model], one) for place, one in enumerate(result.finders)]
        frame = pd.DataFrame(
            [
                {_("Model"): label, _("Learning rate"): point.learning_rate, _("Loss per token, nats"): point.loss_nats}
                for _place, label, one in found
                for point in one.points
            ]
        )
        display.show(
            training.finder(found), f"lab-finder-{key}", frame, name="learning-rates",
            alt=_("Loss while the learning rate grows, for each model"),
        )  # fmt: skip
        for _place, label, one in found:
            if one.suggested is not None:
                words = _("**{model}**: falls fastest at {steepest}; a careful choice is {suggested}.")
                st.caption(
                    words.format(
                        model=plain(label),
                        steepest=numbers.figure(one.steepest),
                        suggested=numbers.figure(one.suggested),
                    )
                )
    for check in result.parallel:
        same = _("the same weights") if check.same else _("other weights")
        words = _n(
            "**{model}**: {n} processes gave {same} as one (largest difference {difference}) in {share} of its time on "
            "{cores} core.",
            "**{model}**: {n} processes gave {same} as one (largest difference {difference}) in {share} of its time on "
            "{cores} cores.",
            check.cores,
        )
        st.markdown(
            words.format(
                model=plain(labels.get(check.model, check.model)), n=check.processes, same=same,
                difference=f"{check.largest_difference:.0e}", share=f"{check.many_seconds / check.one_seconds:.0%}",
                cores=check.cores,
            )
        )  # fmt: skip
    for number, tuned in enumerate(result.tuned):
        _tuned(tuned, f"lab-tuned-{key}-{number}")


def _tuned(one: Tuned, key: str) -> None:
    """A pretrained model before and after it was trained on the text."""
    words = _("**{model}, fine-tuned**: {n} of {all} weights were trained for {time}.")
    st.markdown(
        words.format(
            model=plain(one.model), n=numbers.count(one.trained_parameters), all=numbers.count(one.all_parameters),
            time=numbers.seconds(one.train_seconds),
        )
    )  # fmt: skip
    names = [name for name in LANGUAGE_METRICS if name in one.before.scores and name in one.after.scores]
    frame = pd.DataFrame(
        {
            _("Measure"): [t(LANGUAGE_METRICS[name].label) for name in names],
            _("Before"): [numbers.score_with_interval(one.before.scores[name]) for name in names],
            _("After"): [numbers.score_with_interval(one.after.scores[name]) for name in names],
        }
    )
    display.table(frame, key, name="fine-tuning")
    for column, (label, judged) in zip(
        st.columns(2), ((_("Before"), one.before), (_("After"), one.after)), strict=True
    ):
        with column:
            st.caption(label)
            for sample in judged.samples[:2]:
                block(sample.prompt + sample.text, height=150)
