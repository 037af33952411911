"""The embedding map: rows laid out by what the encoder makes of their texts; draw around some to read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from core.evaluate.embedding_map import (
    APART,
    MAP_FILE,
    MAP_ROWS,
    MAP_SECONDS,
    POINTS_FILE,
    UMAP_SECONDS,
    EmbeddingMap,
    Method,
)
from core.evaluate.result import Comparison
from core.explain.estimate import START
from core.jobs import client
from core.plan import MapParams
from core.workspace import RunRow
from pages.parts import charts, drawing, explain_map_charts, explain_parts, job_panel, numbers, state
from pages.parts.plain import plain
from pages.parts.words import _, t

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
    shown = explain_parts.newest("embedding-map", EmbeddingMap, MAP_FILE, row, name)
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
    left, middle, end = st.columns([2, 3, 1], vertical_alignment="bottom")
    with left:
        method: Method = st.segmented_control(
            _("Flatten by"), list(ways), default="pca", required=True, format_func=ways.__getitem__, key="map-method",
            persist_state="session",
            help=_(
                "PCA turns the points so that the plane shows as much of their variance as it can: fast and exact. "
                "UMAP keeps neighbours together: groups show better, distances between groups mean little."
            ),
        ) or "pca"  # fmt: skip
    with middle:
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
    if explain_parts.start_button(end, kind, row.dataset, _("Draw the map"), ":material/scatter_plot:", first=first):
        params = MapParams(run=row.id, candidate=name, column=column, method=method, clusters=int(clusters))
        explain_parts.start(kind, params, row.dataset)
    st.caption(plain(_("This takes at most about {time}.").format(time=numbers.seconds(seconds))))


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
        explain_map_charts.scatter(found, frame, by),
        key=f"map-{key}-{by}",
        on_select="rerun",
        selection_mode=("box", "lasso"),
        config=drawing.config("map") | BUTTONS,
        alt=_("Map of {n} rows by their embeddings, coloured by {what}").format(n=found.n_rows, what=ways[by]),
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        charts.download(frame, f"map-{key}-csv", "map")
    _selected(found, frame, event, key)
    _clusters(found, key)


def _selected(found: EmbeddingMap, frame: pd.DataFrame, event: Any, key: str) -> None:
    chosen = sorted({int(point["customdata"][0]) for point in event.selection.points if point.get("customdata")})
    if not chosen:
        st.caption(_("Draw a box or a lasso around points to read their rows here."))
        return
    st.markdown(_("**{n} rows were chosen**").format(n=numbers.count(len(chosen))))
    rows = frame.iloc[chosen].assign(row=lambda one: one["row"] + 1).drop(columns=["x", "y"])
    names = {"row": _("Row"), "truth": _("truth"), "prediction": _("prediction"), "error": _("error"),
             "cluster": _("cluster"), "text": _("text")}  # fmt: skip
    rows["cluster"] = rows["cluster"].map(explain_map_charts.cluster_name)
    charts.table(rows.rename(columns=names), f"map-{key}-rows", name="chosen-rows")


def _clusters(found: EmbeddingMap, key: str) -> None:
    st.markdown(_("**Clusters and their words**"))
    text = _("Words that are frequent in a cluster and rare in the others (class-based TF-IDF).")
    dense = _("Found by density (HDBSCAN).") if found.by_density else _("Found by k-means, the largest first.")
    st.caption(f"{dense} {text}")
    error = _("mistakes") if found.classes else _("mean error")
    frame = pd.DataFrame(
        {
            _("cluster"): [explain_map_charts.cluster_name(one.number) for one in found.clusters],
            _("rows"): [one.n_rows for one in found.clusters],
            error: pd.Series([one.error for one in found.clusters], dtype=float),
            _("words"): [" · ".join(one.words) for one in found.clusters],
        }
    )
    charts.table(frame, f"map-{key}-clusters", name="clusters", formats={error: "percent" if found.classes else "%.3g"})
    if any(one.number == APART for one in found.clusters):
        st.caption(_("“apart”: rows that lie in no dense place."))
