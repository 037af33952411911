"""Words are replaced by near ones and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

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


class Listed(Meanings):
    """Unit rows with a known likeness; notes what it is asked."""

    def __init__(self, rows):
        self.rows = rows

    def transform(self, texts):
        self.asked = list(texts)
        return np.array([self.rows[text] for text in texts])


def circle(**degrees: float) -> Listed:
    """Words on a circle: as alike as the cosine of the angle between them."""
    return Listed({word: [np.cos(np.radians(one)), np.sin(np.radians(one))] for word, one in degrees.items()})


def test_words_said_once_and_numbers_have_nothing_near_and_the_frequent_come_first():
    encoder = circle(aa=0, bb=10, cc=180, dd=190)
    texts = ["aa bb cc dd 123 123 once", "dd cc BB", "dd cc", "dd"]
    near = near_words([*texts, "aa"], "", encoder)
    assert encoder.asked == ["dd", "cc", "aa", "bb"]
    assert near == {"aa": ["bb"], "bb": ["aa"], "cc": ["dd"], "dd": ["cc"]}
    assert near_words(["aa bb", "aa bb"], "", encoder) == {}  # two words tell nothing of what is usual


def test_near_is_half_the_way_from_the_mean_of_pairs_to_the_same():
    angles = {"aa": 0.0, "bb": 20.0, "cc": 55.0}
    cosine = {one: np.cos(np.radians(one)) for one in (20, 35, 55)}
    least = (sum(cosine.values()) / 3 + 1) / 2  # 0.84: 20° is near, 35° (0.82) and 55° are not
    assert cosine[35] < least < cosine[20]
    assert near_words(["aa bb cc"] * 2, "", circle(**angles)) == {"aa": ["bb"], "bb": ["aa"]}
    angles["cc"] = 51.0  # 31°: 0.857, where the mean and the least are 0.81 and 0.905
    assert near_words(["aa bb cc"] * 2, "", circle(**angles)) == {"aa": ["bb"], "bb": ["aa"]}


def test_the_five_nearest_are_kept_the_nearest_first():
    angles = {f"w{place}{place}": float(angle) for place, angle in enumerate([0, 1, 3, 6, 10, 15, 21])}
    far = {f"far{place}": 180.0 + 3 * place for place in range(9)}
    near = near_words([" ".join([*angles, *far])] * 2, "", circle(**angles, **far))
    assert near["w00"] == ["w11", "w22", "w33", "w44", "w55"]


def test_a_clear_outlier_is_near_where_likeness_varies_little():
    """Four deviations above the mean of all pairs, though it is not half the way to being the same."""
    words = [f"w{place:02}" for place in range(40)]
    rows = np.sqrt(0.9) * np.eye(42)[:40]
    rows[:, 40] = np.sqrt(0.1)  # 0.1 alike
    rows[0], rows[1] = 0, 0
    rows[0, [0, 40]] = np.sqrt([0.9, 0.1])
    rows[1, [0, 1, 40]] = np.sqrt([0.9 * 0.15**2, 0.9 * (1 - 0.15**2), 0.1])  # 0.1 + 0.9 × 0.15 = 0.235 to the first
    near = near_words([" ".join(words)] * 2, "", Listed(dict(zip(words, rows, strict=True))))
    assert near == {"w00": ["w01"], "w01": ["w00"]}


def test_about_a_third_of_the_words_are_replaced_and_one_at_least():
    random, text = np.random.default_rng(0), " ".join(["late"] * 50)
    shares = [retold(text, {"late": ["tardy"]}, "", random).split().count("tardy") / 50 for _time in range(100)]
    assert np.mean(shares) == pytest.approx(0.3 + 0.7 / 50, abs=0.02)
    few = [retold("late late", {"late": ["tardy"]}, "", random) for _time in range(400)]
    assert few.count("late late") == 0
    assert few.count("tardy tardy") / 400 == pytest.approx(0.3, abs=0.06)
    assert few.count("tardy late") / 400 == pytest.approx(0.35, abs=0.06)  # any of them may be the one
    others = [retold("late", {"late": ["tardy", "slow"]}, "", random) for _time in range(100)]
    assert others.count("slow") == pytest.approx(50, abs=20)


def test_words_of_chinese_are_those_of_a_dictionary():
    assert words_of("味道很差", "zh") == ["味道", "很差"]
    assert words_of("味道很差", "") == ["味道很差"]
    assert words_of("a Big cat", "") == ["big", "cat"]


def test_a_single_letter_is_a_word_in_chinese_alone():
    random = np.random.default_rng(0)
    near = {"a": ["b"], "late": ["slow"], "很": ["太"]}
    assert {retold("a late", near, "", random) for _time in range(20)} == {"a slow"}
    assert retold("a", near, "", random) is None
    assert retold("很", near, "zh", random) == "太"
