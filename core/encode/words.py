"""Where words begin and end. Chinese writes none of it down, so a dictionary finds its words."""

from __future__ import annotations

import re

import rjieba

SPACED_WORD = r"(?u)\b\w\w+\b"
ANY_WORD = r"(?u)\b\w+\b"


def spaced(text: str, language: str) -> str:
    """The text with a space between its words; what has spaces already stays as it is."""
    return re.sub(r"\s+", " ", " ".join(rjieba.cut(text))) if language == "zh" else text
