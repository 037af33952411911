"""Which model writes: the named one, else the largest that fits, else the bundled one."""

from __future__ import annotations

import shutil

import pytest

from core.access import audit, consent
from core.access.consent import NO_TABLE, Sender
from core.messages import ModelUnavailable
from core.providers import door
from core.providers.bundled import Writer
from core.providers.endpoint import Endpoint
from core.providers.gguf.files import FOLDER
from core.providers.gguf.llama_cpp import Gguf
from core.providers.huggingface.model import TransformersModel
from core.providers.huggingface.source import FolderSource
from core.results.language.laboratory import Decoding
from core.workspace import DatasetRow, new_id
from tests.providers.gguf.test_files import made
from tests.providers.huggingface.conftest import causal
from tests.providers.huggingface.conftest import made as made_folder


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("AMALGAM_MODELS", "AMALGAM_LANGUAGE_MODEL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / FOLDER).mkdir()
    return tmp_path


def test_without_a_file_the_bundled_model_writes_english(folder):
    assert door.picked(folder) is None
    assert door.can_write(folder, "en")
    assert not door.can_write(folder, "zh_CN")


def test_the_largest_that_fits_is_picked_unless_another_is_named(folder, monkeypatch):
    large = made(folder / FOLDER / "large.gguf", ["<s>", *(chr(0x4E00 + place) for place in range(3000))])
    small = made(folder / FOLDER / "small.gguf", ["<s>", "a"])
    assert door.picked(folder).path == large
    assert door.can_write(folder, "zh_CN")
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", "small")
    assert door.picked(folder).path == small
    assert not door.can_write(folder, "zh_CN")
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", "bundled")
    assert door.picked(folder) is None
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", "other")
    with pytest.raises(ModelUnavailable, match="other"):
        door.picked(folder)
    monkeypatch.delenv("AMALGAM_LANGUAGE_MODEL")
    monkeypatch.setattr(door, "machine_bytes", lambda: 2 * small.stat().st_size * 1.4)
    assert door.picked(folder).path == small


def test_what_cannot_chat_is_passed_over_and_what_cannot_be_loaded_is_replaced(folder, unpacked_models, monkeypatch):
    made(folder / FOLDER / "projector.gguf", ["<s>", *map(str, range(900))], chats=False)
    (folder / FOLDER / "broken.gguf").write_bytes(b"GGUF" + b"x" * 50_000)
    assert door.picked(folder) is None
    empty = made(folder / FOLDER / "empty.gguf", ["<s>", "a"])  # a header, and no weights
    assert door.picked(folder).path == empty
    monkeypatch.setattr(door, "ready", lambda place, progress: None)
    monkeypatch.setattr(door, "writer", lambda place: "the bundled one")
    assert door.chosen(folder) == "the bundled one"
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", "empty")
    with pytest.raises(ModelUnavailable, match=r"empty\.gguf"):
        door.chosen(folder)


def test_a_file_at_hand_is_loaded_once(folder, packed):
    shutil.copyfile(packed, folder / FOLDER / "small.gguf")
    model = door.chosen(folder)
    assert isinstance(model, Gguf)
    assert model.name == "small"
    assert door.chosen(folder) is model


def test_without_one_the_bundled_model_is_loaded(unpacked_models):
    assert isinstance(door.chosen(unpacked_models), Writer)


def test_a_name_goes_before_what_the_environment_says(folder, monkeypatch):
    small = made(folder / FOLDER / "small.gguf", ["<s>", "a"])
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", "bundled")
    assert door.picked(folder, "small").path == small
    with pytest.raises(ModelUnavailable, match="nobody"):
        door.judge(folder, "nobody")


def test_the_bundled_model_judges_as_it_was_published(folder, packed):
    assert door.judge(folder, "bundled").name == packed.stem


@pytest.fixture
def hugging(tmp_path):
    """A causal model with random weights, as Hugging Face has it."""
    return made_folder(tmp_path / "hugging", causal())


def test_a_folder_takes_part_where_it_is_named_and_a_file_of_that_name_goes_before_it(folder, hugging, monkeypatch):
    monkeypatch.setenv("AMALGAM_MODELS", str(hugging.parent))
    assert door.picked(folder) is None  # never unasked
    found = door.picked(folder, "hugging")
    assert isinstance(found, FolderSource)
    assert door.settled(folder, "hugging") == "hugging"
    assert door.settled(folder, str(hugging)) == str(hugging)
    assert door.n_bytes(folder, "hugging") == found.n_bytes
    assert door.revision(folder, "hugging") == found.revision
    assert isinstance(door.judge(folder, "hugging"), TransformersModel)
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", str(hugging))
    assert door.chosen(folder) is door.judge(folder)
    assert door.can_write(folder, "en")
    assert not door.can_write(folder, "zh_CN")
    assert door.settled(folder) == str(hugging)
    monkeypatch.delenv("AMALGAM_LANGUAGE_MODEL")
    file = made(folder / FOLDER / "hugging.gguf", ["<s>", "a"])
    assert door.picked(folder, "hugging").path == file


def test_a_folder_that_is_named_and_can_not_be_loaded_is_not_replaced(folder, hugging, monkeypatch):
    (hugging / "model.safetensors").write_bytes(b"no weights")
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", str(hugging))
    with pytest.raises(ModelUnavailable, match="hugging"):
        door.chosen(folder)
    (hugging / "model.safetensors").unlink()
    with pytest.raises(ModelUnavailable, match="no weights"):
        door.picked(folder)


def test_an_endpoint_is_never_picked_unasked(workspace, folder, endpoint):
    assert not door.is_endpoint()
    assert door.refusal(workspace.models_folder, None) is None
    assert not isinstance(door.judge(workspace.models_folder), Endpoint)
    assert not door.can_write(workspace.models_folder, "zh")


def test_an_endpoint_that_is_named_takes_part_where_it_is_allowed(workspace, folder, endpoint, monkeypatch):
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", "openai")
    row = DatasetRow(new_id(), "ann", "table", "hash", 1, 1, 0.0)
    workspace.dataset_folder(row.id).mkdir()
    workspace.add_dataset(row)
    sender = Sender(workspace.home, "ann", row.id)
    host = endpoint.host
    assert door.is_endpoint()
    assert door.can_write(workspace.models_folder, "zh_CN")
    assert door.picked(workspace.models_folder) is None
    for refused in (None, sender):
        assert host in str(door.refusal(workspace.models_folder, refused))
        for ask in (door.chosen, door.judge):
            with pytest.raises(ModelUnavailable, match="nobody has allowed"):
                ask(workspace.models_folder, sender=refused)
    consent.give(workspace, row.id, host, "ann")
    assert door.refusal(workspace.models_folder, sender) is None
    model = door.chosen(workspace.models_folder, sender=sender)
    assert list(model.write_all(["Mail ann@web.de"], Decoding()))[-1].text == "Yes"
    assert door.judge(workspace.models_folder, "openai", sender).revision == model.revision
    (act,) = audit.read(workspace.home)
    assert (act.act, act.owner) == ("sent-out", "ann")
    assert act.about.startswith(f"{host} large 1 texts")
    assert "ann@web.de" not in str(endpoint.asked)
    assert "<e-mail " in str(endpoint.asked)
    assert workspace.secret() not in str(endpoint.asked)


def test_an_endpoint_that_is_not_set_up_is_a_sentence(workspace, folder, monkeypatch):
    monkeypatch.delenv("AMALGAM_LLM_URL", raising=False)
    with pytest.raises(ModelUnavailable, match="No endpoint is set up"):
        door.judge(workspace.models_folder, "openai", Sender(workspace.home, "ann", NO_TABLE))
