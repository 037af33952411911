"""Small models in folders: one with meaning, the bundled one unpacked, and others with random weights."""

from __future__ import annotations

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    BertConfig,
    BertModel,
    GPT2Config,
    GPT2LMHeadModel,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
)

from core.encode.engines.unpack_smollm2 import prepared
from core.providers.huggingface.source import FolderSource

WORDS = ["<pad>", "</s>", "<unk>", "ask", "tell", "what", "cat", "dog"]
CHAT = "{% for one in messages %}ask {{ one['content'] }} {% endfor %}tell"


def made(place, model, template="", **settings):
    """A folder with a model, and a tokenizer of a few words."""
    words = Tokenizer(models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", **settings
    )
    tokenizer.chat_template = template or None
    tokenizer.save_pretrained(place)
    model.save_pretrained(place)
    return place


def causal():
    torch.manual_seed(0)
    config = GPT2Config(
        vocab_size=len(WORDS), n_positions=64, n_embd=8, n_layer=1, n_head=1,
        bos_token_id=1, eos_token_id=1, pad_token_id=0,
    )  # fmt: skip
    return GPT2LMHeadModel(config)


@pytest.fixture(scope="session")
def translator(tmp_path_factory):
    """An encoder-decoder model."""
    torch.manual_seed(0)
    config = T5Config(
        vocab_size=len(WORDS), d_model=8, d_ff=8, d_kv=8, num_layers=1, num_heads=1,
        decoder_start_token_id=0, pad_token_id=0, eos_token_id=1,
    )  # fmt: skip
    return made(tmp_path_factory.mktemp("translator"), T5ForConditionalGeneration(config))


@pytest.fixture(scope="session")
def encoder(tmp_path_factory):
    """A model that only reads."""
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8
    )
    return made(tmp_path_factory.mktemp("encoder"), BertModel(config))


@pytest.fixture(params=["with a template", "without"])
def small(request, tmp_path):
    """A causal model that reads 64 tokens in all."""
    return made(tmp_path / "small", causal(), CHAT if request.param == "with a template" else "", model_max_length=64)


@pytest.fixture(scope="session")
def folder(unpacked_models):
    """The bundled model's folder."""
    return prepared(unpacked_models)


@pytest.fixture(scope="session")
def model(folder):
    return FolderSource(folder, str(folder)).load()
