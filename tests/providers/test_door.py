"""Which model writes: the named one, else the largest that fits, else the bundled one."""

from __future__ import annotations

import shutil

import pytest

from core.messages import ModelUnavailable
from core.providers import door
from core.providers.bundled import Writer
from core.providers.gguf_files import FOLDER
from core.providers.llama_cpp import Gguf
from tests.providers.test_gguf_files import made


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
    assert door.picked(folder) == large
    assert door.can_write(folder, "zh_CN")
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", "small")
    assert door.picked(folder) == small
    assert not door.can_write(folder, "zh_CN")
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", "bundled")
    assert door.picked(folder) is None
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", "other")
    with pytest.raises(ModelUnavailable, match="other"):
        door.picked(folder)
    monkeypatch.delenv("AMALGAM_LANGUAGE_MODEL")
    monkeypatch.setattr(door, "machine_bytes", lambda: 2 * small.stat().st_size * 1.4)
    assert door.picked(folder) == small


def test_what_cannot_chat_is_passed_over_and_what_cannot_be_loaded_is_replaced(folder, unpacked_models, monkeypatch):
    made(folder / FOLDER / "projector.gguf", ["<s>", *map(str, range(900))], chats=False)
    (folder / FOLDER / "broken.gguf").write_bytes(b"GGUF" + b"x" * 50_000)
    assert door.picked(folder) is None
    empty = made(folder / FOLDER / "empty.gguf", ["<s>", "a"])  # a header, and no weights
    assert door.picked(folder) == empty
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
    assert door.picked(folder, "small") == small
    with pytest.raises(ModelUnavailable, match="nobody"):
        door.judge(folder, "nobody")


def test_the_bundled_model_judges_as_it_was_published(folder, packed):
    assert door.judge(folder, "bundled").name == packed.stem
