"""What an encoder is trained towards, by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import torch

from core.encode.finetuning.objectives import Classes, Likeness, Number, linear, mixed


@pytest.mark.parametrize(
    ("y", "loss"),
    [([1.0, 2.0, 3.0], 1.0), ([1000.0, 2000.0, 3000.0], 1.0), ([5.0, 5.0, 5.0], 0.0)],  # any scale; one value
)
def test_saying_the_mean_of_a_number_is_off_by_its_deviation_which_is_one(y, loss):
    aim = Number(4, np.array(y), seed=0)
    rows = torch.zeros(3, 4)  # through a layer whose bias is zero: it says the mean
    assert aim.loss(rows, np.arange(3)).item() == pytest.approx(loss)


def test_a_number_is_compared_with_the_rows_own_target():
    aim = Number(2, np.array([0.0, 2.0, 4.0, 6.0]), seed=0)  # mean 3, deviation √5
    with torch.no_grad():
        aim.head.weight.copy_(torch.tensor([[2.0, 0.0]]))
    said = torch.tensor([[1.0, 9.0], [0.5, 9.0]])  # 2 and 1, for targets of 3 / √5 and −1 / √5
    wanted = ((2 - 3 / 5**0.5) ** 2 + (1 + 1 / 5**0.5) ** 2) / 2
    assert aim.loss(said, np.array([3, 1])).item() == pytest.approx(wanted)


def test_classes_are_compared_by_cross_entropy_with_the_rows_own_class():
    aim = Classes(2, np.array([0, 2, 1, 0]), seed=0)
    with torch.no_grad():
        aim.head.weight.copy_(torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]))
    rows = np.array([[1.0, 2.0], [0.5, -1.0]])  # of the places 1 and 3: classes 2 and 0
    logits = np.column_stack([rows, [0.0, 0.0]])
    wanted = np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[[0, 1], [2, 0]])
    assert aim.loss(torch.tensor(rows, dtype=torch.float32), np.array([1, 3])).item() == pytest.approx(wanted)


def likeness_by_pairs(rows: np.ndarray, labels: list[int]) -> float:
    """Every pair once; the mean over pairs of one class and the mean over the others weigh alike."""
    errors: dict[bool, list[float]] = {}
    for one in range(len(rows)):
        for other in range(one):
            same = labels[one] == labels[other]
            cosine = rows[one] @ rows[other] / np.linalg.norm(rows[one]) / np.linalg.norm(rows[other])
            errors.setdefault(same, []).append((cosine - same) ** 2)
    return float(np.mean([np.mean(kind) for kind in errors.values()]))


@pytest.mark.parametrize("labels", [[0, 0, 0, 0, 1], [0, 1, 1, 2, 2], [3, 3, 3, 3, 3], [0, 1, 2, 3, 4]])
def test_likeness_against_a_loop_over_pairs(labels):
    rows = np.random.default_rng(0).normal(1, 2, (5, 4))
    aim = Likeness(np.array([9, *labels]))
    found = aim.loss(torch.tensor(rows, dtype=torch.float32), np.arange(1, 6)).item()
    assert found == pytest.approx(likeness_by_pairs(rows, labels), rel=1e-5)


def test_a_single_row_has_no_pair_and_teaches_nothing():
    rows = torch.ones(1, 3, requires_grad=True)
    loss = Likeness(np.array([0, 1])).loss(rows, np.array([1]))
    loss.backward()
    assert loss.item() == 0
    assert rows.grad.tolist() == [[0, 0, 0]]


def test_only_losses_that_need_the_states_of_every_token_say_so():
    assert [loss.needs_states for loss in (Classes, Number, Likeness)] == [False] * 3


def test_an_epoch_reads_every_row_once_in_batches_of_like_length():
    lengths = np.random.default_rng(1).permutation(1000)  # no two alike
    found = mixed(lengths, 2, seed=3)
    n = len(found) // 2
    assert n == 24 + 24 + 15  # pools of 24 × 16 rows, and 232 are left
    for epoch in (found[:n], found[n:]):
        assert sorted(np.concatenate(epoch)) == list(range(1000))
        assert Counter(map(len, epoch)) == {16: 62, 8: 1}
        for first, last in ((0, 24), (24, 48), (48, 63)):
            pool = [list(lengths[batch]) for batch in epoch[first:last]]
            assert pool != sorted(pool)  # in any order
            assert np.all(np.diff(np.concatenate(sorted(pool))) > 0)
    assert [list(one) for one in found[:n]] != [list(one) for one in found[n:]]
    again, other = mixed(lengths, 2, seed=3), mixed(lengths, 2, seed=4)
    assert np.array_equal(np.concatenate(again), np.concatenate(found))
    assert not np.array_equal(np.concatenate(other), np.concatenate(found))


@pytest.mark.parametrize(
    ("n_rows", "epochs", "n_steps"), [(40, 1, 30), (500, 2, 32), (1000, 2, 63), (1024, 3, 96), (9000, 12, 300)]
)
def test_pairs_are_drawn_in_steps_of_32_rows_from_30_to_300(n_rows, epochs, n_steps):
    aim = Likeness(np.arange(n_rows) % 2)
    assert len(aim.batches(np.ones(n_rows), epochs, seed=0)) == n_steps


@pytest.mark.parametrize(("k", "chosen", "each"), [(2, 2, 16), (3, 3, 10), (8, 8, 4), (11, 8, 4)])
def test_a_batch_of_pairs_holds_as_many_rows_of_each_class_of_at_most_eight(k, chosen, each):
    y = np.minimum(np.arange(400), k - 1)  # the last one has nearly all rows
    aim = Likeness(y)
    found = aim.batches(np.ones(400), 1, seed=0)
    for batch in found:
        assert sorted(Counter(y[batch]).values()) == [each] * chosen
    assert {code for batch in found for code in y[batch]} == set(range(k))


def test_no_row_of_a_class_is_drawn_again_before_all_others_were():
    y = np.arange(40) % 2
    drawn = np.concatenate(Likeness(y).batches(np.ones(40), 1, seed=0))
    for code in (0, 1):
        own = drawn[y[drawn] == code]
        for start in range(0, len(own) - 20, 20):
            assert sorted(own[start : start + 20]) == sorted(np.flatnonzero(y == code))


def test_a_layer_starts_small_the_same_for_a_seed_and_without_a_bias():
    layer = linear(20_000, 2, seed=1)
    assert layer.weight.shape == (2, 20_000)
    assert layer.weight.mean().item() == pytest.approx(0, abs=5e-4)
    assert layer.weight.std().item() == pytest.approx(0.02, rel=0.02)
    assert layer.bias.tolist() == [0, 0]
    assert torch.equal(linear(5, 3, seed=1).weight, linear(5, 3, seed=1).weight)
    assert not torch.equal(linear(5, 3, seed=1).weight, linear(5, 3, seed=2).weight)


@pytest.mark.parametrize("aim", [Classes(2, np.arange(70) % 3, seed=0), Number(2, np.arange(70.0), seed=0)])
def test_classes_and_numbers_are_trained_on_mixed_batches(aim):
    lengths = np.arange(70)
    found, expected = aim.batches(lengths, 2, seed=5), mixed(lengths, 2, seed=5)
    assert [batch.tolist() for batch in found] == [batch.tolist() for batch in expected]
