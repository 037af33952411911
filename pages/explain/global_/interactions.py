"""Interactions: what two columns do together that neither does alone."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.results.explanations.global_explanation import Pair
from pages.explain.global_.charts import bars
from pages.explain.global_.common import Found, class_or_called
from pages.shared import numbers
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _, _n
from pages.shared.markup import plain, short

SHARE = 0.05  # of the largest column's movement: less is hardly an interaction


def draw(found: Found) -> None:
    """A square per pair, and the pairs as a table."""
    whole = found.whole
    if not whole.pairs:
        st.caption(_("It takes two columns to interact, and this candidate looks at one."))
        return
    label = class_or_called(found, "whole-pairs")
    pairs = [pair for pair in whole.pairs if pair.label == (label or "")]
    if len(whole.pair_columns) < len(whole.shapley):
        text = _n(
            "Among the {n} columns that matter most, the others as they are, in {rows} row.",
            "Among the {n} columns that matter most, the others as they are, in {rows} rows.",
            whole.pair_rows,
        )
        st.caption(text.format(n=len(whole.pair_columns), rows=numbers.count(whole.pair_rows)))
    st.markdown(_sentence(found, pairs[0]))
    left, right = st.columns([3, 2])
    with left:
        title = f"pairs-{found.job}-{label}"
        order = [name for name in found.order() if name in whole.pair_columns]
        figure = chart_theme.kept(title, whole, lambda: bars.squares(pairs, order))
        alt = _("Size of the interaction of each pair of columns; the largest is “{first}” with “{second}”.")
        data = _table(pairs)
        shown = alt.format(first=pairs[0].first, second=pairs[0].second)
        display.show(figure, "whole-pairs", data, name="interactions", alt=shown)
    with right:
        words = {
            "first": st.column_config.Column(_("Column")),
            "second": st.column_config.Column(_("with")),
            "size": st.column_config.NumberColumn(_("Size"), format="%.3g"),
            "mean": st.column_config.NumberColumn(
                _("Mean"), format="%.3g",
                help=_("Above 0, the two together push further than each alone adds up to; below 0, less far."),
            ),
        }  # fmt: skip
        st.dataframe(data.drop(columns=["low", "high"]), hide_index=True, column_config=words, key="whole-pairs-table")
    st.caption(
        plain(
            _n(
                "Shapley interaction index: how much more, or less, two columns do together than each adds up to "
                "alone, as its size in {n} row.",
                "Shapley interaction index: how much more, or less, two columns do together than each adds up to "
                "alone, as the mean size over {n} rows.",
                whole.pair_rows,
            ).format(n=numbers.count(whole.pair_rows))
        )
    )


def _sentence(found: Found, pair: Pair) -> str:
    largest = found.whole.shapley[0].value.mean
    share = pair.size.mean / largest if largest else 0.0
    template = (
        _("**“{first}” and “{second}” act together most: {size}, beside {most} for the column that matters most.**")
        if share >= SHARE
        else _(
            "**The columns act nearly on their own: the largest interaction, “{first}” with “{second}”, is {size}.**"
        )
    )
    return template.format(
        first=short(pair.first, 40),
        second=short(pair.second, 40),
        size=numbers.figure(pair.size.mean, 2),
        most=numbers.figure(largest, 2),
    )


def _table(pairs: list[Pair]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "first": pair.first,
                "second": pair.second,
                "size": pair.size.mean,
                "low": pair.size.low,
                "high": pair.size.high,
                "mean": pair.mean,
            }
            for pair in pairs
        ]
    )
