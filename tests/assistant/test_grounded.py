"""A number that is not in the data never survives; one that is, in any usual form, does."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.assistant.grounded import checked

FACTS = """The table has 3000 usable rows; the model predicts “airline_sentiment”.
cooperative:minilm+linear reaches F1 (macro) 0.813, with a 95 % interval from 0.794 to 0.831.
Guessing reaches 0.257.
Training took 38.4 seconds."""


@pytest.mark.parametrize(
    "sentence",
    [
        "The F1 is 0.813.",
        "The F1 is 0.81, so it is right most of the time.",
        "It reaches 81 % on new rows.",
        "It reaches 81.3% on new rows.",
        "It reaches 81 percent on new rows.",
        "With 95 % certainty it lies between 0.79 and 0.83.",
        "It saw 3,000 rows.",
        "Guessing alone would reach 0.26.",
        "Training took 38 seconds.",
        "No number here.",
        "cooperative:minilm+linear is the best.",
        "1. The model is useful.",
    ],
)
def test_what_the_data_say_may_be_said(sentence):
    text, _numbers, removed = checked(sentence, FACTS)
    assert removed == 0
    assert text == re.sub(r"^1\. ", "", sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The F1 is 0.82.",
        "It has a 95 % accuracy rate.",
        "It is right in 95% of the rows.",
        "It reaches 82 %.",
        "It reaches 0.81 %.",
        "It reaches 813.",
        "The F1 is 1.",
        "It is right in four of five cases.",
        "It is twice as good.",
        "Guessing alone would reach 0.81.",
        "The model reaches 0.26.",
        "F2 is good as well.",
        "It gains .813.",
        "It costs $9.",
        "About ½ of the rows are wrong.",
        "It is right in 8/10 rows.",
        "It reaches x0.99.",
        "It took 3000 seconds and 0.81 tries.",
        "The F1 is ٠٫٩٩.",
        "It is -0.813.",
    ],
)
def test_what_the_data_do_not_say_goes(sentence):
    text, numbers, removed = checked(f"{sentence} The model is useful.", FACTS)
    assert text == "The model is useful."
    assert numbers == []
    assert removed == 1


def test_the_checked_numbers_are_told():
    text, numbers, removed = checked("It reaches 81 %. It reaches 99 %. It saw 3000 rows!", FACTS)
    assert (text, numbers, removed) == ("It reaches 81 %. It saw 3000 rows!", ["81 %", "3000"], 1)


SHAPES = st.sampled_from(
    ["{:.0f}", "{:.1f}", "{:.2f}", "{:.3f}", "{:.0f}%", "{:.1f} %", "{:.2f} percent", "{:,.0f}", "+{:.2f}"]
)
PROSE = st.sampled_from(
    ["The score is {}.", "({}) is what it reaches!", "{} of them are right", "It went up by “{}”, they say."]
)


@settings(max_examples=500, deadline=None)
@given(st.floats(0, 5000), SHAPES, PROSE)
def test_an_invented_number_never_survives(value, shape, prose):
    written = shape.format(value)
    said = float(re.sub(r"[^\d.]", "", written))
    share = said / 100 if "%" in written or "percent" in written else said
    decimals = len(re.sub(r"[^\d.]", "", written).partition(".")[2]) + (2 if share != said else 0)
    known = (3000, 0.813, 0.95, 0.794, 0.831, 0.257, 38.4)
    assume(all(abs(share - one) > 0.51 * 10.0**-decimals for one in known))
    text, numbers, _removed = checked(prose.format(written), FACTS)
    assert not re.search(r"\d", text)
    assert numbers == []


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_whatever_is_written_only_known_digits_remain(text):
    kept, _numbers, _removed = checked(text, "There is 1 fact: 7.")
    assert set(re.findall(r"\d+", kept)) <= {"1", "7"} | set(re.findall(r"0*[17](?:\.0*)?|00*", kept))
