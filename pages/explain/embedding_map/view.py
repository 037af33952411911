"""The embedding map: rows laid out by what the encoder makes of their texts; draw around some to read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from core.explain.row.estimate import START
from core.job_params import MapParams
from core.jobs import client
from core.results.comparison import Comparison
from core.results.embedding_map import (
    MAP_FILE,
    MAP_ROWS,
    MAP_SECONDS,
    POINTS_FILE,
    UMAP_SECONDS,
    EmbeddingMap,
    Method,
)
from core.workspace import RunRow
from pages.explain import common
from pages.explain.embedding_map import charts, rows
from pages.shared import numbers, state
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _, _n, t
from pages.shared.markup import plain
from pages.shared.runs import job_panel

BUTTONS = {"modeBarButtonsToRemove": ["autoScale2d"]}  # unlike other charts, this one is drawn on


def draw(row: RunRow, result: Comparison, name: str) -> None:
    """The form, the job, the map, its clusters, the rows that were drawn around."""
    st.caption(
        _(
            "An encoder puts each text at a point in hundreds of dimensions; texts that mean the same lie close. The "
            "map flattens them: distances on it are a hint, not a measure."
        )
    )
    line = result.candidate(name)
    if line is None or not line.encoder:
        st.info(
            _("This candidate reads no text, so it has no embeddings to map. Choose one that reads a text."),
            icon=":material/visibility_off:",
        )
        return
    shown = common.newest("embedding-map", EmbeddingMap, MAP_FILE, row, name)
    _start(row, result, name, first=shown is None)
    job_panel.panel("embedding-map", row.dataset)
    if shown is None:
        st.caption(_("Nothing has been mapped yet. Press Draw the map."))
        return
    job, found = shown
    path = client.folder(state.workspace(), job.id) / POINTS_FILE
    if path.exists():
        _map(found, points(str(path), path.stat().st_mtime_ns), job.id)


@st.cache_data(max_entries=8, show_spinner=False)
def points(path: str, changed: int) -> pd.DataFrame:
    """One line per mapped row."""
    return pd.read_parquet(Path(path))


def _start(row: RunRow, result: Comparison, name: str, *, first: bool) -> None:
    ways: dict[Method, str] = {"pca": "PCA", "umap": "UMAP"}
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        method: Method = st.segmented_control(
            _("Flatten by"), list(ways), default="pca", required=True, format_func=ways.__getitem__, key="map-method",
            persist_state="session",
            help=_(
                "PCA turns the points so that the plane shows as much of their variance as it can: fast and exact. "
                "UMAP keeps neighbours together: groups show better, distances between groups mean little."
            ),
        ) or "pca"  # fmt: skip
    with right:
        clusters = st.number_input(
            _("Clusters"), 0, 30, 8, key="map-clusters", persist_state="session",
            help=_("So many by k-means. 0: as many as there are dense places (HDBSCAN); rows between them are apart."),
        )  # fmt: skip
    schema = state.schema(row.dataset)
    texts = schema.names("text") if schema else []
    column = st.selectbox(_("Text column"), texts, key=f"map-column-{row.id}") if len(texts) > 1 else None
    line = result.candidate(name)
    reading = min(MAP_ROWS, result.n_rows) * ((line.ms_per_row if line else None) or 1.0) / 1000
    seconds = START + MAP_SECONDS + reading + (UMAP_SECONDS if method == "umap" else 0)
    kind = "embedding-map"
    place = common.start_place(_("This takes at most about {time}.").format(time=numbers.seconds(seconds)))
    if common.start_button(place, kind, row.dataset, _("Draw the map"), ":material/scatter_plot:", first=first):
        params = MapParams(run=row.id, candidate=name, column=column, method=method, clusters=int(clusters))
        common.start(kind, params, row.dataset)


def _map(found: EmbeddingMap, frame: pd.DataFrame, key: str) -> None:
    encoder = t(found.encoder)
    encoder = _("{encoder}, tuned on the target").format(encoder=encoder) if found.tuned else encoder
    line = _("**“{column}” by {encoder}**: {n} of {all} rows")
    column = found.column or _("whole rows")
    counts = {"n": numbers.count(found.n_rows), "all": numbers.count(found.n_all)}
    st.markdown(line.format(column=plain(column), encoder=plain(encoder), **counts))
    if found.method == "pca":
        text = _("The two directions keep {first:.0%} and {second:.0%} of the variance of {n} dimensions.")
        st.caption(text.format(first=found.variance[0], second=found.variance[-1], n=found.width))
    else:
        st.caption(_("UMAP of {n} dimensions by cosine distance; the axes have no meaning.").format(n=found.width))
    ways = {"truth": _("target"), "error": _("held-out error"), "cluster": _("cluster")}
    by = st.segmented_control(
        _("Colour by"), list(ways), default="truth", required=True, format_func=ways.__getitem__, key="map-colour",
        persist_state="session",
    ) or "truth"  # fmt: skip
    event: Any = st.plotly_chart(
        charts.scatter(found, frame, by),
        key=f"map-{key}-{by}",
        on_select="rerun",
        selection_mode=("box", "lasso"),
        config=chart_theme.config("map") | BUTTONS,
        alt=_n(
            "Map of {n} row by its embedding, coloured by {what}",
            "Map of {n} rows by their embeddings, coloured by {what}",
            found.n_rows,
        ).format(n=found.n_rows, what=ways[by]),
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        display.download(frame, f"map-{key}-csv", "map")
    rows.selected(found, frame, event, key)
    rows.clusters(found, key)
