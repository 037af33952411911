"""Attention adds up, the model that tells it is the one that predicts, and rollout follows its formula."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.encode.frozen import FrozenEncoder
from core.encode.inference import pooled
from core.explain.attention.rollout import Inside, Looked, pooled_rollout, rank_correlation, rollout, word_rollout
from core.job_params import AttentionParams, ExplainParams
from core.jobs import client
from core.messages import UnusableData
from core.results.explanations.attention import Attention
from core.results.explanations.rows import Explanation
from tests.pages import trained

TEXT = "An awful order, unbelievably late"


@pytest.fixture(scope="module")
def inside():
    return Inside(FrozenEncoder().fit([TEXT]))


def test_rollout_by_hand():
    # Two tokens, two layers of one head: first swaps, then looks at itself.
    swap, stay = np.array([[0.0, 1], [1, 0]]), np.eye(2)
    assert rollout(np.array([[swap], [stay]])) == pytest.approx(np.full((2, 2), 0.5))
    half = np.array([[1.0, 0], [0.5, 0.5]])
    assert rollout(np.array([[half], [half]])) == pytest.approx(np.array([[1, 0], [0.25 + 0.75 * 0.25, 0.75**2]]))


def test_pooling_decides_whose_rollout_it_is():
    together = np.array([[0.9, 0.1], [0.3, 0.7]])
    assert pooled_rollout(together, "first").tolist() == [0.9, 0.1]
    assert pooled_rollout(together, "last").tolist() == [0.3, 0.7]
    assert pooled_rollout(together, "mean") == pytest.approx([0.6, 0.4])


def test_every_token_shares_out_all_its_attention(inside):
    looked = inside.look(TEXT)
    assert looked.weights.shape[:2] == (6, 12)
    assert looked.weights.sum(axis=-1) == pytest.approx(1, abs=1e-5)
    assert looked.rollout().sum() == pytest.approx(1)
    assert not looked.causal
    assert looked.tokens[0] == "[CLS]"


def test_what_tells_its_attention_is_what_encodes(inside):
    ids = inside.loaded.tokenizer.encode(TEXT).ids
    with torch.inference_mode():
        states = inside.loaded.model(input_ids=torch.tensor([ids])).last_hidden_state
    row = pooled(states.numpy(), np.array([len(ids)]), "mean")[0]
    assert row @ FrozenEncoder().fit_transform([TEXT])[0] == pytest.approx(1, abs=1e-3)


def test_words_take_the_shares_of_their_tokens():
    spans = [(0, 0), (0, 4), (4, 7), (8, 12)]  # a mark, two pieces of a word, a word
    eye = np.eye(4)[None, None]
    looked = Looked(eye, ["[CLS]", "late", "ness", "hurt"], spans, 0, "mean", False)
    assert word_rollout(looked, [(0, 7), (8, 12)]) == pytest.approx([2 / 3, 1 / 3])
    assert word_rollout(looked, [(3, 7)], offset=5) == pytest.approx([1])


def test_a_token_between_two_words_counts_for_both_by_its_letters():
    looked = Looked(np.eye(3)[None, None], ["ab cd", "e", "[SEP]"], [(0, 5), (6, 7), (0, 0)], 0, "mean", False)
    # the first token's five letters: two in the one word, two in the other, and a space
    assert word_rollout(looked, [(0, 2), (3, 5)]) == pytest.approx([0.5, 0.5])
    assert word_rollout(looked, [(0, 1), (3, 7)]) == pytest.approx(np.array([0.2, 0.4 + 1]) / 1.6)
    assert word_rollout(looked, [(0, 1)], offset=6).tolist() == [1]
    assert word_rollout(looked, [(10, 12)]).tolist() == [0]


def test_ranks_are_compared_by_size():
    assert rank_correlation(np.array([0.2, 0.3, 0.5]), np.array([1.0, -1.0, 1.0])) is None
    assert rank_correlation(np.array([0.1, 0.2, 0.7]), np.array([3.0, -2.0, 1.0])) == pytest.approx(-1)
    assert rank_correlation(np.array([0.1, 0.2, 0.7]), np.array([-0.1, 0.5, -2.0])) == pytest.approx(1)
    assert rank_correlation(np.array([0.5, 0.5, 0.5]), np.array([1.0, 2, 3])) is None
    assert rank_correlation(np.array([0.4, 0.6]), np.array([1.0, 2])) is None


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return trained.moods(tmp_path_factory.mktemp("attention"), 80, ["cooperative:minilm", "columns"])


def look(home, **params) -> tuple[Attention, np.ndarray]:
    workspace, dataset, run = home
    wanted = AttentionParams(**{"run": run, "candidate": "cooperative:minilm", "row": 1} | params)
    folder = client.folder(workspace, trained.work(workspace, "attention", wanted, dataset))
    found = Attention.model_validate_json((folder / "attention.json").read_text())
    return found, np.load(folder / "attention.npy")


def test_a_row_is_looked_at_and_its_words_weighed(home):
    found, weights = look(home)
    n = len(found.tokens)
    assert weights.shape == (found.n_layers, found.n_heads, n, n)
    assert sum(word.rollout for word in found.words) == pytest.approx(1)
    assert all(word.effect is not None for word in found.words)
    assert found.correlation is not None
    assert -1 <= found.correlation <= 1


def test_a_kept_explanation_of_the_row_is_used(home):
    workspace, dataset, run = home
    params = ExplainParams(run=run, candidate="cooperative:minilm", rows=[1], seed=5)
    job = trained.work(workspace, "explain", params, dataset)
    kept = Explanation.model_validate_json((client.folder(workspace, job) / "explanation.json").read_text())
    parts = next(column for column in kept.rows[0].columns if column.name == "text").parts
    found, _weights = look(home, column="text", explanation=job)
    assert [word.effect for word in found.words] == [part.value for part in parts]


def test_a_typed_text_takes_the_place_of_the_rows(home):
    found, _weights = look(home, text=TEXT)
    assert found.typed
    assert [word.text for word in found.words] == TEXT.split()
    assert max(found.words, key=lambda word: abs(word.effect)).text in {"awful", "late"}


def test_without_a_transformer_it_says_why(home):
    with pytest.raises(UnusableData, match="no text with a Transformer"):
        look(home, candidate="columns")
