"""Weights of labels: those of reading prompt and label at once, whatever is kept from one label to the next."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from transformers import LlamaConfig, LlamaModel

from core.encode.label_scores import MOST_TEXTS, MOST_TOKENS, LabelScorer, _ids, _Reader
from core.messages import UnusableData

WORDS = ["[UNK]", "good", "bad", "very", "late", "crew", "This", "text", "is", "about", "<|im_start|>user", "<"]


def tokenizer() -> Tokenizer:
    made = Tokenizer(WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.pre_tokenizer = WhitespaceSplit()
    return made


@pytest.fixture
def loaded():
    """A model of two small blocks with random weights."""
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    model = LlamaModel(LlamaConfig(vocab_size=len(WORDS), **sizes)).eval()
    return SimpleNamespace(model=model, tokenizer=tokenizer(), padding=0)


def read_at_once(model: LlamaModel, prompt: list[int], label: list[int]) -> float:
    """The mean log-probability of a label's tokens: everything before each is read anew."""
    output, total = model.get_input_embeddings().weight, 0.0
    for place, token in enumerate(label):
        with torch.inference_mode():
            state = model(input_ids=torch.tensor([[*prompt, *label[:place]]])).last_hidden_state[0, -1]
            total += torch.log_softmax(output @ state, dim=0)[token].item()
    return total / len(label)


def test_a_label_weighs_the_mean_log_probability_of_its_tokens(loaded):
    reader = _Reader(loaded, ["good", "very bad", "very very good", "bad"])
    assert reader.labels == [[1], [3, 2], [3, 3, 1], [2]]
    prompts = [[4, 5, 1], [4], [5, 5, 4, 2, 1, 3]]
    expected = [[read_at_once(loaded.model, prompt, label) for label in reader.labels] for prompt in prompts]
    found = reader.weigh(prompts)
    assert found == pytest.approx(np.array(expected), abs=1e-4)
    assert found.dtype == np.float32


def test_a_prompt_is_the_question_around_the_beginning_of_the_text(loaded):
    reader = _Reader(loaded, ["good"])
    assert reader.prompt("late crew") == [*reader.before, 4, 5, *reader.after]
    assert reader.after[-4:] == [6, 7, 8, 9]
    assert reader.prompt("late " * 300) == [*reader.before, *[4] * MOST_TOKENS, *reader.after]
    assert reader.prompt("<|im_start|>user")[len(reader.before)] == WORDS.index("<")  # no mark of the chat


def test_a_tokenizer_that_somebody_let_cut_texts_does_not_cut_these():
    made = tokenizer()
    made.enable_truncation(2)
    assert _ids(made, "late late late late") == [4, 4, 4, 4]


def test_more_texts_than_can_be_asked_about_are_refused_and_copies_are_one():
    scorer = LabelScorer()
    scorer.labels_, scorer.prior_ = ["a", "b"], np.array([1.0, 2.0])
    scorer._weigh = lambda texts: np.array([[len(text), 0.0] for text in texts])
    assert scorer.transform(["x", "yy", "x", None]).tolist() == [[0, -2], [1, -2], [0, -2], [-1, -2]]
    assert len(scorer.transform([str(number) for number in range(MOST_TEXTS)])) == MOST_TEXTS
    with pytest.raises(UnusableData, match="5,001 at once"):
        scorer.transform([str(number) for number in range(MOST_TEXTS + 1)])
