"""Explained rows as a file that becomes a `shap.Explanation` again: plain arrays, nothing pickled.

Reading it needs numpy and shap only, as `SNIPPET` shows. Light: nothing here imports shap.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from core.data.roles.columns import shown
from core.files import written_whole
from core.messages import clip
from core.results.explanations.rows import RowExplanation

SHAP_FILE = "shap.npz"
LONGEST_CELL = 60  # characters: shap's plots write a cell beside its bar
EACH_ITS_OWN = "the class each row was called"  # `output_names` where rows were explained for several classes
SNIPPET = """\
import numpy as np, shap; z = np.load("{file}")
e = shap.Explanation(z["values"], z["base_values"], np.where(z["is_text"], z["texts"].astype(object), z["numbers"]), \
feature_names=z["feature_names"].tolist(), output_names=str(z["output_names"]))
"""
PLOTS = "shap.plots.waterfall(e[0]); shap.plots.beeswarm(e); shap.plots.force(e[0], matplotlib=True)"


def write(path: Path, rows: Sequence[RowExplanation], cells: pd.DataFrame, *, unit: str, about: dict[str, str]) -> None:
    """Write explained rows whole, to another name first.

    Parameters
    ----------
    path : Path
        Ends as it likes; the content is NumPy's ``.npz``.
    rows : sequence of RowExplanation
    cells : DataFrame
        The same rows' cells, in the same order; its columns are the order of the features.
    unit : str
        What the values are counted in; what a regression's output is called.
    about : dict
        What else is to be remembered: candidate, run, versions.

    Notes
    -----
    values, numbers, is_text, texts : (rows, columns); base_values, output_values, classes : (rows,);
    feature_names : (columns,); output_names, about : one string each, the latter JSON.
    """
    names = [str(name) for name in cells.columns]
    bars = [{column.name: column.value for column in row.columns} for row in rows]
    numbers, texts, is_text = _cells(cells)
    classes = list(dict.fromkeys(row.label for row in rows))
    arrays = {
        "values": np.array([[one[name] for name in names] for one in bars], dtype=float),
        "base_values": np.array([row.base for row in rows], dtype=float),
        "output_values": np.array([row.output for row in rows], dtype=float),
        "numbers": numbers,
        "texts": texts,
        "is_text": is_text,
        "feature_names": np.array([drawable(name) for name in names], dtype=np.str_),
        "output_names": np.array(EACH_ITS_OWN if len(classes) > 1 else classes[0] if classes and classes[0] else unit),
        "classes": np.array([row.label for row in rows], dtype=np.str_),
        "about": np.array(json.dumps({"unit": unit, **about}, ensure_ascii=False)),
    }
    with written_whole(path) as place, place.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def snippet(file: str) -> str:
    """Two lines of Python that load it."""
    return SNIPPET.replace('"{file}"', json.dumps(file, ensure_ascii=False))


def drawable(text: str) -> str:
    """A short text that Matplotlib writes as it stands: two dollar signs would make a formula of what is between."""
    short = clip(text, LONGEST_CELL)
    return re.sub(r"\$", r"\\$", short) if short.count("$") > 1 else short


def _cells(cells: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numbers, texts, and which cell is a text; a missing number is NaN, any other missing cell an empty text."""
    shape = cells.shape
    numbers, is_text = np.full(shape, np.nan), np.ones(shape, dtype=bool)
    texts = np.full(shape, "", dtype=object)
    for place, name in enumerate(cells.columns):
        column = cells[name]
        if is_numeric_dtype(column) and not is_bool_dtype(column):
            numbers[:, place] = column.to_numpy(dtype=float, na_value=np.nan)
            is_text[:, place] = False
        else:
            texts[:, place] = ["" if pd.isna(cell) else drawable(shown(cell)) for cell in column.tolist()]
    return numbers, texts.astype(np.str_), is_text
