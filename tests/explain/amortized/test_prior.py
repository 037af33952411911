"""The network's first guess is the prior of the Bayesian regression: a prior that is ignored turns these red."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from core.explain.shapley.values import shares
from core.explain.text.owen import word_values
from core.explain.text.paired_regression import AS_ONE_OF_FEW, OTHERS, SURE, Prior, features
from tests.explain.text.test_paired_regression import mean_game

N = 8


class Words:
    """A game of eight words that costs as much as an encoder's, and remembers what it was asked."""

    cheap, words, text = False, None, "a b c d e f g h"
    spans = tuple((place, place + 1) for place in range(0, 2 * N, 2))
    game = SimpleNamespace(place=0)

    def __init__(self, seed: int = 2) -> None:
        self.worth, self.asked = mean_game(seed, n=N), []

    def values(self, coalitions: np.ndarray) -> np.ndarray:
        self.asked.append(coalitions)
        return self.worth(coalitions)

    def total(self) -> float:
        return float(np.subtract(*self.worth(np.array([[True] * N, [False] * N]))))

    def pairs(self) -> np.ndarray:
        """The coalitions whose opposites were asked for, too, in the order of asking."""
        first, *others = self.asked
        halves = [first[2 : 2 + (len(first) - 2) // 2], *(one[: len(one) // 2] for one in others)]
        return np.vstack(halves)


class Network:
    """A first guess, and how sure it is."""

    about = SimpleNamespace(enough=None)

    def __init__(self, guess: np.ndarray, prior: Prior) -> None:
        self.guess, self._prior = guess, prior

    def values(self, _text, _spans, _place, total: float) -> np.ndarray:
        return self.guess + (total - self.guess.sum()) / N

    def prior(self) -> Prior:
        return self._prior


def off(seed: int = 0, by: float = 0.5) -> np.ndarray:
    """A guess that is off by so much of a standard deviation."""
    return shares(mean_game(2, n=N), N, exact=N).values + np.random.default_rng(seed).normal(0, by, N)


def corrected(network: Network, *, texts: int = 18):
    words = Words()
    found = word_values(words, np.random.default_rng(0), texts=texts, narrow=0.0, learned=network)
    return words, found


def to_values() -> np.ndarray:
    """Shapley values of each feature's game, by their definition.  →  (words, features)"""
    games = [lambda shown, place=place: shown[:, place].astype(float) for place in range(N)]
    games += [
        lambda shown, place=place: (OTHERS + N) * shown[:, place] / (OTHERS + shown.sum(axis=1)) for place in range(N)
    ]
    return np.column_stack([shares(game, N, exact=N).values for game in games])


@pytest.mark.parametrize("spread", [1e-3, 0.1, 3.0])
@pytest.mark.parametrize("texts", [6, 18, 40])
def test_the_values_are_the_posterior_mean_around_the_guess(spread, texts):
    """Least squares over pairs, the sum and the prior as rows of one system: Bishop, PRML, 2006, equation 3.53."""
    network = Network(off(), Prior(spread, 0.01))
    words, found = corrected(network, texts=texts)
    pairs, guess = words.pairs(), network.values("", (), 0, words.total())
    assert len(pairs) == (texts - 2) // 2
    differences = words.worth(pairs) - words.worth(~pairs) - (2.0 * pairs - 1) @ guess
    deviations = np.sqrt(spread * np.repeat([1.0, AS_ONE_OF_FEW], N))
    system = np.vstack([features(pairs), np.sqrt(SURE) * np.ones(2 * N), np.diag(1 / deviations)])
    aim = np.concatenate([differences, np.zeros(1 + 2 * N)])
    expected = guess + to_values() @ np.linalg.lstsq(system, aim)[0]
    expected += (words.total() - expected.sum()) / N
    assert found.values == pytest.approx(expected, abs=1e-6)


def test_a_guess_that_is_sure_is_kept_whatever_few_texts_say():
    network = Network(off(), Prior(1e-9, 0.01))
    words, found = corrected(network)
    assert found.values == pytest.approx(network.values("", (), 0, words.total()), abs=1e-6)


def test_a_right_guess_with_its_trust_beats_the_same_texts_without_it():
    words = Words()
    exact = shares(words.worth, N, exact=N).values
    without = word_values(words, np.random.default_rng(0), texts=10, narrow=0.0).values
    believed, doubted = (corrected(Network(off(by=0.05), Prior(spread, 0.01)), texts=10)[1] for spread in (1e-3, 1e4))
    errors = [np.linalg.norm(values - exact) for values in (believed.values, doubted.values, without)]
    assert errors[0] < 0.7 * errors[1]
    assert errors[0] < 0.7 * errors[2]


def test_what_other_texts_left_unexplained_widens_the_bands():
    reach = [corrected(Network(off(), Prior(0.1, noise)))[1].reach for noise in (1e-4, 1e3, 1e5)]
    assert (reach[0] < reach[1]).all()
    assert reach[2] == pytest.approx(10 * reach[1], rel=0.01)  # a band is a standard deviation, noise a variance
