"""Numbers as sentences write them, and which may be quoted as which."""

from __future__ import annotations

import pytest

from core.assistant.numbers_said import NUMBER, plain_value, readings, stands


@pytest.mark.parametrize(
    ("written", "value"), [("0.73", 0.73), ("1,234.5", 1234.5), ("−2", -2), ("12 %", 12), ("7 per cent", 7)]
)
def test_a_number_is_found_whole_and_means_itself(written, value):
    (found,) = NUMBER.findall(f"It is {written} now.")
    assert found.strip() == written
    assert plain_value(found) == value


@pytest.mark.parametrize(
    ("said", "known", "may"),
    [
        ("0.73", "0.7301", True),  # rounded
        ("73 %", "0.7301", True),  # as a percentage
        ("0.7301", "73.01 %", True),
        ("0.74", "0.7301", False),
        ("1", "0.97", False),  # nothing would be left of it
        ("1,200", "1,234", False),
        ("1,234", "1,234.4", True),
    ],
)
def test_a_number_may_be_said_rounded_or_as_a_percentage(said, known, may):
    assert stands(said, readings(known)) is may
