"""A pretrained model fine-tuned by low-rank corrections."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from peft import PeftModel
from transformers import LlamaConfig, LlamaForCausalLM

from core.language.corpus import prepare
from core.language.model import Neural
from core.language.saved_models import load
from core.language.tokens import Tokens
from core.language.training.lora import SEPARATOR, Causal, Tuning, opened
from core.language.training.validation import Held, validation_loss
from core.messages import ModelUnavailable, UnreadableFile

TEXT = "The ferry to Lower Quill leaves at nine past seven, unless the tide clerk has lost her brass whistle. "


@pytest.fixture(scope="module")
def small():
    torch.manual_seed(0)
    shape = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    return LlamaForCausalLM(LlamaConfig(vocab_size=50, num_key_value_heads=2, **shape)).eval()


def test_token_by_token_says_what_the_whole_pass_says(small):
    network = Causal(small)
    ids = np.array([3, 1, 4, 1, 5, 9, 2, 6])
    with torch.inference_mode():
        logits, memory = network.advance(torch.from_numpy(ids[None, :5]), ())
        kept = [part.clone() for part in memory]
        for token in ids[5:]:
            logits, after = network.advance(torch.tensor([[token]]), memory)
            assert all(torch.equal(one, other) for one, other in zip(kept, memory, strict=True))  # left as it was
            memory, kept = after, [part.clone() for part in after]
        expected = small(torch.from_numpy(ids[None])).logits[0, -1]
    assert logits[0, -1].numpy() == pytest.approx(expected.numpy(), abs=1e-5)


@pytest.fixture(scope="module")
def pretrained(tmp_path_factory):
    """A folder like those of pretrained models, its weights drawn at random."""
    folder = tmp_path_factory.mktemp("models") / "tiny-llama"
    torch.manual_seed(0)
    shape = {"hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4}
    shape |= {
        "num_key_value_heads": 2,
        "initializer_range": 0.2,
    }  # so that its last layer, which stays, can tell tokens apart
    tokens = Tokens.train("bpe", [TEXT], 300)
    LlamaForCausalLM(LlamaConfig(vocab_size=tokens.size, **shape)).save_pretrained(folder)
    tokens.save(folder / "tokenizer.json")
    spelled = (folder / "tokenizer.json").read_text(encoding="utf-8")
    (folder / "tokenizer.json").write_text(spelled.replace('"<s>"', f'"{SEPARATOR}"'), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def corpus():
    return prepare(
        [f"{TEXT} Number {n} of {n * n} boats, {n + 7} ropes." * 3 for n in range(60)], name="ferries", near=1
    )


@pytest.fixture(scope="module")
def tuning(pretrained):
    made = Tuning(str(pretrained), [TEXT * 4], steps=40, batch=2, context=32, rank=4, learning_rate=1e-2)
    made.losses = [step.loss_nats for step in made.run()]
    return made


def test_corrections_are_learned_and_come_back_from_their_folder(tuning, pretrained, corpus, tmp_path):
    assert tuning.losses[-1] < tuning.losses[0] - 1
    ids = tuning.tokens.document(TEXT)
    expected = tuning.model.log_probabilities(ids)
    tuning.save(tmp_path / "tuned", corpus)
    again = opened(tmp_path / "tuned", str(pretrained))
    assert again.log_probabilities(ids) == pytest.approx(expected, abs=1e-4)
    plain = LlamaForCausalLM.from_pretrained(pretrained)
    with torch.inference_mode():
        untouched = plain(torch.from_numpy(ids[None].astype(np.int64))).logits[0].log_softmax(-1)
        theirs = PeftModel.from_pretrained(plain, tmp_path / "tuned").eval()  # peft reads the folder too
        told = theirs(torch.from_numpy(ids[None].astype(np.int64))).logits[0].log_softmax(-1)
    assert told.numpy() == pytest.approx(expected, abs=1e-4)
    assert np.abs(untouched.numpy() - expected).max() > 0.5


def test_a_folder_of_corrections_tells_nothing_of_the_machine(tuning, pretrained, corpus, tmp_path):
    tuning.save(tmp_path, corpus)
    assert {path.name for path in tmp_path.iterdir()} == {
        "adapter_config.json",
        "adapter_model.safetensors",
        "card.json",
    }
    for path in tmp_path.iterdir():
        assert str(pretrained.parent).encode() not in path.read_bytes()
        assert str(Path.home()).encode() not in path.read_bytes()
    card = json.loads((tmp_path / "card.json").read_text())
    assert (card["name"], card["lora_rank"], card["steps"], card["corpus"]) == ("tiny-llama", 4, 40, "ferries")
    assert card["tokens_read"] == 40 * 2 * 32


def test_corrections_are_only_put_on_the_model_they_were_made_for(tuning, pretrained, corpus, tmp_path):
    tuning.save(tmp_path / "tuned", corpus)
    other = tmp_path / "other"
    other.mkdir()
    for path in pretrained.iterdir():
        (other / path.name).write_bytes(path.read_bytes())
    (other / "config.json").write_text((pretrained / "config.json").read_text() + "\n")
    with pytest.raises(ModelUnavailable):
        opened(tmp_path / "tuned", str(other))
    (tmp_path / "tuned" / "adapter_model.safetensors").write_bytes(b"nothing")
    with pytest.raises(UnreadableFile):
        load(tmp_path / "tuned")


@pytest.mark.slow  # unpacks a model of 135 million weights
def test_smollm2_learns_a_text(unpacked_models, corpus, tmp_path):
    tuning = Tuning(str(unpacked_models / "smollm2-135m-instruct"), [TEXT * 4], steps=6, batch=2, context=32)
    held = Held([tuning.tokens.document(TEXT)], len(TEXT))
    frozen = {name: one.clone() for name, one in tuning.inside.named_parameters() if not one.requires_grad}
    before, n_tokens = validation_loss(tuning.network, held, tuning.tokens.begin)
    assert isinstance(tuning.model, Neural)
    losses = [step.loss_nats for step in tuning.run()]
    after, _n = validation_loss(tuning.network, held, tuning.tokens.begin)
    assert after < before - 0.3 * n_tokens
    assert losses[-1] < losses[0]
    for name, one in tuning.inside.named_parameters():
        assert one.requires_grad or torch.equal(one, frozen[name]), name
    tuning.save(tmp_path, corpus)
    again = opened(tmp_path, str(unpacked_models / "smollm2-135m-instruct"))
    ids = tuning.tokens.document(TEXT)
    assert again.log_probabilities(ids) == pytest.approx(tuning.model.log_probabilities(ids), abs=1e-2)
