"""Shapley values of words from few masked texts: pairs of opposite coalitions, chosen well, and a Bayesian regression.

A pair is a coalition and its opposite. In the difference of their outputs all that two words do together cancels, so
what is left is nearly a sum over words. Each word has two coefficients: what it adds in any company, and what it adds
as one of few, since an encoder takes a mean over tokens. Both are drawn towards a first guess.

References
----------
Covert and Lee, "Improving KernelSHAP", AISTATS 2021 (paired regression). Musco and Witter, "Provably accurate Shapley
value estimation via leverage score sampling", ICLR 2025 (sizes alike). Fedorov, "Theory of optimal experiments", 1972
(the next point is where the prediction is least certain).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np
from scipy import stats

OTHERS = 2.0  # how many words the tokens that are never hidden weigh in an encoder's mean
CANDIDATES = 16  # coalitions the next one is chosen from
SPREADS = (0.3, 1.0, 3.0, 10.0, 100.0, 1e4)  # variance of a word's effect, beside that of what no sum explains
AS_ONE_OF_FEW = 0.1  # variance of the second coefficient, beside the first's
SURE = 1000.0  # precision of what is known: all words together
PAIRS_OF_NOISE = 8.0  # the noise of other texts counts as much as so many pairs of this one
WIDER = 1.3  # bands, beside what the regression says: differences are not equally noisy (measured)


@dataclass(frozen=True)
class Found:
    """Values of words with half their 95 % bands, shape (words,), and how well a regression explains what was seen."""

    values: np.ndarray
    reach: np.ndarray
    evidence: float = 0.0


@dataclass(frozen=True)
class Prior:
    """How far a first guess is off, measured on other texts.

    spread: variance of what a word's value is off by, beside a pair's noise; noise: variance of what a sum over words
    leaves unexplained of a pair's difference.
    """

    spread: float
    noise: float


def features(coalitions: np.ndarray) -> np.ndarray:
    """A coalition's features minus its opposite's.  bool (m, n)  →  (m, 2 n)"""
    shown, n = np.asarray(coalitions, dtype=float), coalitions.shape[1]
    size = shown.sum(axis=1, keepdims=True)
    alone = shown / (OTHERS + size) - (1 - shown) / (OTHERS + n - size)
    return np.hstack([2 * shown - 1, (OTHERS + n) * alone])


class Design:
    """Coalitions, each where the regression is least certain among a few random ones; all sizes are alike likely."""

    def __init__(self, n_words: int, random: np.random.Generator) -> None:
        self.n, self.random = n_words, random
        self.coalitions = np.zeros((0, n_words), dtype=bool)
        self._covariance = _add(np.diag(_spread(n_words, SPREADS[0])), np.ones(2 * n_words), 1 / SURE)

    def more(self, n_pairs: int) -> np.ndarray:
        """New coalitions; their opposites are to be tried, too.  →  bool (n_pairs, words)"""
        new = []
        for _pair in range(n_pairs):
            sizes = self.random.integers(1, self.n, CANDIDATES)
            ranks = self.random.random((CANDIDATES, self.n)).argsort(axis=1).argsort(axis=1)
            tried = ranks < sizes[:, None]
            rows = features(tried)
            best = int(np.einsum("ij,jk,ik->i", rows, self._covariance, rows).argmax())
            self._covariance = _add(self._covariance, rows[best], 1.0)
            new.append(tried[best])
        self.coalitions = np.vstack([self.coalitions, *new])
        return np.asarray(new)


def regress(coalitions: np.ndarray, differences: np.ndarray, total: float, prior: Prior | None = None) -> Found:
    """Values that sum to `total`.

    Parameters
    ----------
    coalitions : bool array (m, n)
    differences : array (m,)
        The output with each coalition shown minus that with its opposite shown.
    total : float
        The output with all words minus that with none.
    prior : Prior, optional
        What is known before, of values around 0; there may be no pair at all then.
    """
    n = coalitions.shape[1]
    rows = np.vstack([features(coalitions), np.ones(2 * n)])
    sure = np.append(np.ones(len(differences)), SURE)
    target = np.append(differences, total)
    gram, moment = (rows * sure[:, None]).T @ rows, rows.T @ (sure * target)
    spreads: tuple[float, ...] = SPREADS
    sure_of_noise, known = 0.0, 0.0
    if prior is not None:
        spreads, sure_of_noise, known = (prior.spread,), PAIRS_OF_NOISE, PAIRS_OF_NOISE * prior.noise
    elif len(differences) < n:  # too few to tell effects from noise
        spreads = SPREADS[:1]
    best: tuple[float, np.ndarray, np.ndarray, float] | None = None
    for spread in spreads:
        variances = _spread(n, spread)
        precision = gram + np.diag(1 / variances)
        mean = np.linalg.solve(precision, moment)
        left = max(float(target @ (sure * target) - moment @ mean), 1e-18)  # what neither effects nor prior explain
        evidence = -0.5 * (np.linalg.slogdet(precision)[1] + np.log(variances).sum() + len(target) * np.log(left))
        if best is None or evidence > best[0]:
            best = evidence, mean, precision, (known + left) / (sure_of_noise + len(target))
    assert best is not None
    evidence, mean, precision, noise = best
    to_values = _to_values(n)
    values = to_values @ mean
    spread_out = np.einsum("ij,ji->i", to_values, np.linalg.solve(precision, to_values.T)) + _unseen(n)
    deviation = np.sqrt(noise * spread_out)
    values += (total - values.sum()) / n
    return Found(values, WIDER * float(stats.t.ppf(0.975, sure_of_noise + len(target))) * deviation, evidence)


def _spread(n: int, spread: float) -> np.ndarray:
    return spread * np.repeat([1.0, AS_ONE_OF_FEW], n)


def _to_values(n: int) -> np.ndarray:
    """Shapley values of the features' games, each with coefficient 1.  →  (n, 2 n)"""
    own = np.mean((OTHERS + n) / (OTHERS + np.arange(1, n + 1)))  # of a word's own: the mean over its place in an order
    other = (1 - own) / (n - 1)  # the others': all together the game is worth 1
    return np.hstack([np.eye(n), np.full((n, n), other) + (own - other) * np.eye(n)])


def _unseen(n: int) -> float:
    """Variance that the values owe to what the features leave unexplained of each pair, beside one pair's.

    A value is the sum over coalitions of t words with the word, (t − 1)! (n − t)! / n! times the pair's difference.
    """
    return sum(factorial(t - 1) * factorial(n - t) / factorial(n) for t in range(1, n)) / n


def _add(covariance: np.ndarray, row: np.ndarray, noise: float) -> np.ndarray:
    """The covariance after one more observation."""
    toward = covariance @ row
    return covariance - np.outer(toward, toward) / (noise + row @ toward)
