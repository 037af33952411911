"""Chinese text as the checks of facts read it: each character a word of its own, numbers and foreign words apart."""

from __future__ import annotations

import re
import unicodedata

from core.letters import HAN_LETTER

_MARKS = re.compile(r"[，、；：。！？（）【】《》“”‘’]")
FILLERS = frozenset("的了是在和与为有这那其也都而以于个一个被把对从到及或等就则很该此之其中")
TURNING = frozenset("不没无未非否莫勿别低高少多好差优劣强弱大小上下升降增减超落仅只但却最远甚")
NUMERALS = frozenset("二三四五六七八九十百千万亿两半倍几零")


def apart(text: str) -> str:
    """A text with blanks between Chinese characters, marks and everything else, and its signs in their usual width.

    Examples
    --------
    >>> apart("准确率为0.73，高于")
    '准 确 率 为 0.73 , 高 于'
    """
    spaced = _MARKS.sub(lambda mark: f" {mark.group()} ", text)
    spaced = HAN_LETTER.sub(lambda letter: f" {letter.group()} ", spaced)
    return "\n".join(" ".join(unicodedata.normalize("NFKC", line).split()) for line in spaced.splitlines())
