"""A candidate: features, then a model, and what its fit took."""

from __future__ import annotations

import time

from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression

from core.encode.frozen import FrozenEncoder
from core.fuse.candidate import Candidate
from core.fuse.columns import TextColumn
from tests.fuse.advisers import hinted, parent


def test_the_time_spent_on_features_is_part_of_the_fit():
    X, y = hinted(120)
    began = time.monotonic()
    fitted = parent().fit(X, y)
    assert 0 < fitted.encode_seconds_ < time.monotonic() - began


def test_only_encoders_that_see_no_labels_are_read_ahead_and_called_free_of_them():
    """Word counts learn which words there are: read before the folds are made, they would leak."""
    X, _y = hinted(12)
    assert parent().frozen_work(X) == []
    assert parent().leak_badge() == "fitted-in-fold"
    frozen = Candidate(ColumnTransformer([("text", TextColumn(FrozenEncoder()), ["text"])]), LogisticRegression())
    assert [(work.column, len(work.texts)) for work in frozen.frozen_work(X)] == [("text", 12)]
    assert frozen.leak_badge() == "label-free"
    assert parent(text=False).leak_badge() == ""
