"""Explained rows in a terminal: bars by their size, the words that push most, and nothing that steers the terminal."""

from __future__ import annotations

import pytest

from core.cli.printed.explanation import MOST_WORDS, WIDTH, show
from core.cli.terminal import Terminal
from core.results.explanations.rows import ColumnEffect, Part, RowExplanation


def effect(name: str, value: float, **more) -> ColumnEffect:
    return ColumnEffect(name=name, value=value, **{"low": value, "high": value, **more})


def printed(capfd, *columns: ColumnEffect, label: str = "yes") -> list[str]:
    total = sum(column.value for column in columns)
    row = RowExplanation(
        row=3, label=label, base=0.5, output=0.5 + total, columns=list(columns), error=0, evaluations=1, seconds=0
    )
    with Terminal("en") as terminal:
        show([row], "log-odds", 12, terminal)
    return capfd.readouterr().out.splitlines()


def test_bars_are_as_long_as_their_values(capfd):
    head, *lines = printed(capfd, effect("hours", 2.0, shown="7"), effect("kind", -1.0, shown="a"), effect("x", 0.0))
    assert head == "Row 3, “yes”: base 0.5, output 1.5 (log-odds)"
    assert [line.count("█") for line in lines[:3]] == [WIDTH, WIDTH // 2, 0]
    assert lines[0].endswith("7")


def test_a_band_is_said_only_where_there_is_one(capfd):
    lines = printed(capfd, effect("a", 1.0, low=0.9, high=1.1), effect("b", 1.0))
    assert "±0.1" in lines[1]
    assert "±" not in lines[2]


def test_of_a_text_the_words_that_push_most_stand_in_their_order(capfd):
    values = [0.1 * (number + 1) * (-1) ** number for number in range(MOST_WORDS + 4)]
    parts = [
        Part(text=f"w{number}", start=number, end=number + 1, value=value, low=value, high=value)
        for number, value in enumerate(values)
    ]
    words = printed(capfd, effect("note", 1.0, parts=parts))[2]
    assert [word.split()[0] for word in words.split(",")] == [f"w{number}" for number in range(4, MOST_WORDS + 4)]


@pytest.mark.parametrize("hostile", ["\x1b[2Jred", "red\r\n", "\x07red"])
def test_data_can_not_steer_the_terminal(capfd, hostile):
    lines = printed(capfd, effect(hostile, 1.0, shown=hostile), label=hostile)
    assert all(letter.isprintable() for line in lines for letter in line)
    assert "red" in lines[0]


def test_without_any_effect_there_are_no_bars(capfd):
    assert "█" not in "".join(printed(capfd, effect("a", 0.0)))
