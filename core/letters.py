"""Which characters belong to which script, as ranges to put between the brackets of a regular expression. Light.

The scripts here put no space between words, so that what counts words or joins them must know their letters.
"""

from __future__ import annotations

import re

HAN = "\u3400-\u9fff"  # Chinese characters, in Japanese and Korean too
HAN_TWINS = "\uf900-\ufaff"  # the same characters a second time, kept for old encodings
RARE_HAN = "\U00020000-\U0003ffff"
KANA = "\u3040-\u30ff"  # Japanese
HANGUL = "\uac00-\ud7af"  # Korean
SOUTHEAST_ASIAN = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai and Lao, Burmese, Khmer
UNSPACED = f"{SOUTHEAST_ASIAN}{KANA}{HAN}{HAN_TWINS}{RARE_HAN}"  # scripts that put nothing between words

HAN_LETTER = re.compile(f"[{HAN}]")
KANA_LETTER = re.compile(f"[{KANA}]")
EAST_ASIAN_LETTER = re.compile(f"[{HAN}{KANA}{HANGUL}]")
SOUTHEAST_ASIAN_LETTER = re.compile(f"[{SOUTHEAST_ASIAN}]")
UNSPACED_LETTER = re.compile(f"[{UNSPACED}]")


def n_han(text: str) -> int:
    """How many Chinese characters stand in a text.

    Examples
    --------
    >>> n_han("送餐 in 20 分钟")
    4
    """
    return len(HAN_LETTER.findall(text))


def has_han(text: str) -> bool:
    """Whether a Chinese character stands in a text.

    Examples
    --------
    >>> has_han("送餐 in 20 minutes"), has_han("in 20 minutes")
    (True, False)
    """
    return HAN_LETTER.search(text) is not None


def begins_with_han(text: str) -> bool:
    """Whether a text's first character is a Chinese one.

    Examples
    --------
    >>> begins_with_han("送餐"), begins_with_han("to 送餐"), begins_with_han("")
    (True, False, False)
    """
    return HAN_LETTER.match(text) is not None


def begun(text: str, stop: str) -> int:
    """How many characters at the end of a text may be the beginning of a stop string.

    Examples
    --------
    >>> begun("Yes. Ques", "Question:")
    4
    """
    return next((n for n in range(min(len(stop) - 1, len(text)), 0, -1) if text.endswith(stop[:n])), 0)
