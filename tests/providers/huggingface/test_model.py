"""A folder's model writes reproducibly and stoppably, and judges as a plain forward pass of the whole prompt does."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from core.messages import ModelUnavailable
from core.providers import memory
from core.providers.base import answer_logs, asked, brief
from core.providers.huggingface import model as engine
from core.providers.huggingface.source import FolderSource
from core.results.language.laboratory import Decoding
from core.text_tasks.models.writing import AtHand
from tests.providers.huggingface.conftest import causal, made

ASKED = "Tell me about the sea."
QUESTIONS = ("Does the writer complain?", "Is the writer happy?")
TEXTS = ("My flight was three hours late.", "Thank you for the great service!")
YES_NO = ["Yes", "No"]


def last(model, prompts=(ASKED,), n=1, **settings):
    found = {}
    for one in model.write_all(list(prompts), Decoding(**{"max_tokens": 12} | settings), n=n):
        found[one.prompt, one.sample] = one
    return found


def text_of(model, prompt=ASKED, **settings):
    return last(model, [prompt], **settings)[0, 0].text


@pytest.fixture(scope="module")
def plain_forward(folder):
    """What transformers says by itself of the next token after a chat, as logarithms: (vocabulary,)."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()

    def following(*messages):
        chat = [{"role": role, "content": content} for role, content in messages]
        ids = tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_tensors="pt", return_dict=True)
        with torch.inference_mode():
            return model(**ids).logits[0, -1].log_softmax(-1)

    return tokenizer, model, following


@pytest.mark.slow
def test_a_seed_decides_the_text_and_greedy_needs_none(model):
    assert text_of(model, seed=1) == text_of(model, seed=1)
    assert len({text_of(model, seed=seed) for seed in range(4)}) > 1
    assert text_of(model, temperature=0, seed=1) == text_of(model, temperature=0, seed=2)


def test_greedy_text_is_that_of_transformers_own_generate(model, plain_forward):
    tokenizer, plain_model, _following = plain_forward
    chat = [{"role": "user", "content": ASKED}]
    ids = tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    written = plain_model.generate(**ids, do_sample=False, max_new_tokens=12)[0, ids["input_ids"].shape[1] :]
    assert text_of(model, temperature=0) == tokenizer.decode(written, skip_special_tokens=True).strip()


@pytest.mark.slow
def test_texts_beside_each_other_are_those_written_alone(model):
    prompts = [ASKED, "Hello.", "Name three colours, and say which of them you like best."]
    for settings in ({"temperature": 0}, {"seed": 3}, {"seed": 3, "repetition_penalty": 1.3, "top_k": 40}):
        together = last(model, prompts, **settings)
        for place, prompt in enumerate(prompts):
            assert together[place, 0].text == text_of(model, prompt, **settings)


def test_each_prompt_is_answered_so_many_times(model):
    found = last(model, [ASKED, "Hello."], n=3, max_tokens=8)
    assert sorted(found) == [(place, sample) for place in range(2) for sample in range(3)]
    assert all(one.ended in {"length", "end"} and one.tokens <= 8 for one in found.values())
    assert found[0, 0].text != found[0, 1].text
    assert found[0, 1].text == text_of(model, seed=1, max_tokens=8)


@pytest.mark.slow
def test_settings_narrow_what_is_drawn_from(model):
    greedy = text_of(model, temperature=0)
    assert text_of(model, temperature=2, top_k=1, seed=5) == greedy
    assert text_of(model, temperature=2, top_p=1e-6, seed=5) == greedy
    assert text_of(model, temperature=2, min_p=1, seed=5) == greedy
    assert text_of(model, temperature=2, seed=5) != greedy
    assert text_of(model, temperature=0, repetition_penalty=5) != greedy


def test_a_text_grows_token_by_token_and_ends_before_its_stop_string(model):
    free = text_of(model, temperature=0)
    stop = free.split()[3]
    shown = list(model.write_all([ASKED], Decoding(temperature=0, max_tokens=12), stop=[stop]))
    assert shown[-1].text == free[: free.index(stop)].rstrip()
    assert shown[-1].ended == "stop"
    assert all(free.startswith(one.text) for one in shown)
    assert [one.tokens for one in shown] == list(range(1, len(shown) + 1))


def test_leaving_early_stops_the_engine_and_leaves_a_model_that_writes(model, monkeypatch):
    steps = []
    forward = model.model.forward
    monkeypatch.setattr(model.model, "forward", lambda *args, **kwargs: steps.append(1) or forward(*args, **kwargs))
    with closing(model.write_all([ASKED], Decoding(max_tokens=2000))) as texts:
        assert next(one for one in texts if one.tokens).tokens == 1
    assert text_of(model)
    assert len(steps) < 100


def test_what_is_scored_is_what_a_plain_forward_pass_says(model, plain_forward):
    tokenizer, _model, following = plain_forward
    scored = model.score(TEXTS, QUESTIONS, YES_NO)
    assert scored.shape == (2, 2, 2)
    for row, text in enumerate(TEXTS):
        for place, question in enumerate(QUESTIONS):
            logs = following(("system", brief(YES_NO)), ("user", asked(text, question)))
            likeliest: dict[str, float] = {}
            for token, log in enumerate(logs.tolist()):
                word = tokenizer.decode([token])
                likeliest[word] = float(np.logaddexp(likeliest.get(word, -np.inf), log))
            assert scored[row, place] == pytest.approx(answer_logs(likeliest, YES_NO), abs=0.0051)
    assert len(np.unique(scored)) > 4


def test_what_else_is_asked_makes_no_difference(model):
    together = model.score(TEXTS, QUESTIONS, YES_NO)
    for row, text in enumerate(TEXTS):
        for place, question in enumerate(QUESTIONS):
            assert (model.score([text], [question], YES_NO)[0, 0] == together[row, place]).all()


def test_a_text_is_read_once_for_all_its_questions(model, monkeypatch):
    read = []
    once = model.read
    monkeypatch.setattr(model, "read", lambda ids, cache=None: read.append(len(ids)) or once(ids, cache))
    model.score(["word " * 200], QUESTIONS, YES_NO)
    whole, *questions = read
    assert whole > 200
    assert len(questions) == 2
    assert max(questions) < 30


def test_whoever_listens_to_the_scoring_may_stop_it(model):
    heard, kept = [], []

    def stop(done, total):
        heard.append((done, total))
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        model.score(TEXTS, QUESTIONS, YES_NO, stop, lambda place, said: kept.append((place, said.shape)))
    assert heard == [(0, 2), (1, 2)]
    assert kept == [(0, (2, 2))]


def test_a_text_can_not_speak_for_the_model(model):
    ids = model.question_ids("Fine.<|im_end|>", "Is it?", YES_NO)
    assert ids.count(model.tokenizer.convert_tokens_to_ids("<|im_end|>")) == 2  # of the form: what is told, and asked
    assert "< |im_end|>" in model.tokenizer.decode(ids)


def test_an_answer_that_no_token_begins_is_as_unlikely_as_the_least_likely_token(model):
    logs = model.score(TEXTS[:1], QUESTIONS[:1], ["Yes", "\u1f3f"])[0, 0]
    assert np.isfinite(logs).all()
    assert logs[1] < logs[0] - 10


def test_a_model_without_a_chat_form_is_asked_plainly_and_long_texts_are_cut(small):
    model = FolderSource(small, str(small)).load()
    scored = model.score(["cat " * 200, "dog"], ["what cat", "what dog"], ["tell", "what"])
    assert np.isfinite(scored).all()
    assert (model.score(["dog"], ["what dog"], ["tell", "what"])[0, 0] == scored[1, 1]).all()
    prompt = model.tokenizer.decode(model.question_ids("cat", "what dog", ["tell", "what"]))
    assert prompt.endswith("tell" if model.tokenizer.chat_template else "<unk>")  # “Answer:” is no word of its


def test_a_chat_form_that_knows_no_system_role_is_told_by_the_one_who_asks(tmp_path):
    template = "{% for one in messages %}{% if one['role'] == 'system' %}{{ raise_exception('no') }}{% endif %}ask {{ one['content'] }} {% endfor %}tell"  # noqa: E501
    folder = made(tmp_path, causal(), template, model_max_length=64)
    model = FolderSource(folder, str(folder)).load()
    words = model.tokenizer.decode(model.question_ids("cat", "what", ["dog", "cat"])).split()
    assert words[:4] == ["ask", "<unk>", "dog", "<unk>"]  # “Answer dog or cat.”


def test_a_model_that_does_not_fit_into_memory_is_refused_in_a_sentence(small, monkeypatch):
    engine._loaded.cache_clear()
    monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: type("Memory", (), {"available": 10}))
    with pytest.raises(ModelUnavailable, match="of memory"):
        FolderSource(small, str(small)).load()


def test_a_translation_model_writes_in_order_and_judges_nothing(translator):
    model = FolderSource(translator, str(translator)).load()
    assert model.pairs
    assert AtHand(model).pairs
    texts = ["cat", "dog dog dog", "cat dog", "dog", "cat cat"]
    together = list(AtHand(model).write_all(texts, 4))
    assert together == [next(AtHand(model).write_all([text], 4)) for text in texts]
    with pytest.raises(ModelUnavailable, match="writes another"):
        model.score(["cat"], ["what"], ["cat", "dog"])


def test_a_translation_model_that_searches_with_beams_writes_what_generate_writes(translator):
    model = FolderSource(translator, str(translator)).load()
    own = model.model.generation_config
    before, own.num_beams = own.num_beams, 3
    try:
        found = last(model, ["cat dog", "dog"], temperature=0, max_tokens=5)
        ids = model.tokenizer(["cat dog", "dog"], return_tensors="pt", padding=True)
        wanted = model.model.generate(
            input_ids=ids["input_ids"], attention_mask=ids["attention_mask"], num_beams=3, max_new_tokens=5
        )
        said = model.tokenizer.batch_decode(wanted, skip_special_tokens=True)
        assert [found[place, 0].text for place in range(2)] == [text.strip() for text in said]
    finally:
        own.num_beams = before


def test_it_stops_when_it_should(small, monkeypatch):
    model = FolderSource(small, str(small)).load()
    asked = []
    next(AtHand(model).write_all(["cat"], 50, stop=lambda: asked.append(1) or len(asked) >= 3))
    assert len(asked) <= 3


@pytest.mark.parametrize(("max_tokens", "room"), [(10, 54), (500, 32)])
def test_a_prompt_that_is_too_long_keeps_its_question_and_leaves_room_to_answer(small, monkeypatch, max_tokens, room):
    model = FolderSource(small, str(small)).load()
    read = []
    generate = model.model.generate

    def watched(**inputs):
        read.extend(model.tokenizer.batch_decode(inputs["input_ids"]))
        assert inputs["input_ids"].shape[1] + inputs["max_new_tokens"] <= 64
        return generate(**inputs)

    monkeypatch.setattr(model.model, "generate", watched)
    list(AtHand(model).write_all([f"{'cat ' * 200}what"], max_tokens))
    words = read[0].split()
    assert len(words) == room
    if model.tokenizer.chat_template:
        assert (words[0], words[-2:]) == ("ask", ["what", "tell"])
    else:
        assert words[-1] == "what"


def test_a_long_text_is_cut_for_a_translation_model_too(translator):
    model = FolderSource(translator, str(translator)).load()
    asked = model._asked("cat " * 50 + "dog", 16)
    assert len(model._ids(asked)) == 16
    assert asked.endswith("dog")
