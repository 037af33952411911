"""Which GGUF files are at hand, and what their headers say."""

from __future__ import annotations

import gguf
import pytest

from core.messages import ModelUnavailable
from core.providers.gguf.files import FOLDER, files, find, header
from core.providers.vocabulary import WRITES_CHINESE


def made(path, words, context=512, chats=True):
    """A header without weights."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(context)
    writer.add_embedding_length(8)
    writer.add_token_list(words)
    writer.add_token_types([3, *[1] * (len(words) - 1)])
    if chats:
        writer.add_chat_template("{{ messages }}")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.delenv("AMALGAM_MODELS", raising=False)
    (tmp_path / FOLDER).mkdir()
    return tmp_path


def test_files_are_listed_from_the_largest_wherever_they_may_lie(folder, monkeypatch, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("shelf")
    monkeypatch.setenv("AMALGAM_MODELS", str(elsewhere))
    small = made(folder / FOLDER / "small.gguf", ["<s>", "a"])
    (elsewhere / "deep").mkdir()
    large = made(elsewhere / "deep" / "Large.gguf", ["<s>", *map(str, range(500))])
    (folder / FOLDER / "not.gguf").write_text("no model")
    assert files(folder) == [large, small]
    assert find("large", folder) == find("LARGE.gguf", folder) == large
    assert find("not", folder) is None
    assert find("../small", folder) is None


def test_a_header_says_how_long_which_marks_and_which_languages(folder, packed):
    known = header(packed)
    assert known.context == 8192
    assert known.writes == {"en"}
    assert {"<|im_start|>", "<|im_end|>"} <= set(known.control)
    chinese = [chr(0x4E00 + place) for place in range(WRITES_CHINESE)]
    assert header(made(folder / "zh.gguf", ["<s>", *chinese])).writes == {"en", "zh"}
    assert header(made(folder / "few.gguf", ["<s>", *chinese[1:]])).writes == {"en"}
    assert header(folder / "zh.gguf").control == ("<s>",)
    made(folder / "zh.gguf", ["<other>", "a"])
    assert header(folder / "zh.gguf").control == ("<other>",)


def test_a_file_that_is_cut_off_is_refused_in_a_sentence(folder, packed):
    cut = folder / "cut.gguf"
    cut.write_bytes(packed.read_bytes()[:5000])
    with pytest.raises(ModelUnavailable, match=r"cut\.gguf"):
        header(cut)
