"""An endpoint writes and judges as the same model does in this process, and nothing goes there unasked.

The server is llama.cpp's own, with the bundled model and a key; a hostile one answers from `tests.providers.hostile`.
"""

from __future__ import annotations

import logging
import socket
import threading
from contextlib import closing
from functools import partial

import numpy as np
import pytest
import xllamacpp

from core.access import audit
from core.allowed.endpoint import EndpointSettings
from core.messages import ModelUnavailable, UnusableData
from core.providers import http_client
from core.providers.endpoint import Endpoint, Usage
from core.providers.gguf.llama_cpp import Gguf
from core.results.language.laboratory import Decoding
from tests.providers.hostile import Hostile, chunk, sse

KEY = "sk-very-secret-0123456789"
TEXTS = ["The parcel never came and nobody answers.", "Thank you, it works very well."]
QUESTION = "Is the writer content? Answer Yes or No."


@pytest.fixture(scope="module")
def address(packed):
    settings = xllamacpp.CommonParams()
    settings.model.path = str(packed)
    settings.n_ctx, settings.n_parallel, settings.cpuparams.n_threads = 4096, 2, 1
    settings.verbosity = 0
    settings.cache_prompt = False
    settings.api_keys = [KEY]
    server = xllamacpp.Server(settings)
    yield server.listening_address.rstrip("/") + "/v1"
    del server


def endpoint(url, *, may_send=lambda host: True, audited=lambda about: None, key=KEY, waits=(0.01, 0.02), **settings):
    made = Endpoint(EndpointSettings(url, "small", key, **settings), may_send, "mask", audited)
    made.client.waits = waits
    return made


def last(steps):
    return {(one.prompt, one.sample): one for one in steps}


def test_it_writes_what_the_same_model_writes_here(address, packed):
    settings = Decoding(temperature=0, max_tokens=12)
    found = list(endpoint(address).write_all(["Tell me about the sea.", "Name a fruit."], settings))
    own = last(Gguf(packed, threads=2).write_all(["Tell me about the sea.", "Name a fruit."], settings))
    assert {key: one.text for key, one in last(found).items()} == {key: one.text for key, one in own.items()}
    assert [one.prompt for one in found] == sorted(one.prompt for one in found)
    assert len([one for one in found if one.prompt == 0 and one.text]) > 3  # it was streamed
    assert last(found)[0, 0].ended == "length"
    assert last(found)[0, 0].tokens == 12


def test_a_seed_decides_the_text_and_samples_differ(address):
    model, settings = endpoint(address), Decoding(temperature=1, max_tokens=10, seed=3)
    first, again = (
        {key: one.text for key, one in last(model.write_all(["Tell me a story."], settings, n=2)).items()}
        for _time in range(2)
    )
    assert first == again
    assert first[0, 0] != first[0, 1]


def test_a_text_ends_before_its_stop_string(address):
    free = last(endpoint(address).write_all(["Tell me about the sea."], Decoding(temperature=0, max_tokens=12)))[0, 0]
    stop = free.text.split()[3]
    shown = list(
        endpoint(address).write_all(["Tell me about the sea."], Decoding(temperature=0, max_tokens=12), stop=[stop])
    )
    assert shown[-1].text == free.text[: free.text.index(stop)].rstrip()
    assert shown[-1].ended in {"stop", "end"}
    assert all(free.text.startswith(one.text) for one in shown)


def test_it_judges_as_the_same_model_does_here(address, packed):
    model = endpoint(address)
    questions = [QUESTION, "Is it about a parcel? Answer Yes or No."]
    found = model.score(TEXTS, questions, ["Yes", "No"])
    own = Gguf(packed, threads=2).score(TEXTS, questions, ["Yes", "No"])
    assert found.shape == (2, 2, 2)
    assert np.abs(found - own).max() < 0.05
    assert model.note is None


def test_tokens_and_money_are_counted(address):
    model = endpoint(address, price_in=2.0, price_out=1000.0)
    assert model.usage == Usage(cost=0.0)
    list(model.write_all(["Tell me about the sea."], Decoding(temperature=0, max_tokens=12)))
    used = model.usage
    assert (used.requests, used.tokens_out) == (1, 12)
    assert 10 < used.tokens_in < 60
    assert used.cost == pytest.approx((2 * used.tokens_in + 1000 * 12) / 1e6)
    assert endpoint(address).usage.cost is None


def test_a_wrong_key_is_refused_in_a_sentence_and_tried_once(address):
    model = endpoint(address, key="sk-another")
    with pytest.raises(ModelUnavailable, match=r"refuses the key \(401\)") as raised:
        model.score(TEXTS, [QUESTION], ["Yes", "No"])
    assert "sk-another" not in repr(raised.value) + str(raised.value)
    assert model.host in str(raised.value)


def test_the_key_is_nowhere(address, tmp_path, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        model = endpoint(address, audited=partial(audit.record, tmp_path, "sent-out", "ann"))
        (tmp_path / "logs").mkdir()
        list(model.write_all(["Tell me about the sea."], Decoding(temperature=0, max_tokens=4)))
    (act,) = audit.read(tmp_path)
    assert (act.act, act.owner) == ("sent-out", "ann")
    assert act.about.startswith(f"{model.host} small 1 texts, ")
    written = audit.log_file(tmp_path).read_text() + caplog.text + "".join(capfd.readouterr())
    assert "HTTP Request" in caplog.text
    assert KEY not in written + repr(model) + str(vars(model)) + model.revision
    assert "sea" not in audit.log_file(tmp_path).read_text()
    assert model.revision == endpoint(address, key="other").revision != endpoint(f"{address}/2").revision


def test_without_consent_no_connection_is_opened(monkeypatch):
    monkeypatch.setattr(http_client, "READ_SECONDS", 0.2)  # nobody answers whoever connects
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.3)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        acts = []
        model = endpoint(url, may_send=lambda host: False, audited=acts.append)
        for ask in (
            lambda: list(model.write_all(["Hello."], Decoding())),
            lambda: model.score(TEXTS, [QUESTION], ["Yes", "No"]),
            lambda: model.embed(TEXTS),
        ):
            with pytest.raises(ModelUnavailable, match="nobody has allowed") as raised:
                ask()
            assert f"--send-to {model.host}" in str(raised.value)
        with pytest.raises(TimeoutError):
            listening.accept()
        assert acts == []


def test_consent_that_is_taken_back_stops_what_is_under_way():
    with Hostile() as server:
        server.answer = lambda request: request.send(sse(chunk("Fine.", "stop")))
        left = [3]

        def may_send(host):
            left[0] -= 1
            return left[0] >= 0

        model = endpoint(server.url, may_send=may_send)
        with pytest.raises(ModelUnavailable, match="nobody has allowed"):
            list(model.write_all(["Hello."] * 20, Decoding()))
        assert len(server.asked) == 2  # once for all of them, then for each


def test_personal_data_are_masked_and_the_same_value_alike():
    with Hostile() as server:
        server.answer = lambda request: request.send_json(chunk("Yes", "stop"))
        model = endpoint(server.url)
        model.score(["Write to ann.lee@web.de", "From ann.lee@web.de"], ["Is it ann.lee@web.de?"], ["Yes", "No"])
        list(model.write_all(["Call ann.lee@web.de"], Decoding()))
        server.answer = lambda request: request.send_json({"data": [{"index": 0, "embedding": [1.0, 2.0]}]})
        assert model.embed(["Ask ann.lee@web.de"]).tolist() == [[1.0, 2.0]]
        said = [str(one) for one in server.asked]
    assert not any("ann.lee" in one or KEY in one for one in said)
    masks = {word for one in said for word in one.split("<")[1:] if word.startswith("e-mail")}
    assert len({mask[:13] for mask in masks}) == 1


def test_without_probabilities_the_answer_counts_as_sure_which_is_noted_once():
    with Hostile() as server:
        server.answer = lambda request: request.send_json(chunk("No.", "stop"))
        model = endpoint(server.url)
        found = model.score(TEXTS[:1], [QUESTION], ["Yes", "No"])
        assert found[0, 0].tolist() == [round(float(np.log(0.01)), 2), 0.0]
        assert model.host in str(model.note)
        assert "logprobs" in server.asked[0]
        model.score(TEXTS[:1], [QUESTION], ["Yes", "No"])
        assert "logprobs" not in server.asked[-1]


def test_an_endpoint_that_refuses_to_tell_probabilities_is_asked_without():
    def answer(request):
        if "logprobs" in request.asked:
            request.send_json({"error": {"message": "top_logprobs is not supported"}}, 400)
        else:
            request.send_json(chunk("Yes", "stop"))

    with Hostile() as server:
        server.answer = answer
        model = endpoint(server.url)
        assert model.score(TEXTS[:1], [QUESTION], ["Yes", "No"])[0, 0, 0] == 0
        assert model.note is not None


def test_four_are_asked_at_once_and_answers_come_in_order():
    gate, inside, most = threading.Semaphore(0), [], []

    def answer(request):
        inside.append(1)
        most.append(len(inside))
        if len(most) == 4:
            for _request in range(20):
                gate.release()
        gate.acquire(timeout=5)
        inside.pop()
        request.send(sse(chunk(request.asked["messages"][0]["content"], "stop")))

    with Hostile() as server:
        server.answer = answer
        found = list(endpoint(server.url).write_all([f"Word {n}" for n in range(9)], Decoding()))
    assert [one.text for one in found if one.ended] == [f"Word {n}" for n in range(9)]
    assert [one.prompt for one in found] == sorted(one.prompt for one in found)
    assert max(most) == 4


def test_a_long_prompt_keeps_its_beginning_and_its_end():
    with Hostile() as server:
        server.answer = lambda request: request.send(sse(chunk("Yes", "stop")))
        model = endpoint(server.url, context=512)
        list(model.write_all(["Begin. " + "word " * 6000 + "The end?"], Decoding(max_tokens=100)))
        (sent,) = server.asked
    text = sent["messages"][0]["content"]
    assert text.startswith("Begin.")
    assert text.endswith("The end?")
    assert 1000 < len(text) < 4 * 412


def test_leaving_early_hangs_up():
    gone = threading.Event()

    def answer(request):
        try:
            for _piece in range(200):
                request.send(sse(chunk("word ", None), done=False), end=False)
                gone.wait(0.02)
        except OSError:
            gone.set()

    with Hostile() as server:
        server.answer = answer
        with closing(endpoint(server.url).write_all(["Hello."], Decoding())) as steps:
            assert next(one for one in steps if one.text).text == "word"
        assert gone.wait(5)


@pytest.mark.parametrize("shape", ["no choices", "text", "logprobs"])
def test_an_answer_in_another_form_is_one_sentence(shape):
    bodies = {
        "no choices": {"choices": "none"},
        "text": {"choices": [{"message": "Yes"}]},
        "logprobs": {"choices": [{"message": {}, "logprobs": {"content": [{"top_logprobs": [{"token": "Yes"}]}]}}]},
    }
    with Hostile() as server:
        server.answer = lambda request: request.send_json(bodies[shape])
        with pytest.raises(UnusableData, match="OpenAI’s interface"):
            endpoint(server.url).score(TEXTS[:1], [QUESTION], ["Yes", "No"])


def test_an_answer_that_comes_after_whoever_asked_has_left_was_paid_for():
    left = threading.Event()

    def answer(request):
        left.set()
        request.send_json({"choices": [{"message": {"content": "Yes"}}], "usage": {"prompt_tokens": 50}})

    with Hostile() as server:
        server.answer = answer
        asked = endpoint(server.url)
        list(asked._scored("Is it late?", ("Yes", "No"), left))
    assert (asked.usage.requests, asked.usage.tokens_in) == (1, 50)
