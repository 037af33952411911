"""Rows that are learned from: of other folds, with an answer of their own."""

from __future__ import annotations

from core.text_tasks.folds import NEVER, learned_from, out_of_fold


def test_only_rows_of_other_folds_with_an_answer_of_their_own_are_learned_from():
    known = [True, False, True, False]
    folds = out_of_fold(["a", " a", "b", "c"], known, 2, 0)
    assert folds[0] == folds[1] != folds[2]
    assert folds[3] == NEVER
    assert learned_from(folds, known, folds[0]) == [2]
    assert learned_from(folds, known, folds[2]) == [0]
    assert learned_from(folds, known, NEVER) == [0, 2]
