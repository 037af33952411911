"""What is chosen inside a fold is chosen on patients, times and texts that were not trained on.

Each test has the score that inner splits give and the score on patients never seen: when inner splits recognise
patients again, the first is near 1 and the second near .6.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from lightgbm import LGBMClassifier
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.svm import SVC, LinearSVC

from core.compare.comparison import compare
from core.compare.leaderboard_line import candidate_folder
from core.compare.prepare import prepare
from core.data.roles.columns import guess
from core.data.splits.inner import Dependence, inner_folds
from core.fuse import candidates
from core.fuse.assisted import advice_weight
from core.fuse.assisted.margins import BoostedMargins
from core.fuse.auto import portfolio
from core.fuse.auto.choice import Automatic
from core.fuse.candidate import Candidate
from core.fuse.columns import Numbers
from core.fuse.joint.estimator import Joint
from core.fuse.joint.fitting import split
from core.fuse.predictor import Predictor
from core.jobs.context import Context
from core.models.calibrated import Calibrated
from core.models.factory import build as build_model
from core.plan import Plan, Search, Validation
from core.workspace import Workspace
from tests.fuse.advisers import hinted, parent
from tests.fuse.tables import patients

READINGS = ["pulse", "pressure", "weight"]
NOISE = 0.17  # two standard errors of a share among 40 patients, about


def readings(seed: int = 0, n_patients: int = 40) -> tuple[pd.DataFrame, np.ndarray, Dependence]:
    table = patients(n_patients, seed=seed)[0].sample(frac=1, random_state=seed)  # as in a file that is in no order
    return table[READINGS], table["sick"].to_numpy(dtype=object), Dependence(pd.factorize(table["patient"])[0])


def in_order(seed: int) -> tuple[pd.DataFrame, np.ndarray, Dependence]:
    """The same, patient by patient: what comes later are other patients."""
    table, _schema = patients(seed=seed)
    return table[READINGS], table["sick"].to_numpy(dtype=object), Dependence(None, np.arange(400.0))


def by_model(name: str, search: dict | None = None, **settings) -> Candidate:
    features = ColumnTransformer([("numbers", Numbers(), READINGS)])
    return Candidate(features, build_model(name, "binary", settings), "binary", search)


def accuracy(fitted: Predictor, seed: int = 100) -> float:
    """On patients that nobody has seen."""
    X, y, _groups = readings(seed, 400)
    return float(np.mean(fitted.predict(X) == y))


def searched(dependence: Dependence | None, seed: int) -> tuple[float, float]:
    X, y, _bound = in_order(seed) if dependence is not None and dependence.times is not None else readings(seed)
    wanted = {"model": "tree", "trials": 4, "budget_seconds": None, "metric": "accuracy", "balanced": False}
    fitted = by_model("tree", {**wanted, "seed": seed, "threads": 1, "settings": {}}).fit(X, y, dependence)
    return max(trial["score"] for trial in fitted.trials_), accuracy(fitted)


def chosen(dependence: Dependence | None, seed: int) -> tuple[float, float]:
    X, y, _bound = in_order(seed) if dependence is not None and dependence.times is not None else readings(seed)
    fitted = Automatic([("tree", by_model("tree")), ("linear", by_model("linear"))], task="binary", seed=seed)
    fitted.fit(X, y, dependence)
    return max(trial["score"] for trial in fitted.trials_), accuracy(fitted.best_)


@pytest.mark.parametrize("work", [searched, chosen], ids=["search", "auto"])
def test_inner_and_outer_score_agree_unless_inner_folds_recognise_patients_again(work):
    inner, outer = np.mean([work(readings(seed)[2], seed) for seed in range(4)], axis=0)
    assert abs(inner - outer) < NOISE
    fooled, outer = np.mean([work(None, seed) for seed in range(4)], axis=0)
    assert fooled > 0.95
    assert outer < 0.75


@pytest.mark.parametrize("work", [searched, chosen], ids=["search", "auto"])
def test_by_time_inner_scores_come_from_later_rows(work):
    inner, outer = np.mean([work(in_order(seed)[2], seed) for seed in range(4)], axis=0)
    assert abs(inner - outer) < NOISE


def test_advice_that_recognises_patients_again_is_not_followed_unless_inner_folds_split_them():
    table, y, bound = readings()
    table["size"] = np.random.default_rng(5).normal(size=len(table))
    make = BoostedMargins(parent("binary", "lightgbm", text=False), by_model("tree"), task="binary")
    honest = clone(make).fit(table, y, bound)
    fooled = clone(make).fit(table, y)
    new, truth, _bound = readings(100, 400)
    new["size"] = np.random.default_rng(6).normal(size=len(new))
    inner, outer = [], []
    for made in (honest, fooled):
        inner.append(next(point.loss for point in made.advice().trust.curve if point.trust == made.trust_))
        outer.append(advice_weight.losses(made.predict_proba(new), (truth == "yes").astype(int)).mean())
    assert honest.trust_ == 0 < fooled.trust_
    assert inner[0] == pytest.approx(outer[0], abs=0.1)
    assert inner[1] < outer[1] - 0.5


def test_calibrated_probabilities_are_as_sure_as_they_are_right_for_new_patients():
    """Margins of patients that were seen are large; a sigmoid fitted on them is too sure."""
    new, truth, _bound = readings(100, 400)
    surer = []
    for seed in range(3):
        X, y, bound = readings(seed)
        for dependence in (bound, None):
            fitted = Calibrated(SVC(C=100, gamma=1.0)).fit(X.to_numpy(), y, dependence)
            said = fitted.predict_proba(new.to_numpy())
            right = np.mean(fitted.classes_[said.argmax(axis=1)] == truth)
            surer.append(said.max(axis=1).mean() - right)
    honest, fooled = np.mean(surer[::2]), np.mean(surer[1::2])
    assert honest < 0.1
    assert fooled > honest + 0.1


def test_margins_that_say_nothing_about_new_patients_do_not_turn_predictions_round():
    """Held-out margins of groups point the wrong way by chance; a sigmoid that falls would reverse every class."""
    new = readings(100, 400)[0].to_numpy()
    upright = []
    for seed in range(8):
        X, y, bound = readings(seed)
        y = np.random.default_rng(seed).permutation(np.repeat(["no", "yes"], 20))[X.index.to_numpy() // 10]
        fitted = Calibrated(SVC(C=100, gamma=1.0)).fit(X.to_numpy(), y, bound)
        margins = fitted.estimator_.calibrated_classifiers_[0].estimator.decision_function(new)
        upright.append(np.corrcoef(margins, fitted.predict_proba(new)[:, 1])[0, 1] > 0)
    assert all(upright)


@pytest.mark.parametrize("k", [2, 3])
def test_calibration_by_groups_is_scikit_learns_on_the_same_folds(k):
    random = np.random.default_rng(0)
    X, groups = random.normal(size=(180, 4)), np.arange(180) // 3
    y = (X[:, 0] + random.normal(size=180) > 0).astype(int) + (k == 3) * (X[:, 1] > 0.7).astype(int)
    ours = Calibrated(LinearSVC()).fit(X, y, Dependence(groups))
    folds = inner_folds("multiclass", y, 0, 3, Dependence(groups))
    theirs = CalibratedClassifierCV(LinearSVC(), cv=folds, ensemble=False).fit(X, y)
    assert ours.predict_proba(X) == pytest.approx(theirs.predict_proba(X))


def test_classes_that_are_weighted_stay_so_when_groups_are_calibrated():
    """A sigmoid fitted without the weights would move the border back to where it was."""
    random = np.random.default_rng(0)
    y = (random.random(600) < 0.1).astype(int)
    X = random.normal(size=(600, 2)) + y[:, None]
    bound = Dependence(np.arange(600) // 3)
    plain, weighted = (
        Calibrated(SVC(class_weight=weight)).fit(X, y, bound).predict(X)[y == 1].mean() for weight in (None, "balanced")
    )
    assert weighted > plain + 0.2


def test_a_candidate_hands_groups_to_its_calibration():
    X, y, bound = readings()
    new = readings(100, 400)[0]
    grouped, plain = (by_model("svm-kernel", C=100.0).fit(X, y, given).predict_proba(new) for given in (bound, None))
    assert grouped.max(axis=1).mean() < plain.max(axis=1).mean() - 0.05


def test_a_joint_training_stops_by_patients_it_has_not_seen():
    codes = np.random.default_rng(0).integers(0, 2, 400)
    bound = readings()[2]
    train, held = split(codes, "binary", 0, bound)
    assert not set(bound.groups[train]) & set(bound.groups[held])
    assert 0 < len(held) < 100
    later = split(codes, "binary", 0, Dependence(None, np.arange(400.0)))
    assert later[0].max() < later[1].min()
    X, y, _bound = readings()
    make = Joint(dict.fromkeys(READINGS, "number"), task="binary", threads=1, epochs=60)
    fooled = clone(make).fit(X, y)
    honest = clone(make).fit(X, y, bound)
    assert min(fooled.validation_) < min(honest.validation_) - 0.05


@pytest.mark.parametrize("kind", [{"group": "patient"}, {"time": "visit"}], ids=["group", "time"])
def test_a_comparison_hands_groups_and_times_to_inner_folds(kind, tmp_path, monkeypatch):
    few = [entry for entry in portfolio.CONSIDERED if entry.name == "columns+extra-trees"]
    monkeypatch.setattr(candidates, "entries", lambda *, texts: few)
    monkeypatch.setattr(candidates, "COSTLY", ())
    context = Context(Workspace(tmp_path / "home"), "me", "job", tmp_path / "run", threads=1)
    table, schema = patients()
    names = ["columns+tree", "auto"]
    plan = Plan(
        target="sick",
        candidates=names,
        drop=["text"],
        search=Search(trials=2),
        validation=Validation(folds=2, **kind),
        model_settings={"extra-trees": {"n_estimators": 20}},
        bundles=False,
    )
    result = compare(table, schema, plan, context.folder, context)
    for name in names:
        assert result.candidate(name).status == "ok", result.candidate(name).reason
        notes = [
            json.loads((candidate_folder(context.folder, name) / "folds" / f"{fold}.json").read_text())
            for fold in range(2)
        ]
        inner = np.mean([max(trial["score"] for trial in note["trials"]) for note in notes])
        assert inner < 0.85, (name, inner)  # with patients recognised again: .95 and more


def test_rows_without_a_label_and_rows_of_a_test_file_leave_groups_in_place():
    table, schema = patients()
    table.loc[::7, "sick"] = None
    prepared = prepare(table, schema, Plan(target="sick", validation=Validation(group="patient", folds=3)))
    train = prepared.folds[0][0]
    X, y = prepared.training(train, True)
    bound = prepared.dependence_of(train, True)
    assert len(bound.groups) == len(X) == len(y)
    known = table[table["sick"].notna()].reset_index(drop=True)
    assert pd.Series(bound.groups[: len(train)]).groupby(known["patient"].to_numpy()[train]).nunique().max() == 1
    held = patients(10, seed=1)[0]
    plan = Plan(target="sick", validation=Validation(kind="test_file", group="patient"))
    prepared = prepare(table, schema, plan, held)
    train, _test = prepared.folds[0]
    assert len(np.unique(prepared.dependence_of(train, False).groups)) == 40


# Near-duplicates: every text stands there twice, told in other capitals


class ByHeart(Predictor):
    """Knows the texts it has seen, whatever their capitals, and says nothing of others."""

    columns = ("text",)

    def __init__(self, task: str = "binary") -> None:
        self.task = task

    def fit(self, X, y):
        self.columns_ = list(self.columns)
        codes = self._coded(y)
        self.known_ = dict(zip(X["text"].str.lower(), codes.tolist(), strict=True))
        return self

    def predict_both(self, X):
        later = np.array([{0: 0.001, 1: 0.999}.get(self.known_.get(text.lower()), 0.5) for text in X["text"]])
        said = np.column_stack([1 - later, later])
        return self.classes_[said.argmax(axis=1)], said


def doubled(n: int = 160) -> tuple[pd.DataFrame, np.ndarray]:
    """Each row twice, but for the capitals of its text."""
    X, y = hinted(n)
    twice = pd.concat([X, X.assign(text=X["text"].str.upper())], ignore_index=True)
    order = np.random.default_rng(1).permutation(2 * n)
    return twice.iloc[order].reset_index(drop=True), np.tile(y, 2)[order]


class Started(LGBMClassifier):
    """Boosting that remembers where it started."""

    def fit(self, X, y, init_score=None):
        self.start_ = init_score
        return super().fit(X, y, init_score=init_score)


def starting_points(X: pd.DataFrame, y: np.ndarray, monkeypatch) -> np.ndarray:
    """Log-odds that boosting starts from when such an adviser is fully trusted; 0: it did not know the row."""
    honest = advice_weight.chosen
    monkeypatch.setattr(advice_weight, "chosen", lambda tried: honest(tried).model_copy(update={"value": 1.0}))
    boosted = parent("binary", "lightgbm", text=False).set_params(model=Started(n_estimators=5, verbose=-1))
    made = BoostedMargins(boosted, ByHeart(), ["text"], "binary").fit(X, y)
    assert made.trust_ == 1
    return np.asarray(made.model_.start_)


def test_margins_of_rows_the_adviser_was_fitted_on_are_never_used(monkeypatch):
    """The planted fault: in-sample margins. The adviser then knows every label."""
    assert np.abs(starting_points(*hinted(160), monkeypatch)).max() == pytest.approx(0)


def test_margins_do_not_come_from_an_adviser_that_has_seen_a_near_duplicate(monkeypatch):
    """The planted fault: inner folds that split near-duplicates. The adviser then knows two labels of three."""
    assert np.abs(starting_points(*doubled(), monkeypatch)).max() == pytest.approx(0)


def test_the_advice_weight_is_not_chosen_on_near_duplicates():
    """Labels are dealt out anew, each copy with its row: an adviser that knows the other copy knows nothing else."""
    X, _y = doubled()
    labels = dict(zip(sorted(set(X["text"].str.lower())), np.tile(["class 0", "class 1"], 80), strict=True))
    y = np.asarray([labels[text] for text in X["text"].str.lower()], dtype=object)
    made = BoostedMargins(parent("binary", "lightgbm", text=False), ByHeart(), ["text"], "binary").fit(X, y)
    losses = [point.loss for point in made.advice().trust.curve]
    assert max(losses) - min(losses) < 0.01  # it had nothing to say of any row held back


def test_calibration_in_a_comparison_keeps_near_duplicates_together(tmp_path):
    """Texts of random labels, each there three times: sigmoids that were fitted on copies are nearly certain."""
    random = np.random.default_rng(0)
    words = [f"word{number}" for number in range(400)]
    texts = [" ".join(random.choice(words, 8)) for _row in range(80)]
    table = pd.DataFrame({"text": [text + mark for text in texts for mark in ("", "!", " .")]})
    table["mood"] = np.repeat(random.choice(["good", "bad"], 80), 3)
    table = table.sample(frac=1, random_state=0).reset_index(drop=True)
    schema = patients()[1].model_copy(
        update={"columns": [column.model_copy(update={"name": name, "role": role}) for column, name, role in zip(
            patients()[1].columns, ["text", "mood"], ["text", "target"], strict=False)]}
    )  # fmt: skip
    context = Context(Workspace(tmp_path / "home"), "me", "job", tmp_path / "run", threads=1)
    plan = Plan(target="mood", candidates=["text-tfidf+svm-linear"], validation=Validation(folds=3), bundles=False)
    result = compare(table, schema, plan, context.folder, context)
    assert result.candidates[0].status == "ok", result.candidates[0].reason
    said = pd.read_parquet(candidate_folder(context.folder, "text-tfidf+svm-linear") / "predictions.parquet")
    assert said[["probability_bad", "probability_good"]].max(axis=1).mean() < 0.7


def test_a_comparison_without_a_group_names_the_column_that_repeats():
    table, schema = patients()
    plan = Plan(target="sick", validation=Validation(folds=3))
    said = [str(message) for message in prepare(table, schema, plan).warnings]
    assert len(said) == 1
    assert "“patient” repeats (40 values, about 10 rows each)" in said[0]
    assert "--group patient" in said[0]
    asked = plan.model_copy(update={"validation": Validation(folds=3, group="patient")})
    assert prepare(table, schema, asked).warnings == []


# Fixed sentences: held back sentence by sentence, they say nothing about each other


def canned(n: int = 900, seed: int = 0) -> pd.DataFrame:
    """Thirty fixed sentences, each with a leaning of its own, over many rows."""
    random = np.random.default_rng(seed)
    words = [f"{first}{second}" for first in ["ba", "ke", "lo", "mi", "nu", "ra"] for second in ["ter", "san", "dol"]]
    texts = [" ".join(random.choice(words, 9)) for _one in range(30)]
    leaning = np.tile([0.9, 0.1], 15)
    which = random.integers(0, 30, n)
    solved = random.random(n) < leaning[which]
    minutes = random.normal(0, 1, n) + 0.3 * solved
    answer = np.where(solved, "yes", "no")
    return pd.DataFrame({"reply": np.asarray(texts)[which], "minutes": minutes, "solved": answer})


def test_fixed_sentences_are_a_category_and_keep_what_they_are_worth(tmp_path):
    table = canned()
    table.to_parquet(tmp_path / "table.parquet")
    schema = guess(tmp_path / "table.parquet", "solved")
    assert schema.column("reply").role == "category"
    context = Context(Workspace(tmp_path / "home"), "me", "job", tmp_path / "run", threads=1)
    plan = Plan(target="solved", candidates=["columns"], validation=Validation(folds=3), bundles=False)
    result = compare(table, schema, plan, context.folder, context)
    assert result.candidates[0].scores["accuracy"].mean > 0.8
    assert result.warnings == []
    as_text = plan.model_copy(update={"roles": {"reply": "text"}, "candidates": ["text-tfidf"]})
    read = compare(table, schema, as_text, context.folder.with_name("text"), context)
    assert read.candidates[0].scores["accuracy"].mean < 0.7  # no sentence was seen before
    assert "scores hold for texts never seen" in str(read.warnings[0])
    assert "--split-near-duplicates" in str(read.warnings[0])
