"""Work in portions: texts of any cells, each once, long ones together, and how far a part of the whole is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.encode.batches import (
    as_texts,
    by_length,
    current_listener,
    loss_listener,
    part,
    progress_listener,
    report_loss,
    report_progress,
    unique,
)


def test_cells_of_any_kind_as_texts():
    assert as_texts(["a", None, float("nan"), pd.NA, 3, 2.5, True]) == ["a", "", "", "", "3", "2.5", "True"]
    assert as_texts(np.array([["a"], ["b"]], dtype=object)) == ["a", "b"]
    assert as_texts(pd.Series(["a", None])) == ["a", ""]
    for shape in ((1, 2), (1, 1, 1), ()):
        with pytest.raises(ValueError, match="One column of texts is needed"):
            as_texts(np.full(shape, "a", dtype=object))


def test_each_text_once_in_order_of_first_appearance():
    distinct, which = unique(["b", "a", "b", "c", "a"])
    assert distinct == ["b", "a", "c"]
    assert which.tolist() == [0, 1, 0, 2, 1]
    assert which.dtype == np.int64
    assert unique([])[0] == []


@pytest.mark.parametrize(
    ("lengths", "budget", "batches"),
    [
        ([3, 9, 3, 6], 100, [[1, 3, 0, 2]]),  # longest first, equals in their order
        ([3, 9, 3, 6], 18, [[1, 3], [0, 2]]),  # two of nine fit exactly
        ([3, 9, 3, 6], 17, [[1], [3, 0], [2]]),
        ([5, 5], 1, [[0], [1]]),  # one is always taken
        ([], 10, []),
    ],
)
def test_batches_by_hand(lengths, budget, batches):
    assert list(by_length(lengths, budget)) == batches


def test_who_listens_hears_of_its_block_alone():
    told = []
    report_progress(1, 2)  # nobody listens
    with progress_listener(lambda *heard: told.append(("outer", *heard))):
        outer = current_listener()
        with progress_listener(lambda *heard: told.append(("inner", *heard))):
            report_progress(1, 4)
        assert current_listener() is outer
        report_progress(2, 4)
        with pytest.raises(ValueError, match="over"), progress_listener(print):
            raise ValueError("over")
        assert current_listener() is outer
    assert current_listener() is None
    assert told == [("inner", 1, 4), ("outer", 2, 4)]


def test_a_part_of_a_part_is_told_as_a_share_of_the_whole():
    told = []
    with part(0, 2):
        report_progress(1, 2)  # nobody listens
    with progress_listener(lambda done, total: told.append(done / total)):
        for number in range(2):
            with part(number, 2):
                report_progress(1, 2)
                with part(1, 4):
                    report_progress(0, 5)
                    report_progress(5, 5)
        with part(1, 2):
            report_progress(0, 0)
    assert told == pytest.approx([0.25, 0.125, 0.25, 0.75, 0.625, 0.75, 0.5])


def test_losses_are_told_to_who_watches():
    told = []
    report_loss(1, 9, 0.5)
    with loss_listener(lambda *heard: told.append(heard)):
        with loss_listener(print):
            pass
        report_loss(1, 9, 0.5)
        report_loss(2, 9, 0.4, 0.6)
    report_loss(3, 9, 0.5)
    assert told == [(1, 9, 0.5, None), (2, 9, 0.4, 0.6)]
