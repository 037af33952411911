"""The label model finds out who is right, as counting every case does."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from core.fuse.assisted.label_model import ABSTAIN, LabelModel, learned


def planted(accuracies, coverage, n=4000, k=3, seed=0):
    """Votes of independent functions of known accuracy, whether they vote or not being chance."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, k, n)
    votes = np.full((n, len(accuracies)), ABSTAIN)
    for place, accuracy in enumerate(accuracies):
        wrong = (truth + random.integers(1, k, n)) % k
        said = np.where(random.random(n) < accuracy, truth, wrong)
        votes[:, place] = np.where(random.random(n) < coverage, said, ABSTAIN)
    return votes, truth


@pytest.mark.parametrize("n_labelled", [0, 30])
def test_planted_accuracies_are_recovered_without_or_with_few_labels(n_labelled):
    accuracies = [0.9, 0.8, 0.7, 0.6, 0.5]
    votes, truth = planted(accuracies, coverage=0.7)
    labels = np.full(len(truth), ABSTAIN)
    labels[:n_labelled] = truth[:n_labelled]
    model = learned(votes, labels, 3)
    assert model.accuracies() == pytest.approx(accuracies, abs=0.05)
    voted = (votes != ABSTAIN).any(axis=1)
    majority = np.array([np.bincount(row[row >= 0], minlength=3).argmax() for row in votes[voted]])
    believed = model.posterior(votes[voted]).argmax(axis=1)
    assert np.mean(believed == truth[voted]) > np.mean(majority == truth[voted])


def test_functions_that_only_ever_vote_for_one_class_are_judged_too():
    random = np.random.default_rng(1)
    truth = random.integers(0, 2, 3000)
    votes = np.full((3000, 4), ABSTAIN)
    for place, (label, right, wrong) in enumerate([(0, 0.5, 0.05), (1, 0.6, 0.1), (0, 0.4, 0.2), (1, 0.3, 0.02)]):
        chance = np.where(truth == label, right, wrong)
        votes[random.random(3000) < chance, place] = label
    measured = [np.mean(truth[votes[:, place] >= 0] == votes[:, place].max()) for place in range(4)]
    assert learned(votes, np.full(3000, ABSTAIN), 2).accuracies() == pytest.approx(measured, abs=0.05)


def test_the_posterior_is_that_of_counting_every_case():
    """By Bayes' rule over the joint probability of every true class and every outcome."""
    random = np.random.default_rng(2)
    shares = np.array([0.7, 0.3])
    confusions = random.dirichlet(np.ones(3), size=(3, 2))  # three functions, two classes, three outcomes
    model = LabelModel(shares, confusions)
    cases = np.array(list(itertools.product([0, 1, ABSTAIN], repeat=3)))
    joint = np.array(
        [
            [
                shares[true]
                * np.prod([confusions[f, true, 2 if vote == ABSTAIN else vote] for f, vote in enumerate(case)])
                for true in range(2)
            ]
            for case in cases
        ]
    )
    assert joint.sum() == pytest.approx(1)
    assert model.posterior(cases) == pytest.approx(joint / joint.sum(axis=1, keepdims=True))
    right = sum(joint[row, true] for row, case in enumerate(cases) for true in range(2) if case[0] == true)
    voted = joint[cases[:, 0] != ABSTAIN].sum()
    assert model.accuracies()[0] == pytest.approx(right / voted)
