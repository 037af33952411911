"""``models``: a GGUF file is taken in, listed as the one that writes, and removed again."""

from __future__ import annotations

import json

import pytest

from core.__main__ import main
from core.access import consent
from core.encode.engines.unpack_smollm2 import packed_file
from core.providers.fetch import KNOWN
from core.workspace import DatasetRow, Workspace, new_id
from tests.providers.gguf.test_files import made
from tests.providers.huggingface.conftest import causal
from tests.providers.huggingface.conftest import made as made_folder


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


def test_a_folder_is_listed_where_it_is_named_and_below_the_shelf(capfd, monkeypatch, tmp_path):
    folder = made_folder(tmp_path / "shelf" / "org" / "tiny", causal())
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", str(folder))
    (found,) = [one for one in listed(capfd)["models"] if one["provider"] == "transformers"]
    assert (found["name"], found["file"], found["used"]) == (str(folder), str(folder), True)
    monkeypatch.setenv("AMALGAM_MODELS", str(tmp_path / "shelf"))
    monkeypatch.delenv("AMALGAM_LANGUAGE_MODEL")
    (found,) = [one for one in listed(capfd)["models"] if one["provider"] == "transformers"]
    assert (found["name"], found["used"]) == ("org/tiny", False)
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", "org/tiny")
    assert [one["used"] for one in listed(capfd)["models"]] == [True, False]
    assert main(["models", "list"]) == 0
    assert "* org/tiny" in capfd.readouterr().out


def test_an_endpoint_is_listed_and_allowed_for_a_table_and_taken_back(capfd, home, endpoint, monkeypatch):
    found = listed(capfd)["models"][-1]
    assert (found["provider"], found["host"], found["used"]) == ("openai", endpoint.host, False)
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", "openai")
    assert [one["used"] for one in listed(capfd)["models"]] == [False, True]
    workspace = Workspace(home)
    rows = [DatasetRow(new_id(), owner, "sales", "hash", 1, 1, 0.0) for owner in ("cli", "ann")]
    for row in rows:
        workspace.dataset_folder(row.id).mkdir()
        workspace.add_dataset(row)
    assert main(["models", "allow", "sales"]) == 0
    assert endpoint.host in capfd.readouterr().out
    assert [consent.given(workspace, row.id, endpoint.host, row.owner) for row in rows] == [True, False]
    assert main(["models", "allow", rows[1].id, "--owner", "ann"]) == 0
    assert consent.given(workspace, rows[1].id, endpoint.host, "ann")
    assert main(["models", "allow", "sales", "--take-back", "--json"]) == 0
    assert not consent.given(workspace, rows[0].id, endpoint.host, "cli")
    assert main(["models", "allow", rows[1].id]) == 2
    assert rows[0].id in capfd.readouterr().err
    assert endpoint.asked == []


def test_without_an_endpoint_nothing_can_be_allowed(capfd, monkeypatch):
    monkeypatch.delenv("AMALGAM_LLM_URL", raising=False)
    assert main(["models", "allow", "sales"]) == 2
    assert "No endpoint" in capfd.readouterr().err


def test_a_file_goes_to_an_endpoint_only_where_its_host_is_named(capfd, tmp_path, endpoint, monkeypatch):
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", "openai")
    table = tmp_path / "texts.csv"
    table.write_text("\n".join(["text", *[f"Parcel {n} never came, mail ann{n}@web.de." for n in range(9)]]))
    ask = ["task", "summarise", str(table), "--ways", "llm", "--rows", "3", "--json"]
    assert main(ask) == 2
    said = capfd.readouterr().err
    assert f"--send-to {endpoint.host}" in said
    assert main([*ask, "--send-to", "other.example"]) == 2
    assert endpoint.asked == []
    assert main([*ask, "--send-to", endpoint.host]) == 0
    assert len(endpoint.asked) == 3
    assert "never came" in str(endpoint.asked)
    assert "@web.de" not in str(endpoint.asked)
