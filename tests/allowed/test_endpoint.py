"""An endpoint is off unless it was set up whole, and its key is shown nowhere."""

from __future__ import annotations

import json

import pytest

from core.allowed.endpoint import FILE, VARIABLES, EndpointSettings, estimate, settings
from core.messages import UnusableData

KEY = "sk-very-secret"
WHOLE = {"URL": "https://llm.example/v1", "MODEL": "large", "KEY": KEY}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for variable in VARIABLES.values():
        monkeypatch.delenv(variable, raising=False)


def told(monkeypatch, home, **values):
    for name, value in values.items():
        monkeypatch.setenv(f"AMALGAM_LLM_{name}", value)
    return settings(home)


def written(home, content, mode=0o600):
    path = home / FILE
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    path.chmod(mode)
    return path


def test_it_is_off_by_default(tmp_path):
    assert settings(tmp_path) is None


def test_the_environment_sets_it_up(monkeypatch, tmp_path):
    found = told(monkeypatch, tmp_path, **WHOLE, PRICE_IN="0.15", PRICE_OUT="0.6", CONTEXT="8192")
    assert found == EndpointSettings("https://llm.example/v1", "large", KEY, 0.15, 0.6, 8192)
    assert found.host == "llm.example"
    assert KEY not in repr(found) + str(found)


def test_a_file_sets_it_up_if_nobody_else_reads_it(tmp_path):
    whole = {"url": "http://localhost:8000/v1/", "model": "small", "key": KEY, "price_in": 1.5}
    path = written(tmp_path, whole)
    assert settings(tmp_path) == EndpointSettings("http://localhost:8000/v1", "small", KEY, 1.5)
    for mode in (0o640, 0o604, 0o666):
        path.chmod(mode)
        with pytest.raises(UnusableData, match="Others may read") as raised:
            settings(tmp_path)
        assert "chmod 600" in str(raised.value)
        assert KEY not in str(raised.value)


def test_a_key_of_the_file_is_not_sent_to_the_host_of_the_environment(monkeypatch, tmp_path):
    written(tmp_path, {"url": "https://trusted.example/v1", "model": "small", "key": KEY})
    assert told(monkeypatch, tmp_path, URL="https://other.example/v1", MODEL="m").key == ""


@pytest.mark.parametrize(
    "content",
    [
        f'{{"key": "{KEY}"',
        f'["{KEY}"]',
        f'{{"secret": "{KEY}"}}',
        f'{{"key": ["{KEY}"]}}',
        f'{{"url": true, "key": "{KEY}"}}',
        "[" * 50_000,
    ],
)
def test_a_file_of_another_form_is_one_sentence_without_what_it_holds(tmp_path, content):
    written(tmp_path, content)
    with pytest.raises(UnusableData, match="JSON object") as raised:
        settings(tmp_path)
    assert KEY not in str(raised.value)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"KEY": KEY}, "by half: AMALGAM_LLM_URL, AMALGAM_LLM_MODEL"),
        ({"URL": "https://llm.example/v1"}, "by half: AMALGAM_LLM_MODEL"),
        (WHOLE | {"URL": "llm.example"}, "not the address"),
        (WHOLE | {"URL": "ftp://llm.example"}, "not the address"),
        (WHOLE | {"URL": "https://llm.example:port/v1"}, "not the address"),
        (WHOLE | {"URL": "https://llm.example/v1?key=1"}, "not the address"),
        (WHOLE | {"URL": f"https://me:{KEY}@llm.example/v1"}, "holds a user"),
        (WHOLE | {"URL": "http://llm.example/v1"}, "unencrypted"),
        (WHOLE | {"URL": "http://8.8.8.8/v1"}, "unencrypted"),
        (WHOLE | {"KEY": f"{KEY}\nX: y"}, "not a key"),
        (WHOLE | {"KEY": f"{KEY} é"}, "not a key"),
        (WHOLE | {"MODEL": "m" * 300}, "name of a model"),
        (WHOLE | {"PRICE_IN": "cheap"}, "price of a million"),
        (WHOLE | {"PRICE_OUT": "-1"}, "price of a million"),
        (WHOLE | {"PRICE_OUT": "nan"}, "price of a million"),
        (WHOLE | {"CONTEXT": "12"}, "how many tokens"),
        (WHOLE | {"CONTEXT": "many"}, "how many tokens"),
    ],
)
def test_what_cannot_be_right_is_one_sentence_without_the_key(monkeypatch, tmp_path, values, words):
    with pytest.raises(UnusableData, match=words) as raised:
        told(monkeypatch, tmp_path, **values)
    assert KEY not in str(raised.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/v1", "http://gpu1:8000/v1", "http://10.0.0.5/v1", "http://a.internal",
                                 "http://[::1]:8000/v1"])  # fmt: skip
def test_within_this_network_no_encryption_is_asked_for(monkeypatch, tmp_path, url):
    assert told(monkeypatch, tmp_path, URL=url, MODEL="m").url == url


def test_an_address_copied_with_its_path_is_understood(monkeypatch, tmp_path):
    found = told(monkeypatch, tmp_path, URL="https://llm.example/v1/chat/completions", MODEL="m")
    assert found.url == "https://llm.example/v1"


def test_an_estimate_counts_each_question():
    priced = EndpointSettings("https://llm.example/v1", "m", price_in=1.0, price_out=10.0)
    one, two = estimate(100, 40_000, 1, priced), estimate(100, 40_000, 2, priced)
    assert one.tokens_in == 10_000 + 100 * 40
    assert two.tokens_in == 2 * one.tokens_in
    assert one.cost == pytest.approx((14_000 + 1_000) / 1e6)
    assert estimate(1, 1, 1, EndpointSettings("https://llm.example/v1", "m")).cost is None
