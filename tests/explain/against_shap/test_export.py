"""Rows for shap's plots: two lines of Python load them, and the plots are drawn."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from core.explain.against_shap import export
from core.results.explanations.rows import ColumnEffect, RowExplanation

NAMES = ["hours", "city", "note $a$ $b$", "day"]
CELLS = pd.DataFrame(
    {
        "hours": [2.5, np.nan, 7.0],
        "city": ["Rome", None, "Oslo"],
        "note $a$ $b$": ["costs $5_^ or $6\nat most", "x" * 500, "晚点了"],
        "day": pd.to_datetime(["2025-01-01", "2025-01-02 03:04", None], format="mixed"),
    }
)


def rows(labels=("bad", "bad", "bad")) -> list[RowExplanation]:
    """Bars in the order of their length, as an explanation holds them."""
    made = []
    for number, label in enumerate(labels):
        values = np.roll([0.4, -0.1, 0.02, -0.3], number)
        columns = [
            ColumnEffect(name=name, value=value, low=value, high=value)
            for name, value in zip(NAMES, values, strict=True)
        ]
        made.append(
            RowExplanation(
                row=number,
                label=label,
                base=0.3,
                output=0.32 + number,
                columns=sorted(columns, key=lambda one: -abs(one.value)),
                error=0.0,
                evaluations=1,
                seconds=0.1,
            )
        )
    return made


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "tickets’ rows.npz"
    export.write(path, rows(), CELLS, unit="log-odds", about={"candidate": "columns"})
    return path


def loaded(path, monkeypatch):
    """What the snippet makes, run beside the file as a notebook would."""
    monkeypatch.chdir(path.parent)
    names: dict = {}
    exec(export.snippet(path.name), names)
    return names["e"]


def test_the_snippet_is_two_lines_that_load_what_was_written(file, monkeypatch):
    assert len(export.snippet(file.name).strip().splitlines()) == 2
    found = loaded(file, monkeypatch)
    assert found.values[0] == pytest.approx([0.4, -0.1, 0.02, -0.3])
    assert found.values[1] == pytest.approx([-0.3, 0.4, -0.1, 0.02])
    assert found.base_values == pytest.approx([0.3] * 3)
    assert found.output_names == "bad"
    assert list(found.feature_names)[:2] == ["hours", "city"]
    assert found.data[0, 0] == 2.5
    assert isinstance(found.data[0, 0], float)
    assert np.isnan(found.data[1, 0])
    assert found.data[:, 1].tolist() == ["Rome", "", "Oslo"]
    assert found.data[:, 3].tolist() == ["2025-01-01", "2025-01-02 03:04:00", ""]
    assert len(found.data[1, 2]) == export.LONGEST_CELL


def test_nothing_in_it_is_pickled(file):
    with np.load(file, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)
        assert json.loads(str(arrays["about"])) == {"unit": "log-odds", "candidate": "columns"}
        assert arrays["output_values"] == pytest.approx([0.32, 1.32, 2.32])


def test_the_plots_are_drawn(file, monkeypatch):
    mpl.use("Agg")
    import matplotlib.pyplot as plt  # noqa: PLC0415 (after the backend is chosen)
    import shap  # noqa: PLC0415

    found = loaded(file, monkeypatch)
    for number, draw in enumerate(
        (
            lambda: shap.plots.waterfall(found[0], show=False),
            lambda: shap.plots.beeswarm(found, show=False),
            lambda: shap.plots.force(found[0], matplotlib=True, show=False),
            lambda: shap.plots.bar(found, show=False),
        )
    ):
        plt.close("all")
        draw()
        plt.gcf().savefig(file.parent / f"{number}.png")
        assert (file.parent / f"{number}.png").stat().st_size > 5000
    plt.close("all")
    force = shap.plots.force(found)  # all rows, as a page of its own
    assert "hours" in force.html()


def test_rows_of_several_classes_say_so(tmp_path, monkeypatch):
    export.write(tmp_path / "e.npz", rows(("bad", "good", "bad")), CELLS, unit="log-odds", about={})
    assert loaded(tmp_path / "e.npz", monkeypatch).output_names == export.EACH_ITS_OWN
    assert np.load(tmp_path / "e.npz")["classes"].tolist() == ["bad", "good", "bad"]
    export.write(tmp_path / "e.npz", rows(("", "", "")), CELLS, unit="price", about={})
    assert loaded(tmp_path / "e.npz", monkeypatch).output_names == "price"


def test_it_loads_where_only_numpy_and_shap_are(file):
    code = f"{export.snippet(file.name)}assert e.shape == (3, 4); import sys; assert 'core' not in sys.modules"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run([sys.executable, "-c", code], cwd=file.parent, env=environment, check=True, timeout=120)


def test_one_row_of_one_column(tmp_path, monkeypatch):
    (row,) = rows(("bad",))
    row.columns = [one for one in row.columns if one.name == "hours"]
    export.write(tmp_path / "e.npz", [row], CELLS[["hours"]].head(1), unit="log-odds", about={})
    found = loaded(tmp_path / "e.npz", monkeypatch)
    assert found.shape == (1, 1)
    assert found[0].base_values == pytest.approx(0.3)
