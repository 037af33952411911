"""Tokenisers: nothing is lost, nothing in a text is taken for a mark, what is saved is what was trained."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import ByteLevelBPETokenizer

from core.language.tokens import BEGIN, Tokens
from core.messages import UnreadableFile, UnusableData

ENGLISH = ["the cat sat on the mat", "the dog sat on the cat", "a dog and a cat, the two of them"] * 4
CHINESE = ["今天天气很好，我们去公园。", "公园里有很多人，天气很好。", "我们今天去看电影。"] * 4
KINDS = ["bpe", "unigram", "characters"]
TRAINED = {kind: Tokens.train(kind, ENGLISH + CHINESE, 320) for kind in KINDS}
ANY_TEXT = st.text(max_size=60) | st.text(alphabet="天气 好ab<s>▁\n\t\r0x4Ġ�🎉", max_size=40)


@pytest.mark.parametrize("kind", KINDS)
@given(text=ANY_TEXT)
@settings(max_examples=150, deadline=None)
def test_any_text_comes_back_to_the_letter(kind, text):
    tokens = TRAINED[kind]
    ids = tokens.encode(text)
    assert tokens.decode(ids) == text
    assert tokens.bytes_of(ids) == text.encode()
    assert tokens.begin not in ids


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_stays_below_the_size(kind):
    tokens = TRAINED[kind]
    ids = tokens.document("the cat 天气 ñ <s>")
    assert ids.dtype == np.int32
    assert ids[0] == tokens.begin
    assert 0 <= ids.min() <= ids.max() < tokens.size <= 320


@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_tokeniser_encodes_the_same(kind, tmp_path):
    tokens = TRAINED[kind]
    tokens.save(tmp_path / "tokenizer.json")
    again = Tokens.load(tmp_path / "tokenizer.json")
    text = "the cat <s> 天气很好 ñ🎉"
    assert again.encode(text).tolist() == tokens.encode(text).tolist()
    assert (again.size, again.begin) == (tokens.size, tokens.begin)


def test_documents_are_packed_between_marks():
    tokens = TRAINED["bpe"]
    first, second = tokens.encode("the cat").tolist(), tokens.encode("天气").tolist()
    begin = tokens.begin
    assert tokens.packed(["the cat", "天气"]).tolist() == [begin, *first, begin, *second, begin]


def test_pieces_can_be_read():
    tokens = TRAINED["characters"]
    assert [tokens.piece(token) for token in tokens.document("a 天\n")] == [BEGIN, "a", "␣", "天", "⏎"]
    assert [tokens.piece(token) for token in tokens.encode("ñ")] == ["⟨C3⟩", "⟨B1⟩"]  # not in the training text


def test_a_text_full_of_marks_stays_a_text():
    """Spelled like the beginning of a document and like a byte, often enough to be learned as pieces."""
    text = "<s><0xE4> \ue000 <s><0xE4>\ue000"
    for kind in KINDS:
        tokens = Tokens.train(kind, [text] * 50, 400)
        assert tokens.decode(tokens.encode(text)) == text
        assert tokens.begin not in tokens.encode(text)


def test_chinese_is_cut_into_characters_and_words_not_bytes():
    for kind in KINDS:
        pieces = [TRAINED[kind].piece(token) for token in TRAINED[kind].encode("今天天气很好，")]
        assert "".join(pieces) == "今天天气很好，"
    assert "天气很好" in [TRAINED["bpe"].piece(token) for token in range(TRAINED["bpe"].size)]


def test_frequent_words_become_one_token():
    assert [TRAINED["bpe"].piece(token) for token in TRAINED["bpe"].encode(" the cat")] == ["␣the", "␣cat"]


def test_half_a_surrogate_pair_does_no_harm():
    assert TRAINED["bpe"].decode(TRAINED["bpe"].encode("a\ud800b")) == "a?b"


def test_a_vocabulary_without_room_is_refused():
    with pytest.raises(UnusableData, match="257"):
        Tokens.train("bpe", ENGLISH, 200)


def test_what_is_no_tokeniser_is_refused(tmp_path):
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(UnreadableFile, match="not a tokeniser"):
        Tokens.load(tmp_path / "tokenizer.json")
    with pytest.raises(UnreadableFile, match="can't be read"):
        Tokens.load(tmp_path / "missing.json")


def test_a_pretrained_tokeniser_on_bytes_gives_texts_back(tmp_path):
    """As SmolLM2's and GPT-2's: bytes written as letters, another token at the beginning of a document."""
    pretrained = ByteLevelBPETokenizer()
    pretrained.train_from_iterator(ENGLISH, vocab_size=300, special_tokens=["<|endoftext|>"], show_progress=False)
    pretrained.save(str(tmp_path / "tokenizer.json"))
    tokens = Tokens.load(tmp_path / "tokenizer.json", begin="<|endoftext|>")
    text = "the cat, 天气 <|endoftext|> é\n"
    assert tokens.decode(tokens.document(text)) == text
    assert tokens.piece(int(tokens.encode(" the")[0])) == "␣the"
    with pytest.raises(UnusableData, match="no token “<s>”"):
        Tokens.load(tmp_path / "tokenizer.json")
