"""Which encoder suits a column: by its spelling, its language, its variety, with the number it follows from."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from core.data import reading
from core.data.profile import describe
from core.data.roles import columns
from core.data.roles.encoder_advice import advise, near_doubles
from core.data.schema import ReadOptions

TOWNS = ["San Francisco", "Philadelphia", "New Orleans", "Manchester", "Copenhagen", "Minneapolis", "Johannesburg"]
VERBS = ["delayed", "cancelled", "lost", "found", "helped", "ignored", "thanked", "refunded", "booked", "moved"]
THINGS = ["flight", "luggage", "seat", "ticket", "meal", "agent", "gate", "crew", "refund", "upgrade", "hotel"]
ENDS = ["thanks", "never again", "great job", "so tired", "please help", "love it", "worst day", "on time"]


@pytest.fixture
def dice():
    return np.random.default_rng(0)


def misspelled(town: str, dice) -> str:
    place = int(dice.integers(1, len(town)))
    forms = [town, town.upper(), town.replace(" ", "-"), f"{town}.", town[:place] + town[place + 1 :]]
    return str(dice.choice(forms))


def towns(dice) -> pd.Series:
    return pd.Series([misspelled(str(dice.choice(TOWNS)), dice) for _row in range(300)])


def tweets(dice) -> pd.Series:
    return pd.Series(
        [
            f"@airline you {dice.choice(VERBS)} my {dice.choice(THINGS)} and the {dice.choice(THINGS)} for "
            f"{dice.integers(2, 200)} minutes due to my {dice.choice(THINGS)}, {dice.choice(ENDS)} #{dice.integers(9)}"
            for _row in range(300)
        ]
    )


def reviews(dice) -> pd.Series:
    parts = ["很快，好吃", "味道不错", "送餐太慢了", "米饭有点硬", "骑士辛苦了", "下次还会再来", "包装很好", "菜有点咸"]
    return pd.Series(["，".join(dice.choice(parts, 4)) for _row in range(300)])


@pytest.mark.parametrize(
    ("values", "encoder", "words"),
    [
        (towns, "tfidf", r"\d\d% of its \d+ different values are spelled nearly like another"),
        (tweets, "minilm", r"diverse: \d\d\.\d words on average"),
        (reviews, "e5", r"\d\d\.\d words on average are in Chinese"),
    ],
)
def test_the_advice_follows_from_a_number_it_names(values, encoder, words, dice):
    advice = advise(values(dice))
    assert advice.encoder == encoder
    assert re.search(words, str(advice.reason))


def test_codes_names_that_repeat_and_texts_of_few_words_are_for_their_spelling(dice):
    codes = pd.Series([f"PC {place % 7}{place}" for place in range(100)]).str.replace(" ", "")
    assert "100% of its values are codes" in str(advise(codes).reason)
    assert "that repeat (7 different ones)" in str(advise(pd.Series(dice.choice(TOWNS, 100))).reason)
    template = pd.Series([f"the {dice.choice(THINGS)} was {dice.choice(VERBS)} again today" for _row in range(300)])
    assert "different words: counting them says it all" in str(advise(template).reason)


def test_near_doubles_are_counted():
    assert near_doubles(["Boston", "boston", "Bostn", "Chicago"]) == 0.75
    assert near_doubles(["Boston", "Bostom"]) == 1.0
    assert near_doubles(["A10", "A11"]) == 0.0
    assert near_doubles([]) == 0.0


def test_another_language_is_for_the_multilingual_encoder():
    texts = pd.Series(["Das Essen war nicht gut und die Bedienung ist auch nicht freundlich mit den Gästen"] * 9)
    assert advise(texts).encoder == "e5"
    assert "in German" in str(advise(texts).reason)


def test_the_report_of_a_table_carries_it(tmp_path, dice):
    frame = pd.DataFrame({"tweet": tweets(dice), "town": towns(dice), "n": dice.normal(size=300), "gap": ""})
    frame.to_csv(tmp_path / "a.csv", index=False)
    reading.read_files([tmp_path / "a.csv"], ReadOptions(), tmp_path)
    schema = columns.guess(tmp_path / "table.parquet")
    advice = {entry.name: entry.advice for entry in describe(tmp_path / "table.parquet", schema).columns}
    assert advice["tweet"].encoder == "minilm"
    assert advice["town"].encoder == "tfidf"
    assert advice["n"] is advice["gap"] is None
    assert advise(pd.Series([], dtype=object)) is None
