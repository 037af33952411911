"""A text cut into its sentences, English or Chinese, by their marks."""

from __future__ import annotations

import re

_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]]*+(?=\s)|[。！？…]+[”’」』）]*|\n[ \t\u3000]*\n")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|cf|vs|approx|resp|Mr|Mrs|Ms|Dr|Prof|St|No|Fig|Eq|Sec|Vol|pp)|\b[A-Z]|\bet al)\.$"
)
_LONGEST = 10  # characters of an abbreviation and what tells where it begins
_GOES_ON = re.compile(r"\s++[a-zà-öø-ÿ,;:)]")


def sentences(text: str) -> list[str]:
    """The sentences in order, without the white space between them.

    A full stop ends one unless it belongs to an abbreviation or an initial, or a small letter follows.
    """
    found, start = [], 0
    for mark in _END.finditer(text):
        before = text[max(start, mark.end() - _LONGEST) : mark.end()]
        if mark[0] == "." and (_ABBREVIATED.search(before) or _GOES_ON.match(text, mark.end())):
            continue
        found.append(text[start : mark.end()].strip())
        start = mark.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]
