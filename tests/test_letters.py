"""The ranges of letters against the names that Unicode gives the characters."""

import sys
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest

from core import letters

ROOT = Path(__file__).parent.parent


def named(*beginnings: str) -> list[str]:
    """Every character below U+10000 whose name begins so."""
    every = map(chr, range(0x10000))
    return [character for character in every if unicodedata.name(character, "").startswith(beginnings)]


@pytest.mark.parametrize(
    ("pattern", "beginnings"),
    [
        (letters.HAN_LETTER, ("CJK UNIFIED IDEOGRAPH",)),
        (letters.KANA_LETTER, ("HIRAGANA LETTER", "KATAKANA LETTER")),
        (letters.EAST_ASIAN_LETTER, ("CJK UNIFIED IDEOGRAPH", "HIRAGANA LETTER", "KATAKANA LETTER", "HANGUL SYLLABLE")),
        (letters.SOUTHEAST_ASIAN_LETTER, ("THAI", "LAO", "MYANMAR LETTER", "KHMER LETTER")),
        (letters.UNSPACED_LETTER, ("CJK COMPATIBILITY IDEOGRAPH", "CJK UNIFIED IDEOGRAPH", "HIRAGANA LETTER", "THAI")),
    ],
)
def test_a_script_s_own_letters_are_in_its_range(pattern, beginnings):
    outside = [
        character
        for character in named(*beginnings)
        if not pattern.match(character)
        and "LETTER SMALL" not in unicodedata.name(character)  # kana for Ainu, after the others
        and ord(character) not in range(0xA9E0, 0xAA80)  # more Burmese letters
    ]
    assert outside == []


@pytest.mark.parametrize("letter", "aZé9 я中あ한ก。「")
def test_letters_of_other_scripts_are_not(letter):
    name = unicodedata.name(letter)
    assert bool(letters.HAN_LETTER.match(letter)) == name.startswith("CJK UNIFIED")
    assert bool(letters.KANA_LETTER.match(letter)) == name.startswith("HIRAGANA")
    assert bool(letters.EAST_ASIAN_LETTER.match(letter)) == name.startswith(("CJK UNIFIED", "HIRAGANA", "HANGUL"))
    assert bool(letters.UNSPACED_LETTER.match(letter)) == name.startswith(("CJK UNIFIED", "HIRAGANA", "THAI"))


def test_ranges_do_not_overlap():
    ranges = (letters.HAN, letters.HAN_TWINS, letters.RARE_HAN, letters.KANA, letters.HANGUL, letters.SOUTHEAST_ASIAN)
    edges = sorted((one[place], one[place + 2]) for one in ranges for place in range(0, len(one), 3))
    assert all(first <= last for first, last in edges)
    assert all(before[1] < after[0] for before, after in pairwise(edges))
    assert edges[-1][1] <= chr(sys.maxunicode)


def test_counting_and_beginning():
    assert letters.n_han("送餐 in 20 分钟") == 4
    assert letters.has_han("in 20 分钟")
    assert not letters.has_han("in 20 minutes, ありがとう")
    assert letters.begins_with_han("送餐")
    assert not letters.begins_with_han(" 送餐")


def test_the_range_of_chinese_characters_stands_in_one_place():
    range_signs = ("㐀", "鿿", r"\u3400", r"\u9fff")
    detect = ROOT / "core" / "data" / "encodings" / "detect.py"  # a narrower range, of what old encodings hold
    found = [
        path.relative_to(ROOT).as_posix()
        for name in ("core", "pages")
        for path in (ROOT / name).rglob("*.py")
        if path != detect and any(sign in path.read_text(encoding="utf-8") for sign in range_signs)
    ]
    assert found == ["core/letters.py"]
