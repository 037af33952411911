"""Rows laid out in a plane by what an encoder makes of their texts, as data."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from core.messages import Message

MAP_FILE, POINTS_FILE = "map.json", "map.parquet"
Method = Literal["pca", "umap"]
APART = -1  # cluster of rows that are close to no others
MAP_ROWS = 2000
UMAP_SECONDS = 20.0  # the first import compiles; the layout of 2,000 rows is about half of it
MAP_SECONDS = 4.0


class Cluster(BaseModel):
    """Rows whose texts lie close together."""

    number: int  # from 0; `APART`
    n_rows: int
    words: list[str] = []  # that are frequent here and rare elsewhere
    error: float | None = None  # mean held-out error of its scored rows: share of mistakes, or distance


class EmbeddingMap(BaseModel):
    """A map (``map.json``); its points stand in ``map.parquet``.

    Columns of the points: ``row`` (position in the data set), ``x``, ``y``, ``truth``, ``prediction``, ``error``
    (1 a mistake, 0 none; of numbers the distance; missing where the row was not scored), ``cluster``, ``text``.
    """

    run: str
    candidate: str
    column: str  # "": whole rows
    encoder: Message
    tuned: bool = False
    width: int  # numbers per text
    method: Method
    variance: list[float]  # share kept by the first two principal components
    n_rows: int
    n_all: int
    clusters: list[Cluster] = []
    by_density: bool = False
    classes: list[str] = []
    target: str = ""
    seconds: float = 0.0
