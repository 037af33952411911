"""What a document of a plain text is follows counts, as a person would see it, and can be said."""

from __future__ import annotations

import random
import textwrap

import hypothesis.strategies as st
import pytest
from hypothesis import given

from core.data.schema import ReadOptions
from core.data.texts import documents
from core.data.texts.documents import split
from core.messages import UnreadableFile

DICE = random.Random(3)
WORDS = ["rain", "snow", "wind", "the", "of", "a", "long", "cold", "night", "over", "under", "hills", "went", "came"]


def sentence(n_words: int) -> str:
    return " ".join(DICE.choices(WORDS, k=n_words)).capitalize() + "."


REVIEWS = [sentence(DICE.randint(4, 30)) for _number in range(3700)]
LETTERS = [textwrap.fill(sentence(120), 72) for _number in range(6)]


@pytest.mark.parametrize(
    ("text", "n_documents"),
    [
        ("\n".join([*REVIEWS[:900], "", *REVIEWS[900:1800], "", *REVIEWS[1800:2700], "", *REVIEWS[2700:]]), 3700),
        ("\n".join(REVIEWS), 3700),
        ("\n\n".join(REVIEWS), 3700),
        ("\r\n\r\n".join("\n".join(REVIEWS[place : place + 3]) for place in range(0, 300, 3)), 100),
        ("\n\n".join(LETTERS), 6),
        ("\n".join(line + "\n" * (DICE.random() < 0.01) for line in REVIEWS), 3700),
        ("a\nb\n \t\nc\n\n\n\nd\n", 3),
        ("\n\na\r\nb\rc\n", 3),
        ("第一段\n\u3000\n第二段", 2),
        ("One line.\nAnother one, with a comma.\n\nThe last\n", 3),
        ("", 0),
        (" \n\n\t\n", 0),
    ],
    ids=["three blank lines among 3,700", "lines", "double spaced", "blocks of three", "letters with broken lines",
         "one blank line in a hundred", "mostly blank", "old line ends", "wide spaces", "one blank line of three",
         "nothing", "only blanks"],
)  # fmt: skip
def test_documents_are_what_a_person_would_say(text, n_documents):
    assert len(split(text)) == n_documents


def test_a_way_that_was_chosen_is_taken():
    text = "Chapter 1\nIt rained.\n\nStill.\nChapter 2\nIt snowed.\n***\nEnd.\n"
    assert split(text, ReadOptions(documents="blank lines")) == [
        "Chapter 1\nIt rained.", "Still.\nChapter 2\nIt snowed.\n***\nEnd."
    ]  # fmt: skip
    assert len(split(text, ReadOptions(documents="lines"))) == 7
    assert split("a\nb\n\nc\n", ReadOptions(documents="paragraphs", lines_each=2)) == ["a\nb", "c"]
    assert split(text, ReadOptions(documents="marker", marker="Chapter")) == [
        "Chapter 1\nIt rained.\n\nStill.", "Chapter 2\nIt snowed.\n***\nEnd."
    ]  # fmt: skip
    assert split(text, ReadOptions(documents="marker", marker="***"))[1] == "End."


@pytest.mark.parametrize("marker", ["", "  ", "###"])
def test_a_marker_that_is_not_there_is_one_sentence(marker):
    with pytest.raises(UnreadableFile, match=r"marker|begins with"):
        split("a\nb", ReadOptions(documents="marker", marker=marker), "a.txt")


def test_the_note_says_both_counts():
    lines = [*REVIEWS[:900], "", *REVIEWS[900:1800], "", *REVIEWS[1800:2700], "", *REVIEWS[2700:]]
    counts = documents.count([lines])
    assert str(documents.note("lines", 3700, counts, ReadOptions())) == (
        "3,700 documents: each line is one. By blank lines it would be 4."
    )
    counts = documents.count([["a", "b", "", "c", "", "d"]])
    assert "By lines it would be 4" in str(documents.note("blank lines", 3, counts, ReadOptions()))


@given(st.text(alphabet="ab \n\r\t\u2028", max_size=200), st.sampled_from([None, "blank lines", "lines", "paragraphs"]))
def test_no_letter_is_lost_and_no_document_is_blank(text, way):
    parts = split(text, ReadOptions(documents=way))
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(part.strip() == part and part for part in parts)
