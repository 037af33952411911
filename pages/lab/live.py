"""How training goes, while it goes: curves side by side, speed, what each model writes as it learns."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from core.results.language.laboratory import Curve, LabModel, LabResult, read_curve
from pages.lab import ask, judged
from pages.lab.charts import training
from pages.shared import numbers
from pages.shared.charts import display
from pages.shared.i18n import _, _n, t
from pages.shared.markup import block, plain

Found = tuple[int, str, Curve]  # place of its colour, label, curve


def draw(result: LabResult, folder: Path, key: str) -> None:
    """Curves of all models of a run, and their texts."""
    found = [
        (place, ask.label(model), curve)
        for place, model in enumerate(result.models)
        if (curve := read_curve(folder, model.name)).steps or curve.validations
    ]
    _standing(result, found)
    if not found:
        return
    display.show(
        training.curves(found, _lines(result)), f"lab-curves-{key}", _curve_table(found), name="validation-curves",
        alt=_("Bits per byte on validation text against seconds of training, for each model"),
    )  # fmt: skip
    st.caption(_("Text that is not trained on, in bits per byte: lower is better. A dashed line learns by counting."))
    with st.expander(_("Loss on the text trained on"), icon=":material/show_chart:"):
        display.show(
            training.losses(found), f"lab-losses-{key}", _loss_table(found), name="training-loss",
            alt=_("Loss per token on training text, step by step, for each model"),
        )  # fmt: skip
    _samples(found, key)


def _standing(result: LabResult, found: list[Found]) -> None:
    """A line per model: what it is doing, how good it is, how fast."""
    curves = {label: curve for _place, label, curve in found}
    for column, model in zip(st.columns(max(1, len(result.models))), result.models, strict=False):
        curve = curves.get(ask.label(model))
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{plain(ask.label(model))}**")
            st.caption(plain(_state(model, curve)))
            if model.reason is not None:
                st.warning(plain(f"{t(model.reason)} {t(model.hint)}".strip()), icon=":material/warning:")


def _state(model: LabModel, curve: Curve | None) -> str:
    words = {
        "waiting": _("waiting"), "running": _("training"), "ok": _("done"), "failed": _("failed"),
        "cancelled": _("stopped"),
    }  # fmt: skip
    counts = model.card is not None and model.card.n_grams > 0
    parts = [_("trained") if counts and model.status == "running" else words[model.status]]
    if model.card is not None and model.card.parameters:
        parts.append(_("{n} parameters").format(n=numbers.count(model.card.parameters)))
    if model.card is not None and model.card.n_grams:
        parts.append(_("{n} n-grams").format(n=numbers.count(model.card.n_grams)))
    if curve is not None and curve.steps:
        last = curve.steps[-1]
        parts.append(_("step {n}").format(n=numbers.count(last.step)))
        parts.append(
            _n("{n} token a second", "{n} tokens a second", round(last.tokens_per_second)).format(
                n=numbers.count(round(last.tokens_per_second))
            )
        )
    if model.judged is not None and judged.FIRST in model.judged.scores:
        parts.append(_("{score} bits per byte").format(score=judged.first_score(model.judged)))
    elif (best := _best(model, curve)) is not None:
        parts.append(_("{n} bits per byte on validation text").format(n=numbers.figure(best)))
    return " · ".join(parts)


def _best(model: LabModel, curve: Curve | None) -> float | None:
    if curve is not None and curve.validations:
        return min(look.bits_per_byte for look in curve.validations)
    return model.card.validation_bits_per_byte if model.card is not None else None


def _lines(result: LabResult) -> list[tuple[int, str, float]]:
    """Models that learn at once, as level lines."""
    return [
        (place, ask.label(model), model.card.validation_bits_per_byte)
        for place, model in enumerate(result.models)
        if model.card is not None and model.card.n_grams and model.card.validation_bits_per_byte is not None
    ]


def _samples(found: list[Found], key: str) -> None:
    """What each model wrote at some point of its training."""
    looks = max((len(curve.samples) for _place, _label, curve in found), default=0)
    if not looks:
        return
    st.markdown(_("**What they write as they learn**"))
    back = 0
    if looks > 1:
        shown = st.slider(
            _("Earlier and later samples"), 1, looks, looks, key=f"lab-sample-{key}-{looks}",
            help=_("At the right the newest one."),
        )  # fmt: skip
        back = looks - int(shown)
    for column, (_place, label, curve) in zip(st.columns(len(found)), found, strict=True):
        if not curve.samples:
            continue
        sample = curve.samples[max(0, len(curve.samples) - 1 - back)]
        with column:
            when = _("{model}, step {n}").format(model=label, n=numbers.count(sample.step))
            st.caption(plain(when))
            block(sample.prompt + sample.text, height=180)


def _curve_table(found: list[Found]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                _("Model"): label,
                _("Step"): look.step,
                _("Seconds"): round(look.seconds, 1),
                _("Bits per byte"): look.bits_per_byte,
            }
            for _place, label, curve in found
            for look in curve.validations
        ]
    )


def _loss_table(found: list[Found]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                _("Model"): label,
                _("Step"): one.step,
                _("Loss per token, nats"): one.loss_nats,
                _("Learning rate"): one.learning_rate,
                _("Tokens a second"): round(one.tokens_per_second),
            }
            for _place, label, curve in found
            for one in curve.steps
        ]
    )
