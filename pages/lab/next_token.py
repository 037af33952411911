"""One token at a time: what each model finds likely next, how the settings act on it, and a way back."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.results.language.inspection import AskNext, NextTokens
from core.results.language.laboratory import LabModel
from pages.lab import ask
from pages.lab import settings as lab_settings
from pages.lab.charts import decoding
from pages.shared import numbers
from pages.shared.charts import display
from pages.shared.i18n import _, _n
from pages.shared.markup import block, plain

MOST = 12


def draw(run: str, models: list[LabModel], prompt: str) -> None:
    """Bars per model; a click on a token takes it, Undo gives it back."""
    with st.expander(_("How the next token is chosen"), icon=":material/tune:", expanded=True):
        settings = lab_settings.draw("lab-next", length=False)
    for column, model in zip(st.columns(len(models)), models, strict=True):
        with column:
            st.markdown(f"**{plain(ask.label(model))}**")
            taken: list[int] = st.session_state.setdefault(f"lab-taken-{run}-{model.name}-{prompt}", [])
            asked = AskNext(model=ask.trained(run, model), text=prompt, ids=list(taken), settings=settings, most=MOST)
            found = ask.answer("lm-next", NextTokens, asked)
            if found is not None:
                _one(run, model, found, taken)


def _one(run: str, model: LabModel, found: NextTokens, taken: list[int]) -> None:
    key = f"lab-next-{run}-{model.name}"
    block(found.text or _("(the beginning of a document)"))
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("Undo"), icon=":material/undo:", key=f"{key}-undo", disabled=not taken, on_click=_undo, args=(taken,)
        )
        st.button(
            _("Take the likeliest"), icon=":material/keyboard_arrow_right:", key=f"{key}-top",
            disabled=found.ended or not found.tokens, on_click=taken.append,
            args=(found.tokens[0].token if found.tokens else 0,),
        )  # fmt: skip
    if found.ended:
        st.caption(_("The document ends here."))
        return
    display.show(
        decoding.next_tokens(found), f"{key}-bars", _table(found), name="next-tokens",
        alt=_("Probabilities of the likeliest next tokens, as the model gives them and after the settings"),
    )  # fmt: skip
    st.caption(
        _n(
            "Undecided by {bits} bits; {n} token is left to choose from.",
            "Undecided by {bits} bits; {n} tokens are left to choose from.",
            found.possible[-1],
        ).format(bits=numbers.figure(found.entropy_bits[-1], 2), n=numbers.count(found.possible[-1]))
    )
    pieces = {token.token: token.piece for token in found.tokens}
    chosen = st.pills(
        _("Take another one"), list(pieces), format_func=lambda token: plain(pieces[token]), wrap=True,
        key=f"{key}-take-{len(taken)}",
    )  # fmt: skip
    if chosen is not None:
        taken.append(int(chosen))
        st.rerun()


def _undo(taken: list[int]) -> None:
    if taken:
        taken.pop()


def _table(found: NextTokens) -> pd.DataFrame:
    names = [decoding.stage_label(stage) for stage in found.stages]
    return pd.DataFrame(
        [{_("Token"): token.piece} | dict(zip(names, token.probabilities, strict=True)) for token in found.tokens]
    )
