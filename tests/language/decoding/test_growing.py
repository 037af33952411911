"""Text that grows token by token: no half characters, no beginning of a stop string."""

import pytest

from core.language.decoding.growing import Growing
from core.language.decoding.sample import samples
from core.language.tokens import Tokens
from core.results.language.laboratory import Decoding
from tests.language.decoding.test_sample import Table

PLAIN = Decoding(temperature=1, top_p=1, max_tokens=40)


@pytest.fixture(scope="module")
def tokens():
    return Tokens.train("characters", ["今天天气很好。明天会下雨吗？"], 262)


def test_pieces_join_to_the_whole_text_and_no_character_comes_out_half(tokens):
    characters = "雨很鑫🙂"
    data = characters.encode()
    single = [int(token) for token in tokens.encode("鑫🙂")]  # not in the vocabulary: written as bytes
    assert len(single) == 7
    growing = Growing()
    shown = [growing.add(bytes([byte])) for byte in data]
    assert "".join(shown) + growing.end() == characters
    assert all("\ufffd" not in piece for piece in shown)
    model = Table(tokens, [int(token) for token in tokens.encode(characters)])
    pieces = list(samples(model, "", PLAIN))
    written = tokens.decode([piece.token for piece in pieces])
    assert "".join(piece.text for piece in pieces) == written


def test_a_stop_string_ends_the_text_and_its_beginning_is_never_shown():
    growing = Growing(["END", "\n\n"])
    shown = [growing.add(part.encode()) for part in ["one E", "N", "E\n", "two EN", "D three"]]
    assert shown == ["one ", "", "ENE", "\ntwo ", ""]
    assert growing.stopped
    assert growing.end() == ""
    unmet = Growing(["END"])
    assert unmet.add(b"the EN") + unmet.end() == "the EN"
