"""What was tried before a training: learning rates, and several processes against one."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.evaluate.language_lab import LabResult
from pages.parts import charts, lab_charts, numbers
from pages.parts.plain import plain
from pages.parts.words import _, t


def draw(result: LabResult, key: str) -> None:
    """Both, where they were asked for."""
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
        charts.show(
            lab_charts.finder(found), f"lab-finder-{key}", frame, name="learning-rates",
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
        words = _(
            "**{model}**: {n} processes gave {same} as one (largest difference {difference}) in {share} of its time on "
            "{cores} cores."
        )
        st.markdown(
            words.format(
                model=plain(labels.get(check.model, check.model)), n=check.processes, same=same,
                difference=f"{check.largest_difference:.0e}", share=f"{check.many_seconds / check.one_seconds:.0%}",
                cores=check.cores,
            )
        )  # fmt: skip
