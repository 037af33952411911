"""What a training in the lab will cost: parameters, memory and time, said before anything starts."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.catalog.language_models import ARCHITECTURES, Architecture, memory_bytes, n_parameters, usual_vocabulary
from pages.lab.start import source
from pages.shared import numbers
from pages.shared.i18n import _, t
from pages.shared.markup import plain

TRAINABLE = tuple(one for one in ARCHITECTURES.values() if one.kind in {"transformer", "lstm", "ngram"})
JUDGING_SECONDS = 20.0  # about, for each model, with what all need


def draw(params: dict[str, Any]) -> None:
    """Parameters, memory and time, before anything starts."""
    chosen = [one for one in TRAINABLE if one.name in params["models"]]
    networks = [one for one in chosen if one.kind != "ngram"]
    if not chosen:
        return
    usual = usual_vocabulary(*source.text_size(params))
    vocabulary = params["vocabulary"] or max(one.vocabulary or usual for one in chosen)
    parts = [_size(one, vocabulary) for one in networks]
    memory = sum(memory_bytes(one, vocabulary) for one in networks) / 1e6
    seconds = len(networks) * params["budget_seconds"] + len(chosen) * JUDGING_SECONDS
    if networks:
        parts.append(_("{memory} of memory in training").format(memory=numbers.megabytes(memory)))
    parts.append(_("about {time} in all").format(time=numbers.seconds(seconds)))
    if params["tune"] or params["find_rate"] or params["processes"] > 1:
        parts.append(_("fine-tuning and what is checked first come on top"))
    st.caption(plain(" · ".join(parts)))


def _size(architecture: Architecture, vocabulary: int) -> str:
    count = numbers.count(n_parameters(architecture, vocabulary))
    return _("{model}: {n} parameters").format(model=t(architecture.label), n=count)
