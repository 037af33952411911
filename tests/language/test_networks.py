"""The networks against torch's own, against themselves read another way, and against what they promise."""

import numpy as np
import pytest
import torch
from pydantic import BaseModel
from torch import nn
from torch.nn import functional

from core.catalog.language_models import ARCHITECTURES, Architecture, memory_bytes, n_parameters
from core.language import model as models
from core.language.model import Neural
from core.language.networks.attention import MultiHeadAttention, attention, causal, rotary, rotated, sinusoidal
from core.language.networks.build import build
from core.language.networks.lstm import by_formula
from core.language.saved_models import load, save
from core.language.tokens import Tokens
from core.messages import UnreadableFile, UnusableData

NETWORKS = [name for name in ARCHITECTURES if name != "ngram"]
READERS = ["article", "transformer", "lstm"]
PAIRED = ["encoder-decoder", "lstm-encoder-decoder"]
VOCABULARY = 300


@pytest.fixture(scope="module")
def tokens():
    return Tokens.train("bpe", ["the cat sat on the mat and the dog sat on the log"] * 4, VOCABULARY)


def small(name, **changed):
    a = ARCHITECTURES[name]
    shape = {"width": 32, "heads": 4, "feed_forward": 64, "context": 16} | changed
    return Architecture(**{**a.__dict__, **shape})


def network(name, vocabulary=VOCABULARY, **changed):
    torch.manual_seed(0)
    made = build(small(name, **changed), vocabulary).eval()
    with torch.no_grad():
        for weight in made.parameters():  # far from the start, so that nothing is small by chance
            weight.add_(torch.randn_like(weight) * 0.2)
    return made


def pairs(n=2, read=9, written=7):
    drawn = torch.Generator().manual_seed(1)
    source = torch.randint(1, VOCABULARY, (n, read), generator=drawn)
    real = torch.ones(n, read, dtype=torch.bool)
    real[1:, read - 3 :] = False
    return source, real, torch.randint(1, VOCABULARY, (n, written), generator=drawn)


def test_attention_is_torchs():
    query, key, value = torch.randn(3, 2, 4, 6, 8).unbind(0)
    visible = causal(6, 6)
    mixed, weights = attention(query, key, value, visible)
    torch.testing.assert_close(mixed, functional.scaled_dot_product_attention(query, key, value, attn_mask=visible))
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 4, 6))


def test_multi_head_attention_is_torchs():
    ours, theirs = MultiHeadAttention(32, 4), nn.MultiheadAttention(32, 4, bias=False, batch_first=True)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([ours.query.weight, ours.key.weight, ours.value.weight]))
        theirs.out_proj.weight.copy_(ours.output.weight)
    x, memory = torch.randn(2, 5, 32), torch.randn(2, 7, 32)
    seen = []
    expected, weights = theirs(x, memory, memory, average_attn_weights=False)
    torch.testing.assert_close(ours(x, *ours.keys_values(memory)), expected)
    torch.testing.assert_close(ours(x, *ours.keys_values(memory), seen=seen), expected)
    torch.testing.assert_close(seen[0], weights)


def test_rotary_positions_depend_on_distances_only():
    query, key = torch.randn(2, 1, 1, 10, 8).unbind(0)

    def scores(shift):
        turns = rotary(torch.arange(10) + shift, 8)
        return rotated(query, turns) @ rotated(key, turns).transpose(-2, -1)

    torch.testing.assert_close(scores(0), scores(37), atol=1e-4, rtol=1e-4)
    assert (scores(0) - query @ key.transpose(-2, -1)).abs().max() > 0.1


def test_sinusoidal_positions_by_hand():
    waves = sinusoidal(torch.arange(3), 4)
    expected = [np.sin(2), np.cos(2), np.sin(2 / 100), np.cos(2 / 100)]  # position 2, width 4: 10000^(2/4) = 100
    np.testing.assert_allclose(waves[2], expected, atol=1e-6)


def test_the_cell_by_formula_is_torchs_lstm():
    lstm = nn.LSTM(6, 6, 2, batch_first=True)
    x = torch.randn(3, 5, 6)
    torch.testing.assert_close(by_formula(lstm, x)[-1], lstm(x)[0])


@pytest.mark.parametrize("name", READERS)
def test_no_future_token_changes_an_earlier_logit(name):
    made = network(name)
    ids = torch.arange(1, 13)[None]
    changed = ids.clone()
    changed[0, 7] = 99
    with torch.no_grad():
        before, after = made(ids), made(changed)
    assert torch.equal(before[:, :7], after[:, :7])
    assert not torch.allclose(before[:, 7:], after[:, 7:])


@pytest.mark.parametrize("name", PAIRED)
def test_no_future_token_changes_what_a_decoder_said_before(name):
    made = network(name)
    source, real, target = pairs()
    changed, other_filling = target.clone(), source.clone()
    changed[:, 4] = 99
    other_filling[~real] = 7
    with torch.no_grad():
        before, after = made(source, real, target), made(source, real, changed)
        filled = made(other_filling, real, target)
    assert torch.equal(before[:, :4], after[:, :4])
    assert not torch.allclose(before[:, 4:], after[:, 4:])
    torch.testing.assert_close(before, filled)


@pytest.mark.parametrize("name", PAIRED)
def test_a_decoder_that_remembers_says_what_it_says_in_one_pass(name):
    made = network(name)
    source, real, target = pairs()
    with torch.no_grad():
        whole = made(source, real, target)
        read, memory, found = made.read(source, real), (), []
        for token in target.unbind(1):
            logits, memory = made.advance(token[:, None], memory, read)
            found.append(logits)
    torch.testing.assert_close(torch.cat(found, dim=1), whole, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("n", [5, 16, 17, 24, 25, 41])
def test_step_by_step_says_what_one_pass_says(name, n, tokens):
    made = Neural(network(name, tokens.size), tokens, 16)
    ids = np.random.default_rng(0).integers(0, tokens.size, n).astype(np.int32)
    whole = made.log_probabilities(ids)
    state, found = made.start(), []
    for token in ids:
        following, state = made.step(state, int(token))
        found.append(following)
    np.testing.assert_allclose(np.stack(found), whole, atol=2e-4)
    np.testing.assert_allclose(models.read(made, ids)[0], whole[-1], atol=2e-4)
    np.testing.assert_allclose(np.exp(whole).sum(axis=1), 1, atol=1e-4)


@pytest.mark.parametrize("name", READERS)
def test_states_stay_as_they_were_and_go_side_by_side(name, tokens):
    made = Neural(network(name, tokens.size), tokens, 16)
    _, short = made.read(np.array([0, 5, 6]))
    _, long = made.read(np.array([0, 5, 6, 7]))
    alone = [made.step(state, token)[0] for state, token in ((short, 8), (long, 9), (short, 10))]
    together, _ = models.steps(made, [short, long, short], [8, 9, 10])
    np.testing.assert_allclose(together, np.stack(alone), atol=1e-5)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("tied", [True, False])
def test_the_count_before_the_start_is_the_networks(name, tied):
    a = small(name, tied=tied, width=48)
    assert sum(weight.numel() for weight in build(a, 321).parameters()) == n_parameters(a, 321)
    if tied:
        a = ARCHITECTURES[name]
        assert sum(weight.numel() for weight in build(a, 1000).parameters()) == n_parameters(a, 1000)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_memory_before_the_start_is_about_what_training_takes(name):
    a = Architecture(**{**ARCHITECTURES[name].__dict__, "batch": 4, "context": 64})
    made = build(a, 1000).train()
    weights = sum(weight.numel() for weight in made.parameters())
    own = {weight.data_ptr() for weight in made.parameters()}
    kept = {}

    def keep(part):
        if part.data_ptr() not in own:
            kept[part.untyped_storage().data_ptr()] = part
        return part

    ids = torch.randint(1000, (a.batch, a.context))
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda part: part):
        logits = made(ids, torch.ones_like(ids, dtype=torch.bool), ids) if name in PAIRED else made(ids)
        functional.cross_entropy(logits.flatten(0, 1), ids.flatten())
    bytes_kept = sum(part.untyped_storage().nbytes() for part in kept.values())
    taken = bytes_kept + 2 * 4 * logits.numel() + 4 * 4 * weights  # logits and their gradient; AdamW's four
    assert memory_bytes(a, 1000) == pytest.approx(taken, rel=0.2)


class Card(BaseModel):
    name: str = "small"


@pytest.mark.parametrize("name", READERS)
def test_what_is_saved_comes_back(name, tokens, tmp_path):
    made = Neural(network(name, tokens.size), tokens, 16)
    save(tmp_path / "one", made, Card(), small(name))
    again = load(tmp_path / "one")
    ids = tokens.document("the dog sat on the cat")
    np.testing.assert_array_equal(again.log_probabilities(ids), made.log_probabilities(ids))
    assert again.context == 16


def test_a_model_that_is_not_there_or_damaged_is_said(tokens, tmp_path):
    with pytest.raises(UnusableData, match="no language model “lstm”"):
        load(tmp_path / "lstm")
    save(tmp_path / "one", Neural(network("lstm", tokens.size), tokens, 16), Card(), small("lstm"))
    weights = tmp_path / "one" / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(UnreadableFile, match="missing or damaged"):
        load(tmp_path / "one")
