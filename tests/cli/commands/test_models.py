"""``models``: a GGUF file is taken in, listed as the one that writes, and removed again."""

from __future__ import annotations

import json

import pytest

from core.__main__ import main
from core.encode.engines.unpack_smollm2 import packed_file
from core.providers.fetch import KNOWN
from tests.providers.test_gguf_files import made


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in ("AMALGAM_MODELS", "AMALGAM_LANGUAGE_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AMALGAM_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def listed(capfd):
    capfd.readouterr()
    assert main(["models", "list", "--json"]) == 0
    return json.loads(capfd.readouterr().out)


def test_a_file_is_taken_in_writes_from_then_on_and_can_be_removed(capfd, home):
    before = listed(capfd)
    assert [(one["provider"], one["used"]) for one in before["models"]] == [("bundled", True)]
    assert [one["name"] for one in before["can_be_added"]] == list(KNOWN)
    assert main(["models", "add", str(packed_file())]) == 0
    added, bundled = listed(capfd)["models"]
    assert added["used"]
    assert not bundled["used"]
    assert added["provider"] == "llama.cpp"
    assert added["languages"] == ["en"]
    assert added["file"].startswith(str(home))
    assert main(["models", "remove", added["name"]]) == 0
    assert listed(capfd) == before


def test_what_lies_in_a_folder_of_somebodys_is_not_removed(capfd, monkeypatch, tmp_path):
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    monkeypatch.setenv("AMALGAM_MODELS", str(shelf))
    path = made(shelf / "theirs.gguf", ["<s>", "a"])
    assert main(["models", "remove", "theirs"]) == 2
    assert "by somebody" in capfd.readouterr().err
    assert path.exists()


def test_a_name_that_is_taken_and_a_file_that_cannot_chat_are_refused(capfd, tmp_path, home):
    first = made(tmp_path / "mine.gguf", ["<s>", "a"])
    assert main(["models", "add", str(first)]) == 0
    (tmp_path / "other").mkdir()
    assert main(["models", "add", str(made(tmp_path / "other" / "mine.gguf", ["<s>", "b"]))]) == 2
    assert "already" in capfd.readouterr().err
    assert (home / "models" / "gguf" / "mine.gguf").read_bytes() == first.read_bytes()
    assert main(["models", "add", str(made(tmp_path / "encoder.gguf", ["<s>", "a"], chats=False))]) == 2
    assert "chat form" in capfd.readouterr().err


@pytest.mark.parametrize("name", ["nowhere", "missing.gguf"])
def test_a_name_that_is_neither_a_file_nor_known_is_one_sentence(capfd, name):
    assert main(["models", "add", name]) == 2
    said = capfd.readouterr().err
    assert next(iter(KNOWN)) in said
    assert main(["models", "remove", name]) == 2
    assert "Traceback" not in said + capfd.readouterr().err


def test_a_file_that_is_no_model_is_not_taken_in(capfd, tmp_path, home):
    (tmp_path / "no.gguf").write_text("GGUF, it says")
    assert main(["models", "add", str(tmp_path / "no.gguf")]) == 2
    assert "no.gguf" in capfd.readouterr().err
    assert not list(home.rglob("*.gguf"))
