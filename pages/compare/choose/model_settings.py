"""The settings of one classical model; only what differs from the usual is kept."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.catalog import Model, Parameter
from pages.shared.i18n import _, t


def draw(model: Model, key: str) -> dict[str, Any]:
    """One model's settings; only what differs from the default is kept."""
    if not model.parameters:
        return {}
    values: dict[str, Any] = {}
    with st.expander(_("Settings of {model}").format(model=t(model.label)), icon=":material/tune:"):
        st.caption(t(model.about))
        for parameter in model.parameters:
            value = _field(parameter, f"{key}-{model.name}-{parameter.name}")
            if value != parameter.default:
                values[parameter.name] = value
    return values


def _field(parameter: Parameter, key: str) -> Any:
    label, about = t(parameter.label), t(parameter.about)
    if parameter.kind == "choice":
        options = list(parameter.choices)
        value = st.selectbox(
            label, options, options.index(parameter.default), key=key, persist_state="session", help=about
        )
    elif parameter.kind == "int":
        low, high = int(parameter.low), int(parameter.high)
        value = st.number_input(label, low, high, int(parameter.default), key=key, persist_state="session", help=about)
    else:
        value = st.number_input(
            label, parameter.low, parameter.high, float(parameter.default), step=parameter.low, format="%g", key=key,
            persist_state="session", help=about,
        )  # fmt: skip
    st.caption(about)
    return value
