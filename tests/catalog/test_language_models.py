"""What the catalogue says of each network before it is built, and that none sees the future."""

import pytest
import torch
from torch.nn import functional

from core.catalog.language_models import ARCHITECTURES, Architecture, memory_bytes, n_parameters
from core.language.networks.build import build
from tests.language.test_model import network

NETWORKS = [name for name in ARCHITECTURES if name != "ngram"]
READERS = ["article", "transformer", "lstm"]
PAIRED = ["encoder-decoder", "lstm-encoder-decoder"]
VOCABULARY = 300


def small(name, **changed):
    a = ARCHITECTURES[name]
    shape = {"width": 32, "heads": 4, "feed_forward": 64, "context": 16} | changed
    return Architecture(**{**a.__dict__, **shape})


def pairs(n=2, read=9, written=7):
    drawn = torch.Generator().manual_seed(1)
    source = torch.randint(1, VOCABULARY, (n, read), generator=drawn)
    real = torch.ones(n, read, dtype=torch.bool)
    real[1:, read - 3 :] = False
    return source, real, torch.randint(1, VOCABULARY, (n, written), generator=drawn)


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
