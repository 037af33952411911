"""Models that compare rows: never more neighbours than rows, and votes weighted by how rare a class is."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from core.models.neighbours import Bayes, FewRowsClassifier, knn, svm_kernel
from core.models.scaled import UnitSVR

ROWS = np.array([[0.0], [1.0], [2.0], [10.0]])
LABELS = np.array(["common", "common", "common", "rare"])
COMMON = {"balanced": False, "seed": 0, "threads": 1}


@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_with_fewer_rows_than_neighbours_all_of_them_vote(task):
    model = knn(task=task, settings={"n_neighbors": 15, "weights": "uniform"}, **COMMON)
    y = LABELS if task == "multiclass" else np.array([1.0, 2.0, 3.0, 10.0])
    model.fit(ROWS, y)
    assert model.estimator_.n_neighbors == 4
    assert model.estimator.n_neighbors == 15  # what was chosen stays as it was
    assert model.predict([[0.0]])[0] == ("common" if task == "multiclass" else 4.0)


def test_a_vote_counts_what_its_class_is_rare():
    """n / (k · rows of the class): 4 / (2 · 3) and 4 / (2 · 1), so one vote of four becomes a half."""
    neighbours = KNeighborsClassifier(4)
    plain = FewRowsClassifier(neighbours).fit(ROWS, LABELS)
    balanced = FewRowsClassifier(neighbours, balanced=True).fit(ROWS, LABELS)
    assert plain.predict_proba([[9.0]])[0] == pytest.approx([0.75, 0.25])
    assert balanced.vote_weights_ == pytest.approx([2 / 3, 2])
    assert balanced.predict_proba([[9.0]])[0] == pytest.approx([0.5, 0.5])


def test_balanced_bayes_gives_all_classes_the_same_prior():
    assert Bayes().fit(ROWS, LABELS).estimator_.class_prior_ == pytest.approx([0.75, 0.25])
    assert Bayes(balanced=True).fit(ROWS, LABELS).estimator_.class_prior_ == pytest.approx([0.5, 0.5])


def test_a_kernel_machine_for_numbers_has_its_targets_unit():
    assert isinstance(svm_kernel(task="regression", settings={"C": 1.0, "kernel": "rbf"}, **COMMON), UnitSVR)
    machine = svm_kernel(task="binary", settings={"C": 2.0, "kernel": "rbf"}, balanced=True, seed=0, threads=1)
    assert (machine.estimator.C, machine.estimator.class_weight) == (2.0, "balanced")
