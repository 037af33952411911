"""The cache's key holds all that decides a row: whatever is changed, rows are those of an encoder without a cache."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel, BertTokenizerFast

from core.encode import frozen, inference, label_scores, model_files
from core.encode.frozen import FrozenEncoder
from core.encode.label_scores import LabelScorer
from core.encode.model_files import locate, located_again
from core.fuse.predictor import FrozenWork
from core.messages import ModelUnavailable

WORDS = ["late", "bag", "crew", "Crew", "the", "seat", "was", "kind", "##s", "flight"]
TEXTS = ["the Crew was kind", "late late late bag", "the seat was late the bag was late the flight was late", ""]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("AMALGAM_HOME", str(tmp_path / "home"))


@pytest.fixture
def model(tmp_path) -> Path:
    """A BERT of two small blocks with random weights."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]))
    BertTokenizerFast(vocab=str(folder / "vocab.txt"), do_lower_case=False).save_pretrained(folder)
    torch.manual_seed(0)
    sizes = {
        "position_embedding_type": "absolute",
        "hidden_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 32,
    }
    BertModel(BertConfig(vocab_size=len(WORDS) + 5, **sizes)).save_pretrained(folder)
    write(folder / "sentence_bert_config.json", {"max_seq_length": 8})
    write(folder / "1_Pooling" / "config.json", {"pooling_mode_mean_tokens": True})
    return folder


def write(path: Path, settings: dict) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(settings))


def encoded(folder: Path, cache: Path | None, **settings) -> np.ndarray:
    chosen = {"pooling": "", "threads": 1, **settings}
    return FrozenEncoder(model=str(folder), cache_folder=cache, **chosen).fit_transform(TEXTS)


def check(folder: Path, cache: Path, change: Callable[[], None] | None = None, **settings) -> None:
    """Fill the cache, change something: rows must be fresh, and the change must have mattered."""
    before = encoded(folder, cache)
    assert (encoded(folder, cache) == before).all()
    if change is not None:
        change()
    after = encoded(folder, cache, **settings)
    np.testing.assert_allclose(after, encoded(folder, None, **settings), atol=1e-5)
    assert np.abs(after - before).max() > 1e-3


def test_a_cache_key_without_the_layer_would_give_the_rows_of_another(model, tmp_path):
    check(model, tmp_path, layer=1)
    check(model, tmp_path, layer=0)


def test_layers_counted_from_either_end_share_their_rows(model, tmp_path, monkeypatch):
    before = encoded(model, tmp_path, layer=-1)
    monkeypatch.delattr(frozen, "run")
    assert (encoded(model, tmp_path, layer=2) == before).all()


@pytest.mark.parametrize("pooling", ["first", "last", "max"])
def test_a_cache_key_without_the_pooling_would_give_the_rows_of_another(model, tmp_path, pooling):
    check(model, tmp_path, pooling=pooling)


def test_a_cache_key_without_the_pooling_a_model_was_trained_with_would_give_the_rows_of_another(model, tmp_path):
    check(model, tmp_path, lambda: write(model / "1_Pooling" / "config.json", {"pooling_mode_cls_token": True}))


def test_a_cache_key_without_the_maximum_length_would_give_the_rows_of_cut_texts(model, tmp_path):
    check(model, tmp_path, lambda: write(model / "sentence_bert_config.json", {"max_seq_length": 64}))


def test_a_cache_key_without_the_weights_would_give_the_rows_of_another_model(model, tmp_path):
    def train() -> None:
        other = BertModel.from_pretrained(model)
        with torch.no_grad():
            other.encoder.layer[1].output.dense.weight.add_(0.5 * torch.randn(16, 32))
        other.save_pretrained(model)

    check(model, tmp_path, train)


@pytest.mark.parametrize("name", ["tokenizer.json", "vocab.txt"])
def test_a_cache_key_without_the_tokenizer_would_give_the_rows_of_other_tokens(model, tmp_path, name):
    if name == "vocab.txt":
        (model / "tokenizer.json").unlink()
    (model / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]))

    def swap() -> None:
        text = (model / name).read_text()
        for old, new in (("late", "~"), ("kind", "late"), ("~", "kind")):
            text = text.replace(old, new)
        (model / name).write_text(text)

    check(model, tmp_path, swap)


def test_a_cache_key_without_the_tokenizers_settings_would_give_the_rows_of_other_tokens(model, tmp_path):
    def lower() -> None:
        path = model / "tokenizer_config.json"
        write(path, json.loads(path.read_text()) | {"do_lower_case": True})

    (model / "tokenizer.json").unlink()  # without it, transformers builds the tokenizer from vocabulary and settings
    (model / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]))
    check(model, tmp_path, lower)


def test_a_cache_key_without_the_number_format_would_give_the_rows_of_another(model, tmp_path, monkeypatch):
    before = encoded(model, tmp_path)
    other = torch.float32 if model_files.precision() == torch.bfloat16 else torch.bfloat16
    for module in (inference, model_files):
        monkeypatch.setattr(module, "precision", lambda: other)
    after = encoded(model, tmp_path)
    np.testing.assert_allclose(after, encoded(model, None), atol=1e-5)
    assert np.abs(after - before).max() > 1e-4


def test_rows_of_an_earlier_form_are_not_looked_up(model, tmp_path, monkeypatch):
    encoded(model, tmp_path)
    monkeypatch.setattr(inference, "ROWS", "rows of another form")
    monkeypatch.delattr(frozen, "run")
    with pytest.raises(NameError):
        encoded(model, tmp_path)


def test_label_weights_of_another_model_length_or_form_are_not_looked_up(model, tmp_path, monkeypatch):
    def space(**changed) -> Path:
        with monkeypatch.context() as patch:
            for name, value in changed.items():
                patch.setattr(label_scores, name, value)
            scorer = LabelScorer(str(model), tmp_path)
            scorer.labels_, scorer.revision_ = ["a", "b"], locate(str(model)).revision
            return scorer._cache().folder

    known = {space(), space(ASK="This is about"), space(MOST_TOKENS=8), space(WEIGHTS="another form")}
    write(model / "sentence_bert_config.json", {"max_seq_length": 64})
    assert len(known | {space()}) == 5
    assert space() == space()


def test_what_was_trained_before_the_fingerprint_held_every_file_is_still_taken(model):
    source = locate(str(model))
    assert located_again(str(model), source.weights) == source
    write(model / "1_Pooling" / "config.json", {"pooling_mode_cls_token": True})
    assert locate(str(model)).weights == source.weights
    with pytest.raises(ModelUnavailable):
        located_again(str(model), source.revision)


def test_frozen_work_is_the_same_only_for_the_same_texts_through_the_same_encoder():
    texts = np.array(["a", None, "b"], dtype=object)
    works = [FrozenWork("text", FrozenEncoder(**settings), texts) for settings in (
        {}, {"layer": 2}, {"pooling": "max"}, {"model": "other"},
    )]  # fmt: skip
    works.append(FrozenWork("text", FrozenEncoder(), np.array(["a", "None", "b"], dtype=object)))
    assert len({work.key for work in works}) == len(works)
    assert works[0].key == FrozenWork("another column", FrozenEncoder(), texts.copy()).key
