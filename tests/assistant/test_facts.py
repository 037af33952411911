"""The sentences that a summary is checked against."""

from __future__ import annotations

from core.assistant.facts import of_row
from core.results.explanations.rows import ColumnEffect, Part, RowExplanation


def part(text, value, level):
    return Part(text=text, start=0, end=len(text), level=level, value=value, low=value, high=value)


def test_words_are_named_but_not_the_sentences_they_stand_in():
    parts = [part("It never works.", 0.9, "sentence"), part("never", 0.8, "word"), part("works", 0.1, "word")]
    column = ColumnEffect(name="note", value=0.9, low=0.9, high=0.9, parts=parts)
    row = RowExplanation(
        row=0, label="bad", base=0.1, output=1.0, columns=[column], error=0.0, evaluations=4, seconds=0.1
    )
    told = of_row(row, "log-odds")
    assert [message.params.get("words") for message in told if "words" in message.params] == [["never", "works"]]
