"""A pretrained model fine-tuned by low-rank corrections."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from core.language.lora import Causal, Tuning
from core.language.model import Neural
from core.language.training import Held, validation_loss

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


@pytest.mark.slow  # unpacks a model of 135 million weights
def test_smollm2_learns_a_text(unpacked_models, tmp_path):
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
    tuning.save(tmp_path)
    assert (tmp_path / "adapter_model.safetensors").is_file()
