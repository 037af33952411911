"""The job that maps a candidate's embeddings."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd

from core.data.roles.columns import shown
from core.data.schema import write_model
from core.explain.embedding_map.projection import clustered, clusters, condensed, plane
from core.explain.open_candidate import OpenCandidate, open_candidate
from core.explain.readers import Reader, readers
from core.files import written_whole
from core.job_params import MapParams
from core.jobs.context import Context
from core.messages import UnusableData, _, _n, clip, say
from core.results.comparison import candidate_folder
from core.results.embedding_map import MAP_FILE, POINTS_FILE, EmbeddingMap
from core.run_jobs import for_its_run

LETTERS = 200  # of a text that is shown


@for_its_run
def embedding_map(params: dict[str, Any], context: Context) -> None:
    """Lay out rows by their embeddings (job kind ``embedding-map``); writes ``map.json`` and ``map.parquet``."""
    wanted = MapParams.model_validate(params)
    began = time.monotonic()
    context.progress(say(_("Opening the model")), 0.02)
    model = open_candidate(context, wanted.run, wanted.candidate, seed=wanted.seed)
    rows = _chosen(model.rows, wanted)
    reader = _reader(model, rows, wanted.column)
    encoded = condensed(_encoded(reader, context), wanted.seed)
    context.progress(say(_n("Laying out {n:,} row", "Laying out {n:,} rows"), n=len(rows)), 0.6)
    places, variance = plane(encoded, wanted.method, wanted.seed)
    context.progress(say(_("Looking for clusters")), 0.9)
    numbers = clustered(encoded, wanted.clusters, wanted.seed)
    points = _points(model, wanted, rows, reader.texts, places, numbers)
    column = model.schema.column(reader.columns[0]) if len(reader.columns) == 1 else None
    result = EmbeddingMap(
        run=wanted.run,
        candidate=wanted.candidate,
        column=column.name if column else "",
        encoder=reader.label,
        tuned=reader.tuned,
        width=encoded.shape[1],
        method=wanted.method,
        variance=variance,
        n_rows=len(rows),
        n_all=len(model.rows),
        clusters=clusters(numbers, reader.texts, points["error"].to_numpy(), column.language if column else ""),
        by_density=wanted.clusters == 0,
        classes=model.manifest.classes if model.manifest.task != "regression" else [],
        target=model.manifest.target,
        seconds=time.monotonic() - began,
    )
    with written_whole(context.folder / POINTS_FILE) as place:
        points.to_parquet(place)
    write_model(result, context.folder / MAP_FILE)


def _chosen(rows: pd.DataFrame, wanted: MapParams) -> pd.DataFrame:
    if len(rows) <= wanted.rows:
        return rows
    return rows.sample(wanted.rows, random_state=wanted.seed).sort_index()


def _reader(model: OpenCandidate, rows: pd.DataFrame, column: str | None) -> Reader:
    """The encoder whose embeddings are mapped: a language model before word counts, of the column asked for."""
    found = readers(model.pipeline, rows[model.pipeline.columns_])
    fitting = [one for one in found if column in one.columns] or found
    if not fitting:
        raise UnusableData(
            _("“{name}” reads no text, so it has no embeddings to map."),
            _("Choose a candidate that reads a text."),
            name=model.manifest.candidate,
        )
    return fitting[0]


def _encoded(reader: Reader, context: Context) -> Any:
    """The embeddings of the reader's texts, from the cache where they were made before."""

    def progress(done: float, total: float) -> None:
        stage = say(
            _n("Encoding {done:,} of {total:,} text", "Encoding {done:,} of {total:,} texts", "total"),
            done=int(done),
            total=int(total),
        )
        context.progress(stage, 0.05 + 0.5 * done / max(1, total))

    reader.inner.progress = progress
    return reader.encoder.transform(np.asarray(reader.texts, dtype=object))


def _points(
    model: OpenCandidate,
    wanted: MapParams,
    rows: pd.DataFrame,
    texts: list[str],
    places: np.ndarray,
    numbers: np.ndarray,
) -> pd.DataFrame:
    """One line per row, with what was said of it when it was held out."""
    target = model.manifest.target
    said = _said(model, wanted).reindex(rows.index)
    return pd.DataFrame(
        {
            "row": rows.index.to_numpy(),
            "x": places[:, 0],
            "y": places[:, 1],
            "truth": ["" if pd.isna(value) else shown(value) for value in rows[target]],
            "prediction": said["prediction"].to_numpy(),
            "error": said["error"].to_numpy(dtype=float),
            "cluster": numbers,
            "text": [clip(text, LETTERS) for text in texts],
        }
    )


def _said(model: OpenCandidate, wanted: MapParams) -> pd.DataFrame:
    """Prediction and error of every row that was held out, by its position; repeats are averaged."""
    run = model.context.workspace.run_folder(wanted.run)
    path = candidate_folder(run, wanted.candidate) / "predictions.parquet"
    if not path.exists():
        return pd.DataFrame({"prediction": [], "error": []}, dtype=object)
    held = pd.read_parquet(path, columns=["row", "truth", "prediction"])
    held = held[held["row"] >= 0]
    if model.manifest.task == "regression":
        held["error"] = (held["prediction"] - held["truth"]).abs()
    else:
        held["error"] = (held["prediction"] != held["truth"]).astype(float)
    by_row = held.groupby("row")
    return pd.DataFrame({"prediction": by_row["prediction"].first().map(shown), "error": by_row["error"].mean()})
