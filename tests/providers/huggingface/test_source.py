"""A folder is looked at: what it is, whether it changed, and in one sentence why it can't take part."""

from __future__ import annotations

import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import Gemma3Config, Gemma3ForConditionalGeneration

from core.messages import ModelUnavailable
from core.providers.huggingface import source
from core.providers.huggingface.source import FolderSource, at_hand, find, lasting
from tests.providers.huggingface.conftest import WORDS, causal, made


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    monkeypatch.setenv("AMALGAM_MODELS", str(tmp_path / "shelf"))
    (tmp_path / "shelf").mkdir()
    return tmp_path / "shelf"


def test_what_is_known_of_a_folder_before_it_is_loaded(folder):
    known = FolderSource(folder, str(folder))
    assert known.name == folder.name
    assert known.width == 576
    assert known.writes == {"en"}
    assert known.n_bytes == sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    assert known.n_bytes_loaded == known.n_bytes  # of 32 bits, as they are stored
    assert known.load() is FolderSource(folder, str(folder)).load()


def test_half_the_bytes_are_kept_only_where_the_processor_multiplies_in_them(tmp_path, monkeypatch):
    folder = made(tmp_path, causal().to(torch.bfloat16))
    for fast in (torch.bfloat16, torch.float32):
        monkeypatch.setattr(source.model_files, "precision", lambda fast=fast: fast)
        known = FolderSource(folder, str(folder))
        assert known.n_bytes_loaded == known.n_bytes * fast.itemsize / 2
        assert known.load().model.dtype == fast


@pytest.mark.parametrize("changed", ["chat_template.jinja", "generation_config.json", "model.safetensors"])
def test_a_folder_that_changed_has_another_fingerprint(small, changed):
    before = FolderSource(small, "small").revision
    assert FolderSource(small, "other name").revision == before
    if changed == "model.safetensors":
        weights = load_file(small / changed)
        save_file({name: tensor + 1 for name, tensor in weights.items()}, small / changed, {"format": "pt"})
    elif changed == "generation_config.json":
        told = json.loads((small / changed).read_text())
        (small / changed).write_text(json.dumps(told | {"repetition_penalty": 1.2}))
    else:
        (small / changed).write_text("another form")
    assert FolderSource(small, "small").revision != before


def test_an_encoder_a_folder_without_weights_and_one_with_too_few_are_refused_in_a_sentence(tmp_path, encoder, small):
    with pytest.raises(ModelUnavailable, match=r"not a model that writes.*BertModel"):
        FolderSource(encoder, str(encoder))
    with pytest.raises(ModelUnavailable, match="no weights"):
        FolderSource(tmp_path, "empty")
    weights = load_file(small / "model.safetensors")
    weights.pop("transformer.wte.weight")
    save_file(weights, small / "model.safetensors", {"format": "pt"})
    with pytest.raises(ModelUnavailable, match="no weights for"):
        FolderSource(small, "small").load()


def test_pickled_weights_and_programs_of_a_folder_are_never_opened(small):
    (small / "model.safetensors").rename(small / "pytorch_model.bin")
    with pytest.raises(ModelUnavailable, match="no weights"):
        FolderSource(small, "small")
    (small / "pytorch_model.bin").rename(small / "model.safetensors")
    told = json.loads((small / "config.json").read_text())
    own = {"model_type": "their-own", "auto_map": {"AutoConfig": "theirs.Config", "AutoModelForCausalLM": "theirs.M"}}
    (small / "config.json").write_text(json.dumps(told | own))
    (small / "theirs.py").write_text("raise SystemExit('ran')")
    with pytest.raises(ModelUnavailable, match="could not be loaded"):
        FolderSource(small, "small")


def test_a_name_is_a_folder_below_the_shelf_or_here_and_lasts(shelf, tmp_path, monkeypatch):
    made(shelf / "org" / "tiny", causal())
    made(tmp_path / "here", causal())
    monkeypatch.chdir(tmp_path)
    assert find("org/tiny").path == shelf / "org" / "tiny"
    assert lasting("org/tiny") == "org/tiny"
    assert find("here").path == tmp_path / "here"
    assert lasting("here") == str(tmp_path / "here")
    assert find(lasting("here")).revision == find("here").revision
    assert find("nowhere") is None


def test_an_id_is_fetched_only_where_it_may_be(small, monkeypatch):
    source._fetched.cache_clear()
    monkeypatch.delenv("AMALGAM_HUB", raising=False)
    with pytest.raises(ModelUnavailable, match="neither a model that comes with Amalgam"):
        find("org/tiny")
    asked = []
    monkeypatch.setattr(source.model_files, "fetched", lambda *told: asked.append(told) or small)
    assert find("org/tiny").name == find("org/tiny").name == "tiny"
    assert lasting("org/tiny") == "org/tiny"
    ((name, files, _hint),) = asked
    assert name == "org/tiny"
    assert {"config.json", "chat_template.jinja", "generation_config.json"} <= set(files)
    source._fetched.cache_clear()


def test_language_models_below_the_shelf_are_listed_and_encoders_are_not(shelf, encoder):
    assert at_hand() == []
    made(shelf / "org" / "tiny", causal())
    shutil.copytree(encoder, shelf / "encoder")
    (shelf / "broken").mkdir()
    (shelf / "broken" / "config.json").write_text("{")
    assert [one.named for one in at_hand()] == ["org/tiny"]


def test_a_model_that_reads_pictures_too_is_known_by_its_part_for_texts(tmp_path):
    """Its width stands in an inner configuration."""
    text = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1}
    text |= {"intermediate_size": 8, "head_dim": 4, "vocab_size": len(WORDS)}
    seen = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    config = Gemma3Config(text_config=text, vision_config=seen | {"image_size": 8, "patch_size": 4})
    place = made(tmp_path / "seer", Gemma3ForConditionalGeneration(config))
    found = FolderSource(place, str(place))
    assert found.width == 8
    assert len(found.revision) > 20
