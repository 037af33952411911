"""Words that may stand for each other have the same neighbours."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.explain.counterfactual.substitutes import NearWords
from tests.fuse.tables import tickets


@pytest.fixture(scope="module")
def table():
    random = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "hours": random.integers(0, 40, 120).astype(float),
            "city": random.choice(["Rome", "Oslo", "Lima"], 120),
            "plan": random.choice(["free", "paid"], 120),
            "text": [f"the parcel was {word} and the office was {word}" for word in ["awful", "lovely", "late"] * 40],
        }
    )


def test_words_between_the_same_neighbours_are_near():
    table, _schema = tickets(400)
    words = NearWords([text for text in table["text"] if isinstance(text, str)], "en")
    assert "lovely" in words.near("awful,", 12)
    assert words.near("never-seen", 5) == []
    texts = ["这个菜很好吃", "这个菜很难吃", "这个菜很好吃"] * 5
    assert NearWords(texts, "zh").counts
    assert NearWords([], "en").near("x", 3) == []
