"""A translation model in a folder is read as what it is: it gets the text itself, not a request."""

from __future__ import annotations

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
)

from core.messages import ModelUnavailable
from core.text_tasks.models.named import Named

pytestmark = pytest.mark.slow
WORDS = {"<pad>": 0, "</s>": 1, "<unk>": 2, "cat": 3, "dog": 4}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A model with random weights that no network is needed for."""
    place = tmp_path_factory.mktemp("translator")
    words = Tokenizer(models.WordLevel(WORDS, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, pad_token="<pad>", eos_token="</s>", unk_token="<unk>")
    tokenizer.save_pretrained(place)
    torch.manual_seed(0)
    config = T5Config(
        vocab_size=len(WORDS), d_model=8, d_ff=8, d_kv=8, num_layers=1, num_heads=1,
        decoder_start_token_id=0, pad_token_id=0, eos_token_id=1,
    )  # fmt: skip
    T5ForConditionalGeneration(config).save_pretrained(place)
    return place


def test_a_translation_model_answers_in_order_whatever_stands_beside(folder):
    model = Named(str(folder))
    assert model.pairs
    texts = ["cat", "dog dog dog", "cat dog", "dog", "cat cat"]
    together = list(model.write_all(texts, 4))
    assert together == [next(model.write_all([text], 4)) for text in texts]


def test_it_stops_when_it_should(folder):
    model = Named(str(folder))
    asked = []
    next(model.write_all(["cat"], 50, stop=lambda: asked.append(1) or len(asked) >= 3))
    assert len(asked) <= 3


def test_a_folder_without_weights_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(ModelUnavailable, match="could not be loaded"):
        Named(str(tmp_path))


@pytest.fixture(params=["with a template", "without"])
def small(request, tmp_path):
    """A model with random weights that reads 64 tokens in all."""
    vocabulary = {word: number for number, word in enumerate(["<pad>", "</s>", "<unk>", "ask", "tell", "what", "cat"])}
    words = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", model_max_length=64
    )
    if request.param == "with a template":
        tokenizer.chat_template = "{% for one in messages %}ask {{ one['content'] }} {% endfor %}tell"
    tokenizer.save_pretrained(tmp_path)
    torch.manual_seed(0)
    config = GPT2Config(
        vocab_size=len(vocabulary), n_positions=64, n_embd=8, n_layer=1, n_head=1,
        bos_token_id=1, eos_token_id=1, pad_token_id=0,
    )  # fmt: skip
    GPT2LMHeadModel(config).save_pretrained(tmp_path)
    return Named(str(tmp_path))


@pytest.mark.parametrize(("max_tokens", "room"), [(10, 54), (500, 32)])
def test_a_prompt_that_is_too_long_keeps_its_question_and_leaves_room_to_answer(small, monkeypatch, max_tokens, room):
    read = []
    generate = small.model.generate

    def watched(**inputs):
        read.extend(small.tokenizer.batch_decode(inputs["input_ids"]))
        assert inputs["input_ids"].shape[1] + inputs["max_new_tokens"] <= 64
        return generate(**inputs)

    monkeypatch.setattr(small.model, "generate", watched)
    list(small.write_all([f"{'cat ' * 200}what"], max_tokens))
    words = read[0].split()
    assert len(words) == room
    if small.tokenizer.chat_template:
        assert (words[0], words[-2:]) == ("ask", ["what", "tell"])
    else:
        assert words[-1] == "what"


def test_a_long_text_is_cut_for_a_translation_model_too(folder):
    model = Named(str(folder))
    model.longest = 16
    asked = model._asked("cat " * 50 + "dog", 16)
    assert len(model._ids(asked)) == 16
    assert asked.endswith("dog")
