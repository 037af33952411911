"""The automatic choice: what it screens, what it keeps, and that it repeats itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.fuse import auto_pool
from core.fuse.auto import Automatic
from core.fuse.candidate import Candidate
from core.fuse.candidates import build
from core.fuse.replay import as_before
from core.fuse.setting import Setting
from core.plan import EncoderChoice, Plan
from tests.fuse.tables import tickets


def made(table: pd.DataFrame, schema, **settings) -> Automatic:
    plan = Plan(target="mood", encoders={"text": EncoderChoice(name="bow")}, **settings)
    built = build("auto", Setting(schema, plan, "binary", n_rows=len(table)))
    assert isinstance(built, Automatic)
    return built


def test_it_finds_the_half_of_the_table_that_knows_the_answer():
    table, schema = tickets(200)
    fitted = made(table.iloc[:150], schema).fit(table.iloc[:150], table["mood"].iloc[:150])
    right = fitted.predict(table.iloc[150:]) == table["mood"].iloc[150:].to_numpy()
    assert right.mean() > 0.8
    assert {trial["name"] for trial in fitted.trials_} >= {"columns", "cooperative", "text-tfidf+svm-linear"}
    assert sum(fitted.chosen_.values()) == pytest.approx(1)
    assert any("text" in member.columns_ for member in [fitted.best_])
    assert str(len(fitted.trials_)) in str(fitted.rule())


def test_no_time_still_ends_in_a_choice():
    table, schema = tickets(120)
    fitted = made(table, schema, budget_seconds=1e-3).fit(table, table["mood"])
    assert len(fitted.trials_) == 1
    assert isinstance(fitted.best_, Candidate)


@pytest.mark.parametrize("budget", [0.001, 6.0])
def test_what_was_tried_can_be_tried_again_to_the_same_end(budget):
    table, schema = tickets(120)
    first = made(table, schema, budget_seconds=budget).fit(table, table["mood"])
    again = as_before(made(table, schema), first.trials_).fit(table, table["mood"])
    assert again.chosen_ == first.chosen_
    assert [trial["score"] for trial in again.trials_] == [trial["score"] for trial in first.trials_]
    assert np.array_equal(again.predict_proba(table), first.predict_proba(table))


def test_a_costly_one_gets_the_weight_it_earns():
    table, schema = tickets(200)
    fitted = made(table, schema)
    fitted.cheap = fitted.cheap[:3]
    fitted.costly = [("cooperative-tuned", Oracle(table))]
    fitted.fit(table, table["mood"])
    assert fitted.chosen_ == {"cooperative-tuned": 1.0}
    fitted.costly = [("cooperative-tuned", Oracle(table, wrong=True))]
    fitted.fit(table, table["mood"])
    assert "cooperative-tuned" not in fitted.chosen_


def test_a_costly_one_that_would_not_fit_the_time_is_not_begun():
    table, schema = tickets(120)
    fitted = made(table, schema, budget_seconds=200.0)
    fitted.cheap = fitted.cheap[:3]
    fitted.costly = [("cooperative-tuned", Oracle(table, seconds=10_000.0))]
    fitted.fit(table, table["mood"])
    assert "cooperative-tuned" not in {trial["name"] for trial in fitted.trials_}


def test_too_many_rows_for_a_slow_model_leave_it_out():
    table, schema = tickets(120)
    names = [name for name, _one in made(table, schema).cheap]
    assert "cooperative+svm-kernel" in names
    plan = Plan(target="mood")
    many = build("auto", Setting(schema, plan, "binary", n_rows=100_000))
    assert "cooperative+svm-kernel" not in [name for name, _one in many.cheap]
    assert {entry.name for entry in auto_pool.SCREENED} >= set(names)


class Oracle(Candidate):
    """Knows the answers (or their opposite) by heart."""

    def __init__(self, table: pd.DataFrame, wrong: bool = False, seconds: float = 0.1) -> None:
        self.table = table
        self.wrong = wrong
        self.seconds = seconds
        self.task = "binary"

    def fit(self, X, y):
        self._coded(y)
        self.columns_ = ["text", "hours"]
        self.settings_, self.trials_ = {}, []
        return self

    def both(self, X):
        known = (self.table["mood"].loc[X.index] == "good").to_numpy() != self.wrong
        probabilities = np.column_stack([~known, known]).astype(float)
        return self.classes_[probabilities.argmax(axis=1)], probabilities

    def estimate_seconds(self, X, y):
        return self.seconds

    def text_encoders(self):
        return {}
