"""Rows of the table behind held-out predictions; negative positions are rows of the separate test file."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.data import table
from core.results.comparison import Comparison
from core.workspace import RunRow
from pages.shared import state


def same_table(row: RunRow, result: Comparison) -> bool:
    """Whether the table is still the one that this run was trained on."""
    dataset = state.workspace().dataset(row.dataset, state.owner())
    return dataset is not None and result.dataset_hash in {"", dataset.content_hash}


def whole(dataset: str, positions: list[int]) -> pd.DataFrame:
    """These rows as they stand in the table, in the order asked for."""
    folder = state.folder(dataset)
    if all(position >= 0 for position in positions):
        return table.rows(folder, positions).reset_index(drop=True)
    return table.load(folder, test=True).iloc[[-1 - position for position in positions]].reset_index(drop=True)


def column(dataset: str, name: str, positions: np.ndarray) -> pd.Series:
    """One column at these positions; a comparison is scored either on the table or on its test file."""
    test = bool(len(positions)) and bool(positions.min() < 0)
    values = _column(dataset, name, test, state.table_version(dataset))
    return values.iloc[-1 - positions if test else positions].reset_index(drop=True)


@st.cache_resource(max_entries=16, show_spinner=False)
def _column(dataset: str, name: str, test: bool, changed: int) -> pd.Series:
    return table.load(state.folder(dataset), [name], cleaned=False, test=test)[name]
