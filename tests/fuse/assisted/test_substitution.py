"""Words are replaced by near ones and nothing else is."""

from __future__ import annotations

import numpy as np

from core.fuse.assisted.substitution import near_words, retold, words_of
from tests.fuse.assisted.test_augment import Meanings
from tests.fuse.tables import FILL


def test_words_are_replaced_by_near_ones_and_nothing_else_is():
    near = {"awful": ["dreadful"], "late": ["tardy", "slow"]}
    random = np.random.default_rng(0)
    made = {retold("An AWFUL, late parcel!", near, "", random) for _time in range(20)}
    assert made <= {
        f"An {first}, {second} parcel!" for first in ("AWFUL", "dreadful") for second in ("late", "tardy", "slow")
    }
    assert "An AWFUL, late parcel!" not in made
    assert retold("Nothing here", near, "", random) is None
    assert retold("味道很差", {"很差": ["很糟"]}, "zh", random) == "味道很糟"


def test_near_words_are_those_that_the_encoder_puts_together():
    texts = [" ".join([*FILL, "awful", "dreadful"]), " ".join([*FILL, "dreadful", "awful"])]
    axes = [["awful", "dreadful"], *[[word] for word in FILL]]
    near = near_words(texts, "", Meanings(axes))
    assert near["awful"] == ["dreadful"]
    assert near["dreadful"] == ["awful"]
    assert words_of("Hot-dogs, 2 of them", "") == ["hot", "dogs", "of", "them"]
