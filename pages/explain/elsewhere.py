"""An endpoint that an explanation asks: about how many answers that takes, what they cost, and whether it may be."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.access import consent
from core.allowed import endpoint
from core.bundles.manifest import Manifest
from core.explain.asked_elsewhere import opening_answers
from core.messages import UnusableData
from core.results.comparison import Comparison, slug
from core.workspace import RunRow
from pages.data.columns import sending
from pages.explain.amortized import found
from pages.shared import numbers, state
from pages.shared.i18n import _, _n
from pages.shared.markup import plain, short
from pages.shared.session import current


def draw(row: RunRow, name: str, answers: Callable[[Manifest], int]) -> bool:
    """The number and its price, or the consent that is missing; nothing where no endpoint is asked.

    answers: how many, at most   →   whether there is nothing in the way
    """
    manifest, schema = found.manifest(row, name), state.schema(row.dataset)
    if manifest is None or not manifest.asked or schema is None:
        return True
    try:
        settings = endpoint.settings(state.workspace().home)
    except UnusableData:  # the job says what is missing
        return True
    if settings is None:
        return True
    data, report = current.require_dataset(), state.report(row.dataset)
    if not consent.given(state.workspace(), row.dataset, settings.host, state.owner()):
        sending.draw(data, schema, report)
        return False
    n = opening_answers(manifest, data.n_rows) + answers(manifest)
    taken = endpoint.estimate(n, round(n * sending.letters(schema, report)), 1, settings)
    said = _n(
        "This takes at most about {n} answer of {model} at {host}, about {tokens} tokens",
        "This takes at most about {n} answers of {model} at {host}, about {tokens} tokens",
        n,
    ).format(
        n=numbers.count(n),
        tokens=numbers.count(taken.tokens_in),
        model=short(settings.model),
        host=short(settings.host, 80),
    )
    kept = _("What was answered before is kept, and not asked for again.")
    st.caption(f"{sending.priced(said, taken.cost)} {plain(kept)}")
    return True


def at_every_change(row: RunRow, name: str, answers: Callable[[Manifest], int]) -> bool:
    """The same where a change asks at once: nothing is asked until a person switches it on.  →  whether to ask"""
    manifest = found.manifest(row, name)
    if manifest is None or not manifest.asked:
        return True
    return draw(row, name, answers) and st.toggle(_("Ask at every change"), key=f"ask-{row.id}-{slug(name)}")


def ms_per_row(result: Comparison, name: str) -> float:
    """What the candidate needs to predict one row, about."""
    line = result.candidate(name)
    return (line.ms_per_row if line else None) or 1.0
