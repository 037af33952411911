"""Training rows that a model rests on, beside what scikit-learn says of them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

from core.explain.model_internals import training_rows
from core.explain.model_internals.training_rows import HEAVIEST, Training, as_shown, neighbours, vectors


def rows_at(places) -> Training:
    """Rows of one number each; the n-th stands at 100 + n in the data set."""
    X = pd.DataFrame({"x": np.asarray(places, dtype=float)})
    return Training(X, np.asarray([f"y{n}" for n in range(len(X))]), 100 + np.arange(len(X)))


class Plain:
    """A candidate whose model sees the cells as they are."""

    columns_ = ("x",)

    def __init__(self, model=None) -> None:
        self.model_ = model or SimpleNamespace()
        self.columns_ = ["x"]

    def _made(self, frame):
        return frame.to_numpy(dtype=float)


def asked(rows, position, x, model=None, votes=False, seed=0):
    row = pd.DataFrame({"x": [x], "y": ["?"]}, index=[position])
    return neighbours(Plain(model), model, rows, row, "y", votes=votes, seed=seed)


def test_ten_rows_are_told_the_nearest_first_without_the_row_itself():
    rows = rows_at([0, 1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 66])
    found = asked(rows, 102, 3.0)
    assert (found.row, found.votes, found.k, found.n_searched) == (102, False, 10, 12)
    assert [one.row for one in found.found] == [101, 100, 103, 104, 105, 106, 107, 108, 109, 110]
    assert [one.distance for one in found.found] == [2, 3, 3, 7, 12, 18, 25, 33, 42, 52]
    assert (found.asked.row, found.asked.truth, found.asked.distance) == (102, "?", 0)
    elsewhere = asked(rows, 7, 3.0)  # not among them: eleven are looked at, ten told
    assert [one.row for one in elsewhere.found] == [102, *[one.row for one in found.found[:9]]]


def test_a_model_that_votes_is_asked_itself():
    rows = rows_at(np.arange(20.0) ** 2)
    model = KNeighborsClassifier(13, metric="cityblock").fit(rows.X.to_numpy(), np.arange(20) % 2)
    found = asked(rows, 100, 0.0, model, votes=True)
    assert (found.k, found.n_searched, len(found.found)) == (13, 20, 13)
    few = KNeighborsClassifier(3).fit(rows.X.to_numpy(), np.arange(20) % 2)
    assert len(asked(rows, 100, 0.0, few, votes=True).found) == 10  # ten are shown of those that vote, too
    other = KNeighborsClassifier(3).fit(rows.X.to_numpy()[:9], np.arange(9) % 2)  # of other rows
    assert (asked(rows, 100, 0.0, other, votes=True).k, len(asked(rows, 100, 0.0, other, votes=True).found)) == (3, 10)


def test_of_many_rows_a_sample_is_searched(monkeypatch):
    monkeypatch.setattr(training_rows, "SEARCHED", 15)
    rows = rows_at(np.arange(40.0))
    found = asked(rows, 7, 20.0, seed=1)
    chosen = np.sort(np.random.default_rng(1).permutation(40)[:15])
    nearest = sorted(chosen, key=lambda place: (abs(place - 20), place))
    assert found.n_searched == 15
    assert sorted(one.distance for one in found.found) == [abs(place - 20) for place in nearest[:10]]
    assert {one.row for one in found.found} <= set(100 + chosen)


def test_a_row_is_shown_by_its_first_cells_as_words():
    cells = pd.Series({"a": 2.5, "b": None, "c": "x" * 300, **{f"d{n}": n for n in range(9)}}, dtype=object)
    found = as_shown(cells, 4, np.nan, weight=0.5)
    assert list(found.cells) == ["a", "b", "c", "d0", "d1", "d2", "d3", "d4"]
    assert (found.cells["a"], found.cells["b"], len(found.cells["c"])) == ("2.5", "", 160)
    assert (found.row, found.truth, found.weight, found.distance) == (4, "", 0.5, None)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_support_vectors_are_those_of_the_machine_the_heaviest_first(n_classes):
    random = np.random.default_rng(0)
    X = random.normal(size=(60, 1))
    y = np.digitize(X[:, 0] + 0.5 * random.normal(size=60), [-0.5, 0.5][: n_classes - 1])
    model = SVC(C=2.0).fit(X, y)
    names = ["a", "b", "c"][:n_classes]
    rows = Training(pd.DataFrame({"x": X[:, 0]}), y, 100 + np.arange(60))
    found = vectors(model, names, rows)
    weights = np.abs(model.dual_coef_).max(axis=0)
    assert found.counts == dict(zip(names, model.n_support_, strict=True))
    assert (found.n_rows, found.cap) == (60, 2.0)
    assert found.n_capped == np.isclose(weights, 2.0, rtol=1e-9).sum()
    assert [one.weight for one in found.heaviest] == pytest.approx(sorted(weights, reverse=True)[:HEAVIEST])
    assert len(found.heaviest) == 12
    by_row = dict(zip(100 + model.support_, weights, strict=True))
    assert [by_row[one.row] for one in found.heaviest] == [one.weight for one in found.heaviest]
    assert vectors(model, names, None).heaviest == []
    assert vectors(model, names, rows_at(np.arange(59.0))).heaviest == []  # not the rows it was trained on
    model.spread_ = 10.0
    assert (vectors(model, names, None).cap, vectors(model, names, None).n_capped) == (20.0, 0)
