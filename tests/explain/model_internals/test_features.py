"""What each of a model's numbers is: columns, values, words, marks; as many as the transformers make."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer

from core.encode.sparse import BagOfWords, Tfidf
from core.explain.model_internals.features import features, group, groups, shares
from core.fuse.asked.answers import Answers
from core.fuse.columns import Category, Dates, Numbers, TextColumn
from core.results.explanations.model_internals import Feature

TABLE = pd.DataFrame(
    {
        "size": [1.0, 3.0, np.nan, 4.0],
        "age": [10.0, 20.0, 30.0, 40.0],
        "day": pd.to_datetime(["1970-01-02", "1970-01-04", "1970-01-06", None]),
        "risk": ["low", "high", "low", "high"],
        "note": ["good day", "bad day", "good one", "bad one"],
    }
)


def fitted(*parts) -> SimpleNamespace:
    """A candidate that makes these features of the table, and how many they are."""
    maker = ColumnTransformer([(str(place), *part) for place, part in enumerate(parts)], sparse_threshold=0)
    made = maker.fit_transform(TABLE)
    return SimpleNamespace(features_=maker, classes_=["no", "yes"]), made.shape[1]


def test_every_number_a_model_takes_is_named():
    candidate, n_made = fitted(
        (Numbers(), ["size", "age"]), (Dates(), ["day"]), (Category(levels=["low", "high"]), ["risk"]),
        (TextColumn(BagOfWords()), ["note"]),
    )  # fmt: skip
    found = features(candidate, n_made)
    assert len(found) == n_made
    told = [(one.column, one.kind, one.detail) for one in found]
    assert told[:3] == [("size", "number", ""), ("age", "number", ""), ("size", "missing", "")]
    assert told[3] == ("day", "date", "day")
    assert [detail for column, _kind, detail in told if column == "day"][4:6] == ["weekday sine", "weekday cosine"]
    assert told[11:15] == [
        ("day", "missing", ""), ("risk", "category", "high"), ("risk", "category", "low"), ("risk", "number", ""),
    ]  # fmt: skip
    assert {detail for column, kind, detail in told if (column, kind) == ("note", "word")} >= {"good", "bad", "day"}
    assert (found[1].middle, found[1].spread) == pytest.approx((25, np.std([10, 20, 30, 40])))
    assert (found[3].middle, found[3].spread) == pytest.approx((3, np.std([1, 3, 5])))
    assert [found[place].spread for place in (12, 13, 14)] == [1, 1, 1]


def test_pieces_of_words_follow_the_words():
    candidate, n_made = fitted((TextColumn(Tfidf()), ["note"]))
    found = features(candidate, n_made)
    kinds = [one.kind for one in found]
    n_words = kinds.count("word")
    assert set(kinds[:n_words]) == {"word"}
    assert set(kinds[n_words:]) <= {"piece"}
    assert len(found) == n_made


def test_an_answer_is_named_by_its_question():
    asked = ["Is it good?", "How good? [1-5]"]
    candidate, n_made = fitted((TextColumn(Answers(asked, "bundled")), ["note"]), (Numbers(), ["age"]))
    told = [(one.column, one.kind, one.detail) for one in features(candidate, n_made)]
    assert told == [*(("note", "answer", question) for question in asked), ("age", "number", "")]


def test_many_values_are_spelled_and_seen_faintly():
    many = pd.DataFrame({"code": [f"code {number:03}" for number in range(300)]})
    maker = ColumnTransformer([("code", Category(), ["code"])], sparse_threshold=0)
    made = maker.fit_transform(many)
    found = features(SimpleNamespace(features_=maker), made.shape[1])
    assert len(found) == made.shape[1]
    kinds = [one.kind for one in found]
    assert kinds == ["category"] * (len(kinds) - 64) + ["spelling"] * 64
    row = made[[found[0].detail == code for code in many["code"]]][0]
    assert row[0] == pytest.approx(1 / found[0].spread)
    assert found[0].spread > 1


def test_what_is_behind_the_columns_is_a_language_models_advice():
    candidate, n_made = fitted((Numbers(), ["age"]))
    found = features(candidate, n_made + 3)
    assert [(one.kind, one.detail) for one in found] == [
        ("number", ""), ("advice", "no"), ("advice", "yes"), ("advice", ""),
    ]  # fmt: skip
    assert [one.kind for one in features(SimpleNamespace(), 2)] == ["advice", "advice"]
    assert features(candidate, 0) == []


def test_features_of_other_makers_are_refused():
    candidate, n_made = fitted(("passthrough", ["age"]))
    candidate.features_.transformers_ = [("x", SimpleNamespace(), ["age"])]
    with pytest.raises(TypeError, match="SimpleNamespace"):
        features(candidate, n_made)


def test_features_are_added_up_by_column():
    kinds = [
        ("hours", "number"), ("hours", "missing"), ("day", "date"), ("day", "missing"), ("city", "category"),
        ("city", "spelling"), ("note", "word"), ("note", "piece"), ("note", "embedding"),
    ]  # fmt: skip
    known = [Feature(column=column, kind=kind) for column, kind in kinds]
    assert group(known[7]) == ("note", "word")
    assert {key: places.tolist() for key, places in groups(known).items()} == {
        ("hours", "number"): [0, 1], ("day", "date"): [2, 3], ("city", "category"): [4, 5], ("note", "word"): [6, 7],
        ("note", "embedding"): [8],
    }  # fmt: skip
    found = shares(np.arange(9.0), known)
    assert [(one.name, one.kind, one.n_features) for one in found] == [
        ("note", "word", 2), ("city", "category", 2), ("note", "embedding", 1), ("day", "date", 2),
        ("hours", "number", 2),
    ]  # fmt: skip
    assert [one.share for one in found] == pytest.approx([13 / 36, 9 / 36, 8 / 36, 5 / 36, 1 / 36])
    assert {one.share for one in shares(np.zeros(9), known)} == {0}
