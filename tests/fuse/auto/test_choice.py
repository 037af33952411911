"""The automatic choice: what it screens, what it keeps, and that it repeats itself."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator

from core.compare.files.replay import as_before
from core.encode.batches import report_progress
from core.fuse import clock as clock_of
from core.fuse.auto import choice as choice_of
from core.fuse.auto.choice import Automatic
from core.fuse.candidate import Candidate
from core.fuse.candidates import build
from core.fuse.clock import Clock, ends_with
from core.fuse.predictor import FrozenWork
from core.fuse.setting import Setting
from core.messages import UnknownChoice
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


@pytest.mark.parametrize(("seconds", "taken"), [(0.1, "cooperative-tuned"), (10_000.0, "cooperative-tuned@top")])
def test_a_lighter_form_of_a_costly_one_is_for_when_there_is_no_time_for_it(seconds, taken):
    table, _schema = tickets(120)
    fitted = automatic({"columns": Sleeper(0.0)}, 60.0)
    fitted.costly = [("cooperative-tuned", Oracle(table, seconds=seconds)), ("cooperative-tuned@top", Oracle(table))]
    fitted.fit(table, table["mood"])
    tried = {trial["name"] for trial in fitted.trials_} - {"columns"}
    assert tried == {taken} == set(fitted.chosen_)
    assert set(fitted.left_out_) == {"cooperative-tuned"} - tried


def test_where_predicting_is_slow_the_best_without_a_language_model_is_named():
    table, _schema = tickets(200)
    good = (table["mood"] == "good").astype(float) * 0.8 + 0.1
    mistaken = good.where(table.index % 10 > 0, 1 - good)
    fitted = automatic({"columns": Sleeper(0.0), "text-tfidf": Sleeper(0.0, mistaken)}, 60.0)
    fitted.costly = [("cooperative-tuned", Oracle(table))]
    fitted.fit(table, table["mood"])
    assert fitted.lighter_ == {"name": "text-tfidf", "score": pytest.approx(0.9, abs=0.03)}
    assert "about 7 ms to predict a row. “text-tfidf” needs no language model; its accuracy" in str(fitted.rule(7.2))
    assert "needs no" not in str(fitted.rule(4.9)) + str(fitted.rule())


def test_what_needs_no_language_model_has_no_lighter_one():
    table, _schema = tickets(200)
    fitted = automatic({"columns": Sleeper(0.0), "text-tfidf": Sleeper(0.0)}, 60.0).fit(table, table["mood"])
    assert fitted.lighter_ == {}
    assert "needs no" not in str(fitted.rule(900.0))


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

    def predict_both(self, X):
        known = (self.table["mood"].loc[X.index] == "good").to_numpy() != self.wrong
        probabilities = np.column_stack([~known, known]).astype(float)
        return self.classes_[probabilities.argmax(axis=1)], probabilities

    def estimate_seconds(self, X, y):
        return self.seconds

    def text_encoders(self):
        return {}


class Sleeper(Candidate):
    """Takes its time for each row it is fitted on, and says what it was told to."""

    features = None

    def __init__(self, seconds_per_row: float, said: pd.Series | None = None, reads: object = None) -> None:
        self.seconds_per_row = seconds_per_row
        self.said = said  # probability of “good”, by row
        self.reads = reads
        self.task = "binary"

    def fit(self, X, y):
        time.sleep(self.seconds_per_row * len(X))
        self._coded(y)
        self.columns_, self.settings_, self.trials_ = ["text"], {}, []
        return self

    def predict_both(self, X):
        good = np.full(len(X), 0.6) if self.said is None else self.said.loc[X.index].to_numpy()
        probabilities = np.column_stack([1 - good, good])
        return self.classes_[probabilities.argmax(axis=1)], probabilities

    def text_encoders(self):
        return {}

    def frozen_work(self, X):
        return [] if self.reads is None else [FrozenWork("text", self.reads, X["text"].to_numpy(dtype=object))]


class Broken(Sleeper):
    def fit(self, X, y):
        raise ValueError("Input X contains infinity.")


@pytest.mark.parametrize("place", ["first", "last", "costly"])
def test_the_others_go_on_without_one_that_fails(place):
    table, _schema = tickets(200)
    good = (table["mood"] == "good").astype(float) * 0.8 + 0.1
    names = ["text-tfidf", "columns"] if place == "first" else ["columns", "text-tfidf"]
    pool = {name: Sleeper(0.0, good) if name == "columns" else Broken(0.0) for name in names}
    fitted = automatic({"columns": pool["columns"]} if place == "costly" else pool, 60.0)
    fitted.costly = [("text-tfidf", BrokenReader(0.0))] if place == "costly" else []
    fitted.fit(table, table["mood"])
    assert fitted.chosen_ == {"columns": 1.0}
    assert "“text-tfidf” could not be trained (Input X contains infinity.)." in str(fitted.rule())
    assert "lack of time" not in str(fitted.rule())
    again = as_before(automatic(pool), fitted.trials_).fit(table, table["mood"])
    assert again.chosen_ == fitted.chosen_


def test_where_all_fail_it_is_said_why():
    table, _schema = tickets(60)
    with pytest.raises(ValueError, match="infinity"):
        automatic({"columns": Broken(0.0), "text-tfidf": Broken(0.0)}, 60.0).fit(table, table["mood"])


def test_one_that_fails_on_all_rows_is_left_out_of_another_choice():
    """It is the best on every fold, so only the last fit shows it."""
    table, _schema = tickets(200)
    good = (table["mood"] == "good").astype(float)
    pool = {"columns": Sleeper(0.0, good * 0.2 + 0.4), "text-tfidf": FullOnly(0.0, good)}
    fitted = automatic(pool, 60.0).fit(table, table["mood"])
    assert fitted.chosen_ == {"columns": 1.0}
    assert fitted.lighter_ == {}
    assert "“text-tfidf” could not be trained (Too many rows.)." in str(fitted.rule())
    again = as_before(automatic(pool), fitted.trials_).fit(table, table["mood"])
    assert again.chosen_ == fitted.chosen_
    with pytest.raises(RuntimeError, match="Too many rows"):
        automatic({"text-tfidf": FullOnly(0.0, good)}, 60.0).fit(table, table["mood"])


def test_of_a_costly_one_that_fails_on_all_rows_the_model_of_a_fold_is_kept():
    table, _schema = tickets(200)
    fitted = automatic({"columns": Sleeper(0.0)}, 60.0)
    fitted.costly = [("cooperative-tuned", FullOnly(0.0001, (table["mood"] == "good").astype(float)))]
    fitted.fit(table, table["mood"])
    assert fitted.chosen_ == {"cooperative-tuned": 1.0}
    told = "“cooperative-tuned” could not be trained on all rows (Too many rows.); what is kept was trained on 80%"
    assert str(fitted.rule()).count("could not be trained") == str(fitted.rule()).count(told) == 1


def test_a_class_that_the_kept_model_never_saw_is_known_all_the_same():
    """Its one row was held back in the fold whose model is kept."""
    truth = np.array(["rare", *["bad", "good"] * 50], dtype=object)
    table, held, others = pd.DataFrame({"text": truth}), np.arange(21), np.arange(21, 101)
    good = pd.Series(truth == "good", table.index).astype(float)
    fitted = automatic({"columns": Sleeper(0.0)}, 60.0)
    fitted.costly, fitted.task = [("cooperative-tuned", FullOnly(0.0001, good))], "multiclass"
    fitted.fit(table, truth, folds=[(others, held), (np.arange(80), np.arange(80, 101))])
    assert fitted.chosen_ == {"cooperative-tuned": 1.0}
    assert fitted.best_.classes_.tolist() == ["bad", "good", "rare"]
    assert np.array_equal(fitted.predict_proba(table)[:, :2], np.column_stack([1 - good, good]))
    assert fitted.predict_proba(table)[:, 2].tolist() == [0.0] * 101


def test_a_name_that_is_not_there_any_more_is_said():
    table, _schema = tickets(60)
    again = as_before(automatic({"columns": Sleeper(0.0)}), [{"name": "columns@old", "folds": 5}])
    with pytest.raises(UnknownChoice, match="“columns@old” was tried before"):
        again.fit(table, table["mood"])


class SlowReader(BaseEstimator):
    """An encoder that takes half a second for each text."""

    label_free, model = True, "slow"

    def fit(self, texts, y=None):
        return self

    def transform(self, texts):
        time.sleep(0.5 * len(texts))
        return np.zeros((len(texts), 2))


def automatic(pool: dict[str, Candidate], budget: float | None = None) -> Automatic:
    return Automatic(list(pool.items()), [], ["text"], "binary", budget_seconds=budget)


def test_a_slow_candidate_is_left_out_before_it_takes_the_whole_budget():
    """One fold of the second alone takes 8 s; the fit on all rows, 10 s."""
    table, _schema = tickets(400)
    began = time.monotonic()
    fitted = automatic({"columns": Sleeper(0.0005), "text-tfidf": Sleeper(0.025)}, 5.0).fit(table, table["mood"])
    assert time.monotonic() - began < 5.0 * 1.1 + 5.0
    assert [trial["name"] for trial in fitted.trials_] == ["columns"]
    assert "Left out for lack of time: text-tfidf" in str(fitted.rule())


def test_time_is_kept_for_fitting_all_that_may_be_chosen():
    """Each takes 0.4 s to fit; without keeping time for a mixture's members, five would be screened."""
    table, _schema = tickets(400)
    pool = {f"text-tfidf+{model}": Sleeper(0.001) for model in ("linear", "knn", "tree", "bayes", "forest", "boosting")}
    began = time.monotonic()
    fitted = automatic(pool, 6.0).fit(table, table["mood"])
    assert 1 <= len(fitted.trials_) <= 4
    assert set(fitted.left_out_) | {trial["name"] for trial in fitted.trials_} == set(pool)
    assert time.monotonic() - began < 6.0 * 1.1 + 5.0


def test_texts_that_can_not_be_read_in_time_are_not_begun():
    """120 texts at half a second each are a minute."""
    table, _schema = tickets(120)
    pool = {"cooperative": Sleeper(0.0, reads=SlowReader()), "columns": Sleeper(0.0)}
    began = time.monotonic()
    fitted = automatic(pool, 6.0).fit(table, table["mood"])
    assert time.monotonic() - began < 6.0 * 1.1 + 5.0
    assert list(fitted.chosen_) == ["columns"]
    said = str(fitted.rule())
    assert "Reading the texts with slow would take about" in said
    assert "Left out for lack of time: cooperative" in said


def test_where_nothing_fits_the_fastest_is_fitted_and_its_time_is_said():
    table, _schema = tickets(200)
    fitted = automatic({"columns": Sleeper(0.01), "text-tfidf": Sleeper(0.0025)}, 1.0).fit(table, table["mood"])
    assert list(fitted.chosen_) == ["text-tfidf"]
    assert "Even “text-tfidf”, the fastest, takes about 1 s" in str(fitted.rule())
    assert fitted.left_out_ == ["columns"]


def test_two_fits_of_a_command_share_its_clock():
    """Alone, each would take its own 30 s."""
    table, _schema = tickets(400)
    pool = {f"text-tfidf+{model}": Sleeper(0.001) for model in ("linear", "knn", "tree", "bayes", "forest", "boosting")}
    clock = Clock(12.0, fits=2)
    with ends_with(clock):
        for _fit in range(2):
            automatic(pool, 30.0).fit(table, table["mood"])
    assert time.monotonic() - clock.began < 12.0 * 1.1 + 5.0


@pytest.mark.parametrize("seed", range(6))
def test_what_is_said_of_a_mixture_is_what_was_measured(seed):
    """The scores of the mixture and of the best alone are counted again by hand."""
    table, _schema = tickets(200)
    chance, good = np.random.default_rng(seed), (table["mood"] == "good").to_numpy()
    pool = {}
    for name in ("columns", "text-tfidf", "cooperative"):
        towards = np.where(chance.random(200) < 0.8, good, ~good)
        pool[name] = Sleeper(0.0, pd.Series(np.where(towards, 1, 0) * chance.uniform(0.4, 0.9) + 0.05, table.index))
    fitted = automatic(pool).fit(table, table["mood"])
    said = str(fitted.rule())
    if len(fitted.chosen_) == 1:
        assert "mixture" not in said
        return
    mixed = sum(weight * pool[name].said.to_numpy() for name, weight in fitted.chosen_.items())
    score = np.mean((mixed > 0.5) == good)
    alone = {name: np.mean((one.said.to_numpy() > 0.5) == good) for name, one in pool.items()}
    best = max(alone, key=alone.get)
    assert f"{score:.3f}" in said
    assert f"“{best}”, {alone[best]:.3f}" in said
    assert ("less than" in said) == (score < alone[best])
    assert "as good or better" not in said


def test_a_costly_one_that_turns_out_too_slow_is_given_up(monkeypatch):
    """It says a second, and takes a minute: a tenth of it shows that."""
    monkeypatch.setattr(clock_of, "WARMED_UP", 0.2)
    table, _schema = tickets(200)
    fitted = automatic({"columns": Sleeper(0.0)}, 30.0)
    fitted.costly = [("cooperative-tuned", Dawdler(0.0))]
    began = time.monotonic()
    fitted.fit(table, table["mood"])
    assert time.monotonic() - began < 30.0
    assert "cooperative-tuned" in fitted.left_out_


def test_a_costly_one_comes_as_soon_as_there_is_an_answer():
    """The quick ones that wait would take 35 s of the 60."""
    table, _schema = tickets(200)
    fitted = automatic({"columns": Sleeper(0.0), "text-tfidf": Sleeper(0.0)}, 60.0)
    fitted.costly = [("cooperative-tuned", Oracle(table, seconds=20.0))]
    clock = Clock(60.0, fits=1, measured={"text-tfidf": (7.0, 160), "columns": (0.1, 160)})
    with ends_with(clock):
        fitted.fit(table, table["mood"])
    assert [trial["name"] for trial in fitted.trials_][:2] == ["columns", "cooperative-tuned"]


@pytest.mark.parametrize(("texts_right", "order"), [(True, 2), (False, 3)])
def test_where_columns_say_more_than_texts_a_costly_reader_waits(texts_right, order):
    table, _schema = tickets(200)
    good = (table["mood"] == "good").astype(float)
    right, wrong = good * 0.8 + 0.1, 0.6 - good * 0.2
    reader, other = (right, wrong) if texts_right else (wrong, right)
    pool = {"columns": Sleeper(0.0, other), "text-tfidf": Reader(0.0, reader), "columns+forest": Sleeper(0.0, other)}
    fitted = automatic(pool, 60.0)
    fitted.costly = [("cooperative-tuned", Oracle(table))]
    fitted.fit(table, table["mood"])
    assert [trial["name"] for trial in fitted.trials_][order] == "cooperative-tuned"


def test_of_a_costly_one_that_can_be_fitted_once_only_the_model_of_a_fold_is_kept(monkeypatch):
    """4 s on four fifths of the rows, 5 s on all: 7 s are enough for one of them."""
    monkeypatch.setattr(choice_of, "SHORT", 1.0)
    table, _schema = tickets(200)
    good = (table["mood"] == "good").astype(float) * 0.8 + 0.1

    def made(budget, seconds_per_row=0.025):
        fitted = automatic({"columns": Sleeper(0.0)}, budget)
        fitted.costly = [("cooperative-tuned", Slow(seconds_per_row, good))]
        return fitted

    fitted = made(7.0).fit(table, table["mood"])
    assert fitted.trials_[-1]["kept"]
    assert "no time to train “cooperative-tuned” again on all rows" in str(fitted.rule())
    assert "80%" in str(fitted.rule())
    assert fitted.best_.n_rows_ == 160
    again = as_before(made(7.0), fitted.trials_).fit(table, table["mood"])
    assert again.best_.n_rows_ == 160
    assert made(60.0, 0.001).fit(table, table["mood"]).best_.n_rows_ == 200


def test_one_that_is_clearly_behind_is_given_up_after_one_fold():
    table, _schema = tickets(200)
    good = (table["mood"] == "good").astype(float)
    pool = {"columns": Sleeper(0.0, good * 0.8 + 0.1), "text-tfidf": Sleeper(0.0, 0.9 - good * 0.8)}
    fitted = automatic(pool, 60.0).fit(table, table["mood"])
    assert fitted.trials_[-1] | {"seconds": 0, "score": 0} == {
        "name": "text-tfidf", "score": 0, "seconds": 0, "folds": 1, "behind": True
    }  # fmt: skip
    assert "Given up after one fold, clearly behind: text-tfidf" in str(fitted.rule())
    assert fitted.chosen_ == {"columns": 1.0}


def test_every_row_is_scored_by_a_choice_it_had_no_part_in():
    table, schema = tickets(200)
    fitted = made(table, schema, budget_seconds=20.0).fit(table, table["mood"])
    assert fitted.held_out_.rows.tolist() == list(range(200))
    assert fitted.held_out_.said.shape == (200, 2)
    told = fitted.classes_[fitted.held_out_.said.argmax(axis=1)] == table["mood"].to_numpy()
    fresh = fitted.predict(tickets(400)[0].iloc[200:]) == tickets(400)[0]["mood"].iloc[200:].to_numpy()
    assert abs(told.mean() - fresh.mean()) < 0.1


class Dawdler(Sleeper):
    """Half a second for each of 120 steps, of which it tells."""

    def fit(self, X, y):
        for step in range(120):
            time.sleep(0.5)
            report_progress(step + 1, 120)
        return super().fit(X, y)

    def estimate_seconds(self, X, y):
        return 1.0


class Reader(Sleeper):
    """It reads texts."""

    def leak_badge(self):
        return "fitted-in-fold"


class Slow(Reader):
    """It says how long it takes."""

    def fit(self, X, y):
        self.n_rows_ = len(X)
        return super().fit(X, y)

    def estimate_seconds(self, X, y):
        return self.seconds_per_row * len(X)


class FullOnly(Slow):
    """It can be fitted on a part of the rows only."""

    def fit(self, X, y):
        if len(X) > 180 or "rare" in y:
            raise RuntimeError("Too many rows.")
        return super().fit(X, y)


class BrokenReader(Slow):
    def fit(self, X, y):
        raise ValueError("Input X contains infinity.")
