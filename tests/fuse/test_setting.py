"""Which candidates can't apply to a table, what they see of it, and which encoder reads which column."""

from __future__ import annotations

import pytest

from core.data.schema import Schema
from core.fuse.setting import (
    Setting,
    choice_for,
    encoders_of,
    language_of,
    learns,
    row_choice,
    sees,
    shared_choice,
    why_not,
)
from core.names import parse
from core.plan import EncoderChoice, Plan
from tests.fuse.tables import column

ALL = {"text": "text", "size": "number", "kind": "category", "day": "date"}


def schema(*names: str, **languages: str) -> Schema:
    texts = [column(name, "text", language) for name, language in languages.items()]
    return Schema(columns=[*(column(name, ALL[name]) for name in names), *texts, column("y", "target")])


def setting(table: Schema, task: str = "binary", **plan) -> Setting:
    return Setting(table, Plan(target="y", candidates=["dummy"], **plan), task)


@pytest.mark.parametrize(
    ("name", "columns", "task", "why"),
    [
        ("columns", ["text"], "binary", "no number, category or date columns"),
        ("columns", ["size"], "binary", None),
        ("columns", ["kind"], "binary", None),
        ("columns", ["day"], "binary", None),
        ("text-tfidf", ["size"], "binary", "no text column"),
        ("text-tfidf", ["text"], "binary", None),
        ("columns-as-text", [], "binary", "no column to learn from"),
        ("columns-as-text", ["size"], "binary", None),
        ("dummy", [], "binary", None),
        ("zero-shot", ["text"], "regression", "compares rows with the names of classes"),
        ("assisted-probabilities", ["text"], "regression", "compares rows with the names of classes"),
        ("assisted-augment", ["text"], "regression", "needs classes, and the target is a number"),
        ("zero-shot", ["text"], "binary", None),
        ("cooperative-tuned:smollm2", ["text"], "binary", "“text” is read with SmolLM2"),
        ("cooperative-tuned:minilm", ["text"], "binary", None),
        ("cooperative-tuned:someone/model", ["text"], "binary", None),
        ("cooperative:smollm2", ["text"], "binary", None),
    ],
)
def test_why_a_family_has_nothing_to_work_with(name, columns, task, why):
    found = why_not(parse(name), setting(schema(*columns), task))
    assert found is None if why is None else why in str(found)


@pytest.mark.parametrize(
    ("name", "columns", "part"),
    [
        ("columns", ["text", "size"], "columns"),
        ("columns", ["size"], "all"),
        ("text-tfidf", ["text", "size"], "texts"),
        ("text-tfidf", ["text"], "all"),
        ("cooperative", ["text", "size"], "all"),
        ("dummy", ["text", "size"], "nothing"),
    ],
)
def test_what_a_candidate_sees_is_all_where_there_is_one_kind_of_column(name, columns, part):
    assert sees(parse(name), schema(*columns)) == part


@pytest.mark.parametrize(
    ("name", "planned", "chosen"),
    [
        ("cooperative", None, EncoderChoice(name="minilm")),
        ("cooperative", EncoderChoice(pooling="max"), EncoderChoice(name="minilm", pooling="max")),
        ("cooperative", EncoderChoice(name="e5"), EncoderChoice(name="e5")),
        ("cooperative:minilm", EncoderChoice(name="minilm", layer=2), EncoderChoice(name="minilm", layer=2)),
        ("cooperative:minilm", EncoderChoice(name="e5", pca_variance=0.5), EncoderChoice(name="minilm")),
        ("text-tfidf", EncoderChoice(name="e5"), EncoderChoice(name="tfidf")),
        ("classical+linear", None, EncoderChoice(name="tfidf")),
        ("classical+svm-linear", None, EncoderChoice(name="tfidf")),
        ("classical+lightgbm", None, EncoderChoice(name="tfidf-svd")),
        ("text-tfidf+lightgbm", None, EncoderChoice(name="tfidf")),
    ],
)
def test_the_name_decides_then_the_plan_then_the_language(name, planned, chosen):
    plan = Plan(target="y", candidates=["dummy"], encoders={} if planned is None else {"note": planned})
    assert choice_for(parse(name), "note", plan, schema(note="en")) == chosen


def test_a_column_of_another_language_or_of_several_is_read_by_the_multilingual_encoder():
    plan = Plan(target="y", candidates=["dummy"])
    several = column("note", "text", "en").model_copy(update={"languages": {"en": 0.5, "de": 0.5}})
    table = Schema(columns=[several, column("title", "text", "zh"), column("y", "target")])
    assert [choice_for(parse("cooperative"), name, plan, table).name for name in ("note", "title", "gone")] == [
        "e5",
        "e5",
        "minilm",
    ]
    assert [language_of(name, setting(table)) for name in ("note", "title", "gone")] == ["en", "zh", ""]


def names(found: dict[str, EncoderChoice]) -> dict[str, str]:
    return {name: choice.name for name, choice in found.items()}


def test_which_encoders_a_candidate_has():
    two = setting(schema("size", title="en", body="de"))
    assert names(encoders_of("columns", two)) == {}
    assert names(encoders_of("dummy", two)) == {}
    assert names(encoders_of("cooperative", two)) == {"title": "minilm", "body": "e5"}
    assert names(encoders_of("auto", two)) == {"title": "minilm", "body": "e5"}
    assert encoders_of("auto", setting(schema("size"))) == {}
    assert names(encoders_of("text-tfidf", two)) == {"title": "tfidf", "body": "tfidf"}
    assert names(encoders_of("joint", two)) == {"title": "e5", "body": "e5"}  # one for all
    assert names(encoders_of("zero-shot", two)) == {"": "minilm"}
    assert names(encoders_of("columns-as-text:e5", two)) == {"": "e5"}


def test_the_one_encoder_of_all_columns_is_the_first_ones_unless_any_needs_the_multilingual_one():
    plan = {"encoders": {"title": EncoderChoice(name="smollm2"), "body": EncoderChoice(name="minilm")}}
    both = setting(schema(title="en", body="en"), **plan)
    assert shared_choice(parse("joint"), both).name == "smollm2"
    assert shared_choice(parse("joint"), setting(schema(title="en", body="zh"))).name == "e5"


def test_whole_rows_are_read_by_the_first_texts_encoder_unless_it_learns_from_rows():
    assert row_choice(parse("zero-shot"), setting(schema("size"))).name == "minilm"
    assert row_choice(parse("zero-shot:e5"), setting(schema("size"))).name == "e5"
    counts = {"encoders": {"note": EncoderChoice(name="tfidf")}}
    assert row_choice(parse("zero-shot"), setting(schema(note="de"), **counts)).name == "e5"
    frozen = {"encoders": {"note": EncoderChoice(name="minilm", layer=3)}}
    assert row_choice(parse("zero-shot"), setting(schema(note="de"), **frozen)) == EncoderChoice(name="minilm", layer=3)
    assert learns(EncoderChoice(name="tfidf"))
    assert not learns(EncoderChoice(name="minilm"))
    assert not learns(EncoderChoice(name="someone/model"))


def test_where_nothing_is_kept_there_is_no_cache(tmp_path):
    table, plan = schema("size"), Plan(target="y", candidates=["dummy"])
    assert Setting(table, plan, "binary").cache is None
    assert Setting(table, plan, "binary", cache_folder=tmp_path).cache == str(tmp_path)
    made = Setting(table, plan, "binary")
    assert (made.metric, made.threads, made.n_rows, made.positive) == ("accuracy", 1, 0, "")
