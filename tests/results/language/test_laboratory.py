"""What the language lab stores: ranges of what may be chosen, what an earlier file leaves out, lines of a training."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from core.results.comparison import Interval
from core.results.language.laboratory import (
    CorpusCounts,
    Decoding,
    Judged,
    JudgeSettings,
    LabModel,
    LabResult,
    ModelCard,
    References,
    SampleText,
    ValidationLine,
    live_file,
    read_curve,
)


@pytest.mark.parametrize(
    ("kind", "field", "lowest", "highest", "usual"),
    [
        (Decoding, "temperature", 0, 5, 0.8),
        (Decoding, "top_k", 0, None, 0),
        (Decoding, "min_p", 0, 1, 0.0),
        (Decoding, "repetition_penalty", 1, 5, 1.0),
        (Decoding, "max_tokens", 1, 2000, 120),
        (JudgeSettings, "texts", 0, 1000, 48),
        (JudgeSettings, "text_bytes", 40, 10_000, 400),
        (JudgeSettings, "held_out_bytes", 1000, None, 300_000),
        (JudgeSettings, "resamples", 50, 5000, 500),
    ],
)
def test_both_ends_of_a_range_are_taken_and_nothing_beyond(kind, field, lowest, highest, usual):
    step = 0.01 if isinstance(usual, float) else 1
    assert getattr(kind(), field) == usual
    for value in (lowest, 10**9 if highest is None else highest):
        assert getattr(kind(**{field: value}), field) == value
    for value in [lowest - step] + ([] if highest is None else [highest + step]):
        with pytest.raises(ValidationError):
            kind(**{field: value})


def test_the_likeliest_tokens_together_have_some_probability_and_all_at_most():
    assert Decoding().top_p == 0.95
    assert [Decoding(top_p=value).top_p for value in (1e-9, 1)] == [1e-9, 1]
    for value in (0, 1.01):
        with pytest.raises(ValidationError):
            Decoding(top_p=value)
    assert Decoding().seed == JudgeSettings().seed == 0


def test_a_card_says_nothing_of_what_does_not_apply():
    given = {"name": "bigram", "kind": "n-gram", "corpus": "c", "language": "", "tokenizer": "bpe", "vocabulary": 9}
    card = ModelCard(**given, context=2)
    left = {name: value for name, value in card.model_dump().items() if name not in {*given, "context"}}
    assert left.pop("processes") == 1
    assert left.pop("validation_bits_per_byte") is None
    assert left.pop("versions") == {}
    assert left.pop("early_stopped") is False
    assert set(left.values()) == {0}


def counts() -> CorpusCounts:
    return CorpusCounts(**dict.fromkeys(set(CorpusCounts.model_fields) - {"language"}, 1), language="en")


def test_references_are_those_of_the_first_model_that_was_judged():
    real = References(real={"coherence": Interval(mean=1.0, low=0.0, high=2.0)}, n_texts=3)
    models = [
        LabModel(name="a"),
        LabModel(name="b", judged=Judged(references=real)),
        LabModel(name="c", judged=Judged()),
    ]
    found = LabResult(corpus="c", counts=counts(), tokenizer="bpe", vocabulary=9, models=models)
    assert found.references == real
    assert found.model("c") is found.models[2]
    assert found.model("z") is None
    empty = LabResult(corpus="c", counts=counts(), tokenizer="bpe", vocabulary=9)
    assert empty.references == References()
    assert (empty.schema_version, empty.seed, empty.budget_seconds, empty.models) == (1, 0, None, [])


def test_what_was_not_judged_is_nothing():
    made = Judged()
    assert (made.n_documents, made.n_tokens, made.n_bytes, made.blocks, made.n_texts, made.seconds) == (0,) * 6
    assert References().n_texts == 0
    assert (LabModel(name="a").status, LabModel(name="a").judged) == ("waiting", None)
    assert SampleText(text="x").model_dump() == {"prompt": "", "text": "x", "ended": False}
    assert ValidationLine(step=1, seconds=1.0, bits_per_byte=1.0, loss_nats=1.0).best is False


def test_a_curve_is_read_line_by_line_and_one_under_way_is_left(tmp_path):
    assert read_curve(tmp_path, "m").model_dump() == {"model": "m", "steps": [], "validations": [], "samples": []}
    step = '{"kind":"step","step":1,"seconds":2.0,"loss_nats":3.0,"learning_rate":0.1,"tokens":4,"tokens_per_second":5}'
    look = '{"kind":"validation","step":1,"seconds":2.0,"bits_per_byte":1.5,"loss_nats":3.0,"best":true}'
    text = '{"kind":"sample","step":1,"seconds":2.0,"prompt":"a","text":"ab"}'
    live_file(tmp_path, "m").write_text(f"{step}\n{look}\n{text}\n{step}\n{step[:20]}", encoding="utf-8")
    curve = read_curve(tmp_path, "m")
    assert [one.tokens for one in curve.steps] == [4, 4]
    assert [one.best for one in curve.validations] == [True]
    assert [one.text for one in curve.samples] == ["ab"]
    assert live_file(tmp_path, "m").name == "live-m.jsonl"
