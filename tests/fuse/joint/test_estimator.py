"""Encoder, columns and head trained together: every choice learns, repeats, stops in time and can be kept."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.base import clone
from sklearn.utils.estimator_checks import check_estimator

from core import names
from core.bundles import bundle
from core.compare.comparison import compare
from core.compare.files.curves import curve_of
from core.compare.prepare import prepare
from core.encode.batches import loss_listener, progress_listener, report_loss
from core.encode.finetuning import checkpoints
from core.encode.finetuning.encoder import fingerprint
from core.explain.shapley.column_game import Game
from core.explain.shapley.values import shares
from core.explain.text.owen import open_text
from core.fuse.candidates import build
from core.fuse.joint.estimator import Joint
from core.fuse.joint.fitting import split
from core.fuse.joint.heads import HEADS
from core.fuse.joint.operators import OPERATORS
from core.fuse.setting import Setting, Skipped
from core.jobs.context import Context
from core.messages import Cancelled, UnknownChoice
from core.plan import EncoderChoice, Plan, Validation
from core.results.comparison import candidate_folder
from core.results.soft_tree import SoftTree, read_tree
from core.results.training_curves import read_curves
from core.run_jobs import keeper
from core.workspace import Workspace
from tests.fuse.tables import column, tickets
from tests.fuse.test_estimator_checks import NAMES, WIDER

ROLES = {"text": "text", "hours": "number", "city": "category", "day": "date"}


def mood(n: int = 60, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    frame, _schema = tickets(n, seed)
    return frame[list(ROLES)], frame["mood"].to_numpy(dtype=object)


def joint(**settings) -> Joint:
    return Joint(**{"columns": ROLES, "method": "top", "epochs": 1, "threads": 2, "task": "binary", **settings})


def urgent(n: int, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """One of two words decides; hours never vary."""
    X, _y = mood(n, seed)
    yes = np.random.default_rng(seed).random(n) < 0.5
    X = X.assign(text=np.where(yes, "urgent ", "calm ") + X["text"].fillna("").astype(str), hours=3.0)
    return X, np.where(yes, "yes", "no")


@pytest.mark.parametrize("head", list(HEADS))
@pytest.mark.parametrize("fusion", list(OPERATORS))
def test_every_operator_and_head_trains_encoder_and_tower(fusion, head):
    estimator = joint(fusion=fusion, head=head, method="all")
    body, aim = estimator._parts(*estimator._taken(*mood(12)))
    places = np.arange(12)
    given = (body.states if aim.needs_states else body.rows)(places.tolist())
    loss = aim.loss(given, places)
    working = [pair.working for pair in body.pairs]
    found = torch.autograd.grad(loss, [*working, *aim.parameters()])
    assert all(bool(torch.isfinite(gradient).all()) for gradient in found)
    reached = [bool(gradient.abs().max() > 0) for gradient in found]
    lowest = [number for number, pair in enumerate(body.pairs) if pair.working.ndim == 2][2]  # of the first layer
    assert reached[lowest]
    assert np.mean(reached[len(working) :]) > 0.8


@pytest.mark.parametrize("task", ["binary", "regression"])
@pytest.mark.parametrize("head", list(HEADS))
@pytest.mark.parametrize("fusion", list(OPERATORS))
def test_every_operator_and_head_fits_and_predicts(fusion, head, task):
    X, y = mood()
    if task == "regression":
        y = 100 + 5 * (y == "good") + np.arange(60) / 60
    fitted = joint(fusion=fusion, head=head, task=task).fit(X, y)
    prediction, probabilities = fitted.predict_both(X.iloc[::-1])
    assert len(fitted.validation_) == 1
    if task == "regression":
        assert probabilities is None
        assert 90 < prediction.mean() < 115
        return
    assert set(prediction) <= {"good", "bad"}
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    assert (fitted.classes_[probabilities.argmax(axis=1)] == prediction).all()
    assert (fitted.tree() is not None) == (head == "tree")


def test_a_tree_learns_the_word_that_decides_and_shows_it_at_the_root():
    fitted = joint(head="tree", method="all", epochs=6).fit(*urgent(120))
    new, truth = urgent(60, seed=1)
    assert np.mean(fitted.predict(new) == truth) >= 0.95
    tree = fitted.tree()
    assert isinstance(tree, SoftTree)
    assert (tree.depth, len(tree.nodes), len(tree.leaves)) == (4, 15, 16)
    assert sum(leaf.share for leaf in tree.leaves) == pytest.approx(1, abs=1e-4)
    assert all(sum(leaf.probabilities) == pytest.approx(1, abs=1e-4) for leaf in tree.leaves)
    assert {sign.name for sign in tree.nodes[0].words[:2]} == {"urgent", "calm"}
    assert not [sign for sign in tree.nodes[0].columns if sign.name == "hours"]


@pytest.mark.slow
def test_columns_alone_decide_where_they_do():
    chance = np.random.default_rng(0)
    X = pd.DataFrame({"text": ["the same words"] * 240, "size": chance.normal(0, 1, 240)})
    y = np.where(np.abs(X["size"]) < 0.6, "middle", "edge")  # no line can tell these apart
    fitted = joint(columns={"text": "text", "size": "number"}, epochs=30).fit(X, y)
    assert np.mean(fitted.predict(X) == y) >= 0.9


def test_the_same_seed_gives_the_same_result_and_clones_are_fresh():
    X, y = mood()
    first, again, other = (joint(seed=seed).fit(X, y) for seed in (0, 0, 1))
    assert (first.predict_proba(X) == again.predict_proba(X)).all()
    assert fingerprint(first.encoder_.weights_) == fingerprint(again.encoder_.weights_)
    assert fingerprint(first.weights_) == fingerprint(again.weights_)
    assert fingerprint(first.weights_) != fingerprint(other.weights_)
    assert clone(first).get_params() == first.get_params()
    assert not hasattr(clone(first), "weights_")
    flow = first.flow(X)
    assert (flow.n_rows, flow.width, flow.n_columns, flow.n_steps) == (len(X), 384, 3, len(first.losses_))
    assert flow.n_trained == sum(values.size for values in first.encoder_.weights_.values())
    assert flow.n_parameters > 384


def test_gaps_everywhere_are_fine():
    X, y = mood()
    X.loc[::2, "text"] = None
    X.loc[1::3, ["hours", "city", "day"]] = None
    fitted = joint().fit(X, y)
    empty = pd.DataFrame({name: [None] for name in ROLES})
    assert np.isfinite(fitted.predict_proba(empty)).all()


def test_text_alone_and_several_texts():
    X, y = mood()
    alone = joint(columns={"text": "text"}, fusion="cross").fit(X, y)
    assert list(alone.text_encoders()) == ["text"]
    assert alone.columns_ == ["text"]
    X = X.assign(long_story=X["text"].fillna("") + " and so on, for ever and ever")
    two = joint(columns={"long_story": "text", "text": "text"}).fit(X, y)
    assert two.predict(X).shape == (60,)
    assert two._texts(X.iloc[1:2])[0].startswith("text: ")
    assert "\nlong story: " in two._texts(X.iloc[1:2])[0]
    assert list(two.text_encoders()) == [""]


def test_rare_classes_weigh_more_when_asked():
    X, _y = mood()
    y = np.where(np.arange(60) % 10 == 0, "rare", "usual")
    estimator = joint(balanced=True)
    _body, aim = estimator._parts(*estimator._taken(X, y))
    weights = aim.weights.numpy()
    assert weights[y == "rare"] == pytest.approx(60 / (2 * 6))
    assert weights[y == "usual"] == pytest.approx(60 / (2 * 54))
    assert weights.sum() == pytest.approx(60)
    plain, balanced = (joint(balanced=one, epochs=2).fit(X, y).predict_proba(X)[:, 0].mean() for one in (False, True))
    assert balanced > plain + 0.1


def test_the_weights_of_the_best_epoch_are_kept_and_training_ends_early():
    X, y = mood(80)
    noise = np.random.default_rng(3).permutation(y)  # nothing to learn: the loss on rows held back only rises
    fitted = joint(epochs=12).fit(X, noise)
    assert len(fitted.validation_) < 12
    estimator = clone(fitted)
    taken, codes = estimator._taken(X, noise)
    train, held = split(codes, "binary", 0)
    assert len(held) == 10
    assert not set(train) & set(held)
    scores = fitted._scores(taken.iloc[held])
    kept = float(np.mean(np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(10), codes[held]]))
    assert kept == pytest.approx(min(fitted.validation_), abs=0.02)  # weights are kept in 16 bits


def test_it_tells_how_far_it_is_and_how_training_goes():
    heard, seen = [], []
    with (
        progress_listener(lambda done, total: heard.append(done / total)),
        loss_listener(lambda *point: seen.append(point)),
    ):
        fitted = joint(epochs=2).fit(*mood())
    assert heard == sorted(heard)
    assert [step for step, *_rest in seen] == list(range(1, len(fitted.losses_) + 1))
    assert [validation for *_rest, validation in seen if validation is not None] == fitted.validation_

    def stop(done, total):
        raise Cancelled("stop")

    with progress_listener(stop), pytest.raises(Cancelled):
        joint().fit(*mood())


def test_a_training_that_was_cut_off_goes_on_at_its_last_epoch(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoints, "SECONDS", 0.0)
    X, y = mood()
    whole = joint(epochs=3).fit(X, y)
    per_epoch, file = len(whole.losses_) // 3, tmp_path / "training" / "0.safetensors"

    def stop(done, total):
        if done == 2 * per_epoch + 1:
            raise Cancelled("stop")

    with progress_listener(stop), pytest.raises(Cancelled), checkpoints.checkpoint_to(file):
        joint(epochs=3).fit(X, y)
    assert file.is_file()
    told = []
    with checkpoints.checkpoint_to(file), progress_listener(lambda done, total: told.append(done)):
        resumed = joint(epochs=3).fit(X, y)
    assert told[0] == 2 * per_epoch + 1
    assert resumed.losses_ == whole.losses_
    assert fingerprint(resumed.weights_) == fingerprint(whole.weights_)
    assert fingerprint(resumed.encoder_.weights_) == fingerprint(whole.encoder_.weights_)
    assert not file.exists()

    with progress_listener(stop), pytest.raises(Cancelled), checkpoints.checkpoint_to(file):
        joint(epochs=3).fit(X, y)
    told.clear()
    with checkpoints.checkpoint_to(file), progress_listener(lambda done, total: told.append(done)):
        joint(epochs=3, seed=1).fit(X, y)  # another training: what lies there is not its own
    assert told[0] == 1


@pytest.mark.parametrize("settings", [{}, {"task": "regression"}, {"head": "tree"}])
def test_a_training_too_small_to_hold_rows_back_goes_on_after_every_cut(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoints, "SECONDS", 0.0)
    X, y = mood(39)
    y = X["hours"].fillna(0.0).to_numpy() if "task" in settings else y
    made = joint(epochs=4, **settings)
    whole = clone(made).fit(X, y)
    assert whole.validation_ == []
    per_epoch, file, told = len(whole.losses_) // 4, tmp_path / "0.safetensors", []

    def stop_after(steps: int):
        def heard(done, total):
            told.append(done)
            if done == steps + 1:
                raise Cancelled("stop")

        return heard

    for epoch in (1, 2, 3):  # each time it goes on, is kept again, and is cut off again
        told.clear()
        with (
            progress_listener(stop_after(epoch * per_epoch)),
            pytest.raises(Cancelled),
            checkpoints.checkpoint_to(file),
        ):
            clone(made).fit(X, y)
        assert told[0] == (epoch - 1) * per_epoch + 1
    with checkpoints.checkpoint_to(file):
        resumed = clone(made).fit(X, y)
    assert resumed.losses_ == whole.losses_
    assert fingerprint(resumed.weights_) == fingerprint(whole.weights_)
    assert fingerprint(resumed.encoder_.weights_) == fingerprint(whole.encoder_.weights_)


def test_an_estimate_grows_with_the_rows():
    X, y = mood(400)
    few, many = joint().estimate_seconds(X.head(50), y[:50]), joint().estimate_seconds(X, y)
    assert 0 < few < many


@pytest.mark.parametrize("name", ["joint+svm", "joint+tree@cross"])
def test_a_kept_candidate_predicts_the_same(name, tmp_path):
    frame, schema = tickets(60)
    X = frame[list(ROLES)]
    fitted = build(name, Setting(schema, Plan(target="mood"), "binary", threads=2)).set_params(epochs=1)
    fitted.fit(X, frame["mood"])
    manifest = bundle.save(fitted, tmp_path / "kept", name=name, target="mood", schema=schema, rows=X)
    assert {"weights/1.safetensors", "weights/2.safetensors"} <= set(manifest.files)
    opened = bundle.load(tmp_path / "kept").pipeline
    np.testing.assert_array_equal(opened.predict_proba(X), fitted.predict_proba(X))
    assert opened.tree() == fitted.tree()
    assert (tmp_path / "kept" / "pipeline.skops").stat().st_size < 100_000  # no weights in there


def test_a_comparison_writes_curves_and_the_tree(tmp_path):
    table, schema = tickets(44)
    context = Context(Workspace(tmp_path / "home"), "me", "job", tmp_path / "run", threads=2)
    plan = Plan(target="mood", candidates=["joint+tree@top"], validation=Validation(kind="holdout"))
    result = compare(table, schema, plan, context.folder, context, keep=keeper("mood", 0))
    assert result.candidates[0].status == "ok"
    assert result.candidates[0].leak_badge == "fitted-in-fold"
    folder = candidate_folder(context.folder, "joint+tree@top")
    curves = read_curves(folder)
    assert [curve.fold for curve in curves.folds] == ["0", "all"]
    for curve in curves.folds:
        assert [point.step for point in curve.points] == sorted({point.step for point in curve.points})
    assert any(point.validation is not None for point in curves.folds[-1].points)  # 44 rows: some are held back
    assert read_tree(folder) == bundle.load(folder / "bundle").pipeline.tree()
    assert read_curves(tmp_path).folds == []
    assert read_tree(tmp_path) is None


def test_a_curve_goes_on_where_its_training_does(tmp_path):
    for first, last in ((1, 4), (3, 6)):
        with curve_of(tmp_path, "0"):
            for step in range(first, last + 1):
                report_loss(step, 6, float(last))
    points = read_curves(tmp_path).folds[0].points
    assert [(point.step, point.train) for point in points] == [(1, 4), (2, 4), (3, 6), (4, 6), (5, 6), (6, 6)]


@pytest.mark.parametrize("fusion", ["concat", "cross"])
def test_a_prediction_can_be_opened_into_columns_and_words(fusion):
    X, y = mood()
    fitted = joint(fusion=fusion).fit(X, y)
    game = Game(lambda frame: fitted.predict_proba(frame)[:, 0], X.iloc[[1]], X.iloc[10:14])
    found = shares(game.values, 4)
    assert found.base + found.values.sum() == pytest.approx(found.output, abs=1e-6)
    parts = open_text(game, "text", float(found.values[0]), "en", seed=0, texts=20)
    assert sum(part.value for part in parts) == pytest.approx(found.values[0], abs=1e-6)


def test_names_heads_and_reasons():
    frame, schema = tickets(40)
    label = names.label("joint:minilm+tree@cross-top", task="binary")
    assert str(label) == "Joint · MiniLM (English) · soft tree · cross-attention · top layers only"
    with pytest.raises(UnknownChoice, match="no head called “boosting”"):
        names.parse("joint+boosting")
    with pytest.raises(UnknownChoice, match="no variant “pairs”"):
        names.parse("joint@pairs")
    setting = Setting(schema, Plan(target="mood"), "binary")
    made = build("joint+forest@gated-lora", setting)
    assert (made.fusion, made.head, made.method, made.model) == ("gated", "forest", "lora", "minilm")
    plain = schema.model_copy(update={"columns": [one for one in schema.columns if one.role != "text"]})
    no_text = build("joint", Setting(plain, Plan(target="mood"), "binary"))
    assert isinstance(no_text, Skipped)
    assert "no text column" in str(no_text.reason)
    other = Plan(target="mood", encoders={"text": EncoderChoice(name="tfidf")})
    assert "can't be trained" in str(build("joint", Setting(schema, other, "binary")).reason)
    chinese = schema.model_copy(update={"columns": [*schema.columns, column("menu", "text", "zh")]})
    assert build("joint", Setting(chinese, Plan(target="mood"), "binary")).model == "e5"
    assert prepare(frame, schema, Plan(target="mood")).task == "binary"


SUMS = dict.fromkeys(
    ("check_methods_subset_invariance", "check_methods_sample_order_invariance"),
    "a network adds up in 32 bits, in another order for another number of rows",
)


@pytest.mark.parametrize(("task", "expected"), [("multiclass", WIDER | NAMES), ("regression", WIDER | SUMS)])
@pytest.mark.filterwarnings("ignore")
def test_what_scikit_learn_asks_of_an_estimator(task, expected):
    found = check_estimator(Joint(task=task, epochs=40), expected_failed_checks=expected, on_skip=None)
    assert len([one for one in found if one["status"] == "passed"]) >= 30
    assert {one["check_name"] for one in found if one["status"] == "xfail"} <= set(expected)
