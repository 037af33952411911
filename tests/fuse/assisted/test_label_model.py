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


def test_where_every_label_is_known_outcomes_are_counted_beside_a_prior_of_eight_rows():
    """By hand: the prior has the function's own outcomes, those that agree thrice as likely."""
    votes = np.array([[0], [0], [1], [ABSTAIN]])
    model = learned(votes, np.array([0, 0, 1, 1]), 2)
    assert model.shares == pytest.approx([0.5, 0.5])
    outcomes = np.array([0.501, 0.251, 0.251])
    first, second = outcomes * [3, 1, 1], outcomes * [1, 3, 1]
    first, second = 8 * first / first.sum() + [2, 0, 0], 8 * second / second.sum() + [0, 1, 1]
    assert model.confusions[0] == pytest.approx(np.array([first / 10, second / 10]))
    uneven = learned(votes, np.array([0, 0, 0, 1]), 2)
    assert uneven.shares == pytest.approx([4 / 6, 2 / 6])  # one row more of each


def test_what_is_learned_agrees_with_what_it_believes():
    """The end of expectation maximisation: counting rows by the posterior gives the same model once more."""
    votes, truth = planted([0.9, 0.7, 0.6], coverage=0.8, n=60, k=3)
    labels = np.where(np.arange(60) < 10, truth, ABSTAIN)
    model = learned(votes, labels, 3)
    believed = model.posterior(votes)
    believed[:10] = np.eye(3)[truth[:10]]
    assert model.shares == pytest.approx((believed.sum(axis=0) + 1) / 63, abs=1e-5)
    for place, column in enumerate(votes.T):
        outcomes = np.array([(column == outcome).mean() for outcome in (0, 1, 2, ABSTAIN)]) + 1e-3
        for code in range(3):
            prior = outcomes * np.where(np.arange(4) == code, 3, 1)
            counts = [believed[column == outcome, code].sum() for outcome in (0, 1, 2, ABSTAIN)]
            expected = 8 * prior / prior.sum() + counts
            assert model.confusions[place, code] == pytest.approx(expected / expected.sum(), abs=1e-5)


def test_without_rows_the_functions_are_thought_a_little_better_than_chance():
    model = learned(np.array([[0], [1]]), np.array([0, 1]), 2)
    assert 0.5 < model.accuracies()[0] < 1


def test_many_sure_functions_leave_no_row_without_probabilities():
    sure = np.array([[1 - 2e-30, 1e-30, 1e-30], [1e-30, 1 - 2e-30, 1e-30]])
    model = LabelModel(np.array([0.5, 0.5]), np.stack([sure] * 40))
    torn = np.array([[0] * 21 + [1] * 19, [0] * 20 + [1] * 20])
    assert model.posterior(torn) == pytest.approx(np.array([[1, 0], [0.5, 0.5]]))
