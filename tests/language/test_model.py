"""A model read token by token says what one pass says."""

import numpy as np
import pytest
import torch

from core.catalog.language_models import ARCHITECTURES, Architecture
from core.language import model as models
from core.language.model import Neural
from core.language.networks.build import build
from core.language.tokens import Tokens

READERS = ["article", "transformer", "lstm"]
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
