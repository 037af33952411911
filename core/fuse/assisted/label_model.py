"""From the votes of several labelling functions to one probability per class, without knowing who is right.

References
----------
Dawid and Skene, "Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm", 1979.
Ratner et al., "Snorkel: Rapid Training Data Creation with Weak Supervision", VLDB 2017 (abstaining functions).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ABSTAIN = -1
STEPS, STILL = 200, 1e-6
STRENGTH = 8.0  # rows that the prior of a function's confusion counts as
LIKELIER = 3.0  # how much likelier a vote is thought to be for rows of its class, before anything is seen


@dataclass(frozen=True)
class LabelModel:
    """What was learned of the functions.

    Each function's outcome (a class, or no vote) depends on the true class alone, by a confusion matrix of its own;
    given the class, functions are independent. That a function is silent tells something, too: one that only ever
    votes for one class could not be judged otherwise.

    Attributes
    ----------
    shares : array, shape (k,)
        Of the classes.
    confusions : array, shape (f, k, k + 1)
        P(outcome | class); the last outcome is silence.
    """

    shares: np.ndarray
    confusions: np.ndarray

    def posterior(self, votes: np.ndarray) -> np.ndarray:
        """P(class | votes).  votes: int (n, f), −1 where silent  →  (n, k)"""
        said = np.tile(np.log(self.shares), (len(votes), 1))
        for function, confusion in enumerate(self.confusions):
            said += np.log(confusion).T[votes[:, function]]  # −1 is the last outcome
        raised = np.exp(said - said.max(axis=1, keepdims=True))
        return raised / raised.sum(axis=1, keepdims=True)

    def accuracies(self) -> np.ndarray:
        """P(the vote is right | it votes), shape (f,)."""
        classes = np.arange(len(self.shares))
        right = (self.shares * self.confusions[:, classes, classes]).sum(axis=1)
        voted = (self.shares * (1 - self.confusions[:, :, -1])).sum(axis=1)
        return right / voted


def learned(votes: np.ndarray, labels: np.ndarray, k: int) -> LabelModel:
    """Estimate the functions by expectation maximisation.

    The prior of a confusion matrix has the function's own outcomes, those that agree with the class thrice as likely:
    so functions are taken to be better than chance until rows say otherwise, and classes keep their names.

    Parameters
    ----------
    votes : int array, shape (n, f)
        Class numbers, −1 where a function is silent.
    labels : int array, shape (n,)
        The true class where it is known, else −1.
    k : int
        Number of classes.
    """
    known = labels != ABSTAIN
    outcomes = np.stack([np.eye(k + 1)[column] for column in votes.T])  # (f, n, k + 1)
    priors = np.stack([_prior(one.mean(axis=0), k) for one in outcomes])
    counted = np.bincount(labels[known], minlength=k) + 1.0
    model = LabelModel(counted / counted.sum(), priors / priors.sum(axis=2, keepdims=True))
    believed = _fixed(model.posterior(votes), labels, known)
    for _step in range(STEPS):
        totals = believed.sum(axis=0) + 1.0
        counts = np.einsum("nk,fno->fko", believed, outcomes) + priors
        model = LabelModel(totals / totals.sum(), counts / counts.sum(axis=2, keepdims=True))
        before, believed = believed, _fixed(model.posterior(votes), labels, known)
        if np.abs(believed - before).max(initial=0.0) < STILL:
            break
    return model


def _prior(shares: np.ndarray, k: int) -> np.ndarray:
    """Pseudo-counts of one function's confusion from how often it says what.  (k + 1,)  →  (k, k + 1)"""
    likely = np.tile(shares + 1e-3, (k, 1))
    likely[np.arange(k), np.arange(k)] *= LIKELIER
    return STRENGTH * likely / likely.sum(axis=1, keepdims=True)


def _fixed(believed: np.ndarray, labels: np.ndarray, known: np.ndarray) -> np.ndarray:
    believed[known] = np.eye(believed.shape[1])[labels[known]]
    return believed
