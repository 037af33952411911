"""Hidden states as an encoder: unit rows, made once."""

from __future__ import annotations

import numpy as np
import pytest

from core.encode.engines.unpack_smollm2 import prepared
from core.fuse.asked.states import States
from core.messages import ModelUnavailable
from core.providers.gguf import hidden_states

TEXTS = ["The flight was late.", "Thank you for the lovely crew.", None, "The plane arrived hours too late."]


@pytest.mark.parametrize("pooling", ["mean", "last"])
def test_near_in_meaning_is_near(pooling):
    rows = States("bundled", pooling).fit_transform(TEXTS)
    assert rows.shape == (4, 576)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(4), abs=1e-4)
    assert rows[0] @ rows[3] > rows[0] @ rows[1]


def test_a_text_is_read_once(tmp_path, monkeypatch):
    first = States("bundled", cache_folder=tmp_path).fit_transform(TEXTS)
    monkeypatch.setattr(hidden_states, "loaded", lambda *path: pytest.fail("read again"))
    assert (States("bundled", cache_folder=tmp_path).fit_transform(TEXTS) == first).all()


def test_another_model_than_it_was_trained_with_does_not_read():
    fitted = States("bundled").fit(TEXTS)
    fitted.revision_ = "another"
    with pytest.raises(ModelUnavailable, match="not the one"):
        fitted.transform(TEXTS)


def test_a_folder_of_hugging_face_reads(unpacked_models):
    folder = prepared(unpacked_models)
    rows = States(str(folder)).fit_transform(TEXTS)
    assert rows.shape == (4, 576)
    assert rows[0] @ rows[3] > rows[0] @ rows[1]
    assert States(str(folder)).fit(TEXTS).revision_ != States("bundled").fit(TEXTS).revision_
