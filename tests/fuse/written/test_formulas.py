"""Formulas that help are used, those that don't are left, and new rows are answered as training rows are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.compose import ColumnTransformer

from core.data.schema import Schema
from core.data.splits.inner import of_texts
from core.encode.batches import progress_listener
from core.explain.model_internals import features
from core.fuse.assisted.base import Assisted, Rows
from core.fuse.candidate import Candidate
from core.fuse.candidates import build
from core.fuse.columns import Numbers
from core.fuse.setting import Setting
from core.fuse.written import formulas
from core.fuse.written.formulas import Formulas
from core.models.factory import build as build_model
from core.plan import Plan, TargetAs
from tests.fuse.advisers import log_loss
from tests.fuse.tables import column

ROLES = {"height": "number", "weight": "number", "noise": "number"}


def people(n: int = 300, seed: int = 0, gaps: bool = False) -> tuple[pd.DataFrame, np.ndarray]:
    """Weight by the square of height decides; neither tells much alone."""
    random = np.random.default_rng(seed)
    height, ratio = random.uniform(1.2, 2.2, n), random.uniform(18, 34, n)
    frame = pd.DataFrame({"height": height, "weight": ratio * height**2, "noise": random.normal(0, 1, n)})
    if gaps:
        frame.loc[::9, "height"] = np.nan
    return frame, np.where(ratio + random.normal(0, 2, n) > 26, "yes", "no").astype(object)


def candidate(task: str = "binary", model: str = "linear") -> Formulas:
    makers = [("numbers", Numbers(), list(ROLES))]
    parent = Candidate(ColumnTransformer(makers), build_model(model, task, {}), task)
    return Formulas(parent, "bundled", ROLES, "ill", texts=[], task=task)


@pytest.fixture
def says(monkeypatch):
    """The language model's words are given, and what it was told is kept."""
    told: list[str] = []

    def answers(text: str) -> list[str]:
        monkeypatch.setattr(formulas, "written", lambda model, prompts, *rest: told.extend(prompts) or [text])
        return told

    return answers


def test_a_formula_that_helps_is_used_and_one_that_does_not_is_left(says):
    told = says("noise_twice = noise**2\nbmi = weight / (height * height)\nthe same = height * 3")
    X, y = people()
    fresh, truth = people(400, seed=1)
    made = candidate().fit(X, y)
    assert made.formulas_ == ["weight / (height * height)"]
    assert made.trust_ == pytest.approx(1 / 2)  # “the same” says nothing new, so it was not tried
    tried = {one.text: one for one in made.advice().formulas}
    assert tried["weight / (height * height)"].used
    assert tried["weight / (height * height)"].name == "bmi"
    assert tried["weight / (height * height)"].low > 0
    assert not tried["noise ** 2"].used
    alone = clone(made.parent).fit(X, y)
    gain = log_loss(alone.predict_proba(fresh), truth, alone.classes_) - log_loss(
        made.predict_proba(fresh), truth, made.classes_
    )
    assert gain > 0.05
    shown = [line for line in told[0].splitlines() if "→ “" in line]
    assert 0 < len(shown) <= 6
    assert all(line.count("“yes”") == line.count("“no”") == 1 for line in shown)  # each was got wrong


def test_a_formula_that_says_nothing_leaves_the_parent_as_it_is(says):
    says("noise**2")
    X, y = people()
    made = candidate().fit(X, y)
    assert made.trust_ == 0
    assert not made.formulas_
    assert np.array_equal(made.predict_proba(X), clone(made.parent).fit(X, y).predict_proba(X))


@pytest.mark.parametrize("said", ["", "I am sorry.", "height * 2", "import os"])
def test_without_a_usable_formula_it_says_so(said, says):
    says(said)
    X, y = people(60)
    made = candidate().fit(X, y)
    assert "no new column" in str(made.advice().trust.note)
    assert made.predict_proba(X).shape == (60, 2)


def test_rows_shown_to_the_language_model_are_no_rows_that_a_formula_is_tried_on(says):
    told = says("weight / height**2")
    X, y = people()
    X["noise"] = np.arange(len(X), dtype=float)  # which row it is
    made = candidate().set_params(roles=ROLES).fit(X, y)
    shown = {int(line.split("noise: ")[1].split()[0]) for line in told[0].splitlines() if "→ “" in line}
    (_train, first), *others = made._folds(rows_of(made, X, y))
    assert shown <= set(first.tolist())
    assert not shown & {int(place) for _train, test in others for place in test}
    assert made.advice().trust.n_rows == sum(len(test) for _train, test in others)


def rows_of(made: Assisted, X: pd.DataFrame, y: np.ndarray) -> Rows:
    return Rows(X, made._coded(y), X.head(0), dependence=of_texts(X, []))


def test_where_nothing_is_got_wrong_no_row_is_shown(says):
    told = says("noise**2")
    X, _y = people(120)
    candidate(model="tree").fit(X, np.where(X["noise"] > 0, "yes", "no"))
    assert "→ “" not in told[0]
    assert "wrong on these rows" not in told[0]


def test_of_few_rows_nothing_is_asked(says):
    told = says("noise**2")
    X, y = people(5)
    made = candidate().fit(X, np.asarray(["yes", "no", "yes", "no", "yes"], dtype=object))
    assert told == []
    assert "too few rows" in str(made.advice().trust.note)
    assert len(y) == len(made.predict(X))


def test_whoever_wants_to_stop_is_heard_while_formulas_are_tried(says):
    says("bmi = weight / height**2\nnoise**2")
    X, y = people()

    class Stopped(Exception):
        """The person has pressed Cancel."""

    def stop(done: float, total: float) -> None:
        raise Stopped

    with progress_listener(stop), pytest.raises(Stopped):
        candidate().fit(X, y)


def test_logarithms_are_called_so():
    """Where the target is learned as log(1 + y), rows are told in logarithms."""
    columns = [column("height", "number"), column("cost", "target")]
    plan = Plan(target="cost", target_as=TargetAs(way="log"))
    made = build("assisted-formulas", Setting(Schema(columns=columns, task="regression"), plan, "regression", n_rows=9))
    assert made.candidate.target == "log(1 + cost)"


def test_a_number_is_learned_in_its_own_unit(says):
    says("weight / (height * height)")
    X, _y = people()
    y = 1e6 * (X["weight"] / X["height"] ** 2).to_numpy()
    made = candidate("regression").fit(X, y)
    (tried,) = made.advice().formulas
    assert tried.used
    assert np.abs(made.predict(X) - y).mean() < 0.05 * y.std()
    alone = clone(made.parent).fit(X, y)
    assert tried.gain == pytest.approx(np.mean((alone.predict(X) - y) ** 2), rel=0.5)  # squared errors of the target


@pytest.mark.parametrize("model", ["linear", "boosting", "tree"])
def test_features_of_the_model_are_told_by_their_formula(model, says):
    says("weight / (height * height)")
    X, y = people(gaps=True)
    made = candidate(model=model).fit(X, y)
    known = features.features(made, made.model_.n_features_in_)
    kinds = [(one.column, one.kind) for one in known if "weight /" in one.column]
    assert kinds == [("weight / (height * height)", "formula"), ("weight / (height * height)", "missing")]
    joined = features.groups(known)
    assert len(joined["weight / (height * height)", "formula"]) == 2
    assert made._made(X).shape[1] == len(known)


def test_a_row_alone_is_answered_as_among_others(says):
    says("weight / (height * height)")
    X, y = people(gaps=True)
    made = candidate().fit(X, y)
    np.testing.assert_allclose(made.predict_proba(X.iloc[[9]]), made.predict_proba(X)[[9]])
