"""What lies under the embedding map: the rows that were drawn around, and the clusters with their words."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.results.embedding_map import APART, EmbeddingMap
from pages.explain.embedding_map import charts
from pages.shared import numbers
from pages.shared.charts import display
from pages.shared.i18n import _, _n


def selected(found: EmbeddingMap, frame: pd.DataFrame, event: Any, key: str) -> None:
    """The rows that were drawn around; event: what the chart says of the selection."""
    chosen = sorted({int(point["customdata"][0]) for point in event.selection.points if point.get("customdata")})
    if not chosen:
        st.caption(_("Draw a box or a lasso around points to read their rows here."))
        return
    st.markdown(
        _n("**{n} row was chosen**", "**{n} rows were chosen**", len(chosen)).format(n=numbers.count(len(chosen)))
    )
    rows = frame.iloc[chosen].assign(row=lambda one: one["row"] + 1).drop(columns=["x", "y"])
    names = {"row": _("Row"), "truth": _("truth"), "prediction": _("prediction"), "error": _("error"),
             "cluster": _("cluster"), "text": _("text")}  # fmt: skip
    rows["cluster"] = rows["cluster"].map(charts.cluster_name)
    display.table(rows.rename(columns=names), f"map-{key}-rows", name="chosen-rows")


def clusters(found: EmbeddingMap, key: str) -> None:
    """Each cluster with its words and how often the model was wrong there."""
    st.markdown(_("**Clusters and their words**"))
    text = _("Words that are frequent in a cluster and rare in the others (class-based TF-IDF).")
    dense = _("Found by density (HDBSCAN).") if found.by_density else _("Found by k-means, the largest first.")
    st.caption(f"{dense} {text}")
    error = _("mistakes") if found.classes else _("mean error")
    frame = pd.DataFrame(
        {
            _("cluster"): [charts.cluster_name(one.number) for one in found.clusters],
            _("rows"): [one.n_rows for one in found.clusters],
            error: pd.Series([one.error for one in found.clusters], dtype=float),
            _("words"): [" · ".join(one.words) for one in found.clusters],
        }
    )
    display.table(
        frame, f"map-{key}-clusters", name="clusters", formats={error: "percent" if found.classes else "%.3g"}
    )
    if any(one.number == APART for one in found.clusters):
        st.caption(_("“apart”: rows that lie in no dense place."))
