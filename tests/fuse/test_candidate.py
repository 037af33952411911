"""A candidate: features, then a model, and what its fit took."""

from __future__ import annotations

import time

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler

from core.encode.frozen import FrozenEncoder
from core.fuse.candidate import Candidate
from core.fuse.columns import TextColumn
from core.fuse.predictor import FrozenWork
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


def test_settings_go_to_the_model_behind_its_scaling():
    scaled = make_pipeline(MaxAbsScaler(), LogisticRegression())
    search = {"model": "linear", "balanced": False, "seed": 0, "threads": 1}
    found = Candidate("passthrough", scaled, task="binary", search=search)._with({"C": 0.5})
    assert [name for name, _step in found.steps] == ["maxabsscaler", "model"]
    assert found.steps[0][1] is scaled.steps[0][1]
    assert found.steps[1][1].C == 0.5


def test_work_has_one_key_for_the_same_texts_and_settings_and_another_for_others():
    texts = np.array(["a", None, "b"], dtype=object)
    key = FrozenWork("text", FrozenEncoder(), texts).key
    assert key == FrozenWork("other", FrozenEncoder(), texts.copy()).key
    assert key
    others = [FrozenWork("text", FrozenEncoder(layer=1), texts), FrozenWork("text", FrozenEncoder(), texts[::-1])]
    assert len({key, *(one.key for one in others)}) == 3
