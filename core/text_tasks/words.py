"""Words of a text, English and Chinese, as the classical ways count them."""

from __future__ import annotations

import re
from functools import lru_cache

import rjieba
from nltk.stem.porter import PorterStemmer
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from core.letters import HAN, begins_with_han

_PIECE = re.compile(rf"[{HAN}]+|[^\W{HAN}]+(?:['’][^\W{HAN}]+)?")
_CHINESE = """
的 了 和 是 在 我 有 就 不 都 也 很 到 说 要 去 你 会 着 没有 看 好 这 那 他 她 它 我们 你们 他们 一个 与
及 或 但 而 被 把 对 从 为 以 于 上 下 中 里 还 又 再 更 最 能 可以 因为 所以 如果 吗 呢 吧 啊 之 其 该
每 各 并 等 给 让 向 个 什么 怎么 哪 谁 多少 用 来 做 将 此 由 至 及其 自己 这个 那个
"""
CHINESE_STOP_WORDS = frozenset(_CHINESE.split())
_FULL = """
amount back bill bottom call computer cry describe detail empty fill find fire found front interest mill mine move name
part serious show side sincere system thick thin top
"""
EMPTY_WORDS = ENGLISH_STOP_WORDS - set(_FULL.split())  # scikit-learn's list holds words that say a lot
_STEMMER = PorterStemmer()


def words(text: str) -> list[str]:
    """All words in order, in small letters; Chinese ones by a dictionary."""
    found: list[str] = []
    for piece in _PIECE.findall(text.lower()):
        found += [word for word in rjieba.cut(piece) if word.strip()] if begins_with_han(piece) else [piece]
    return found


def content_words(text: str) -> list[str]:
    """Words that carry meaning, as they stand: no function words, no single letters."""
    return [word for word in words(text) if not is_empty(word)]


def stems(text: str) -> list[str]:
    """Content words, English ones by their Porter stem, so that “walks” meets “walking”."""
    return [stem(word) for word in content_words(text)]


def is_empty(word: str) -> bool:
    """Whether a word says nothing by itself."""
    if word in EMPTY_WORDS or word in CHINESE_STOP_WORDS:
        return True
    return len(word) < 2 and not begins_with_han(word) and not word.isdigit()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """“walking” → “walk”; Chinese words and numbers stay as they are."""
    return str(_STEMMER.stem(word)) if word.isascii() and word.isalpha() else word
