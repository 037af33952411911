"""What learning to explain costs, before it starts. Light: the page shows it."""

from __future__ import annotations

from core.explain.global_.estimate import WHOLE_WORD_TEXTS
from core.explain.row.estimate import START

LEARNED_ROWS = 20_000  # at most, drawn at random
HELD_OUT_ROWS = 100
HELD_OUT_PAIRS = 200  # of masked texts, which its errors are measured against
LEARNED_TEXTS = 10  # masked texts of a row, among many rows, where that was found to be enough
TRIED_TEXTS = (LEARNED_TEXTS, 26, WHOLE_WORD_TEXTS)  # so many masked texts, with what was learned and without
FEWEST_LESSONS = 256
LESSONS = (16_384, 32_768, 65_536, 131_072)  # to choose from
LESSON_TEXTS = 18  # eight pairs, the whole text and none
PART_SHARE = 0.25  # of what a row with a whole text takes, for a part of it among many
LESSON_MS = {"en": 8.0}  # milliseconds to learn from one lesson, by the texts' language
LESSON_MS_OTHERWISE = 15.0  # with the encoder for many languages


def learned_seconds(lessons: int, ms_per_row: float, language: str = "en") -> float:
    """Seconds to learn from so many texts and to try it.

    ms_per_row: what the candidate needs to predict one row with a text it has not seen.
    """
    asked = lessons * LESSON_TEXTS + HELD_OUT_ROWS * (2 * HELD_OUT_PAIRS + 2 * sum(TRIED_TEXTS))
    each = LESSON_MS.get(language, LESSON_MS_OTHERWISE)
    return START + (asked * PART_SHARE * ms_per_row + lessons * each) / 1000


def pays_from(lessons: int, ms_per_row: float, language: str = "en") -> int:
    """From how many texts on learning costs less time than it saves, beside opening each with `WHOLE_WORD_TEXTS`.

    Two digits: more would promise too much.
    """
    saved = (WHOLE_WORD_TEXTS - LEARNED_TEXTS) * ms_per_row / 1000
    return int(float(f"{learned_seconds(lessons, ms_per_row, language) / max(saved, 1e-9):.1e}"))
