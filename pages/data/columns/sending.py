"""Consent: whether the endpoint that whoever runs this server has set up may read the texts of a table."""

from __future__ import annotations

import streamlit as st

from core.access import consent
from core.allowed import endpoint
from core.allowed.endpoint import EndpointSettings
from core.data.personal.patterns import KINDS
from core.data.schema import Report, Schema
from core.messages import AmalgamError, UnusableData, clip
from core.workspace import DatasetRow
from pages.shared import numbers, state
from pages.shared.i18n import _, _n, listed
from pages.shared.markup import plain, short
from pages.shared.runs import starting

ROWS = 1000  # that the price is said for
CENT = 0.01


def draw(row: DatasetRow, schema: Schema, report: Report | None) -> None:
    """What would go where, and the button that allows it or takes it back; nothing where no endpoint is set up."""
    try:
        settings = endpoint.settings(state.workspace().home)
    except UnusableData:  # set up by half: nothing can be sent, and the doctor says why
        return
    if settings is None:
        return
    given = consent.given(state.workspace(), row.id, settings.host, state.owner())
    with st.container(border=True, key=f"sending-{row.id}"):
        st.markdown(_what(schema, settings, given=given))
        st.caption(f"{_masked()} {_price(schema, report, settings)}")
        st.button(
            _("Take it back") if given else _("Allow it"),
            icon=":material/cloud_off:" if given else ":material/cloud_upload:",
            key=f"sending-{'back' if given else 'allow'}-{row.id}",
            on_click=_take_back if given else _give,
            args=(row.id, settings.host),
        )


def _what(schema: Schema, settings: EndpointSettings, *, given: bool) -> str:
    names = [clip(name, 40) for name in schema.names("text")]
    match given, bool(names):
        case True, True:
            said = _(
                "Texts of {columns}, cells of some rows and facts about this table may go to {host}, where the model "
                "{model} reads them."
            )
        case True, False:
            said = _(
                "Cells of some rows and facts about this table may go to {host}, where the model {model} reads them."
            )
        case False, True:
            said = _(
                "No text of this table goes to a language model elsewhere. You can allow that texts of {columns}, "
                "cells of some rows (with their target) and facts about this table go to {host}, where the model "
                "{model} reads them."
            )
        case _nothing:
            said = _(
                "Nothing of this table goes to a language model elsewhere. You can allow that cells of some rows (with "
                "their target) and facts about it go to {host}, where the model {model} reads them."
            )
    return said.format(columns=plain(listed(names)), host=short(settings.host, 80), model=short(settings.model))


def _masked() -> str:
    kinds = listed(_(text) for kind, text in KINDS.items() if kind != "name")
    return _(
        "Pseudonyms stand there for {kinds}, and for names with a title, greeting or signature; other names may remain."
    ).format(kinds=plain(kinds))


def _price(schema: Schema, report: Report | None, settings: EndpointSettings) -> str:
    """What a question about so many rows takes, by the mean length of their texts."""
    each = letters(schema, report)
    if not each:
        return ""
    found = endpoint.estimate(ROWS, round(ROWS * each), 1, settings)
    said = _n(
        "A question about {rows} takes about {n} token",
        "A question about {rows} takes about {n} tokens",
        found.tokens_in,
    ).format(rows=numbers.rows(ROWS), n=numbers.count(found.tokens_in))
    return priced(plain(said), found.cost)


def letters(schema: Schema, report: Report | None) -> float:
    """How many letters a row's texts have together, in the mean."""
    texts = set(schema.names("text"))
    return sum(column.mean_length or 0.0 for column in report.columns if column.name in texts) if report else 0.0


def priced(facts: str, cost: float | None) -> str:
    """A sentence about what is asked, with what it costs where prices are set; facts: as Markdown."""
    if cost is None:
        return _("{facts}.").format(facts=facts)
    money = f"{cost:,.2f}" if cost >= CENT else f"{cost:.1g}"
    return _("{facts}, which costs about {cost} by the prices that are set here.").format(
        facts=facts, cost=plain(money)
    )


def _give(dataset: str, host: str) -> None:
    try:
        consent.give(state.workspace(), dataset, host, state.owner())
    except AmalgamError as error:
        starting.show_error(error)


def _take_back(dataset: str, host: str) -> None:
    try:
        consent.take_back(state.workspace(), dataset, host, state.owner())
    except AmalgamError as error:
        starting.show_error(error)
