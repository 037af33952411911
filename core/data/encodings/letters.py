"""The one-byte encoding of a text, told by the letters that languages write: ³ inside a word is a letter of none."""

from __future__ import annotations

import re
from dataclasses import dataclass

LEAST, BETTER = 0.9, 0.1  # share of letters a language must have, and how much more than with cp1252
_LATIN = {  # letters beyond ASCII that a language writes, by the encoding that has them
    "cp1252": (
        "äöüß", "éèêëàâçùûüôîïœÿ", "áéíóúñüª", "áâãàçéêíóôõúü", "åäöæøé", "àèéìòùî", "ëïéèöü", "áéíóúýþæöð",
        "äöõüšž", "àçèéíïòóúü·",
    ),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "iso8859-2": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "cp1254": ("çğıöşüâîi\u0307",),
}  # fmt: skip
_OTHER = {  # scripts whose words hold no ASCII letter, and their most frequent letters
    "cp1251": ("абвгдежзийклмнопрстуфхцчшщъыьэюяёєіїґўј", "оеаинтсрвлкі"),
    "koi8-r": ("абвгдежзийклмнопрстуфхцчшщъыьэюяё", "оеаинтсрвлк"),
    "cp866": ("абвгдежзийклмнопрстуфхцчшщъыьэюяё", "оеаинтсрвлк"),
    "cp1253": ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ", "αοιετσνηυρπκ"),
}
_WORD = re.compile(r"[^\s\x00-\x40\x5b-\x60\x7b-\x7f]+")
_AROUND = re.compile(
    "^[¿¡£€«“”„‚‘’‹›»–—…§©°•·´¨]+|(?<![«“”„‚‘’‹›»–—…€£°®™©ºª•·´¨])[«“”„‚‘’‹›»–—…€£°®™©ºª•·´¨]++$|(?<=m)[²³]$"
)
_FREQUENT_SHARE = 0.4  # of the letters of a script's texts are its most frequent ones; about 0.7 in Russian and Greek


@dataclass(frozen=True)
class _Letters:
    """The letters beyond ASCII of a text, as one encoding has them."""

    all: str
    alone: str  # those of words of two letters and more without an ASCII letter


def one_byte_encoding(sample: bytes) -> str:
    """The encoding by which the letters are those of one language; empty if cp1252 does as well.

    Examples
    --------
    >>> one_byte_encoding("towar;ilość\\nJabłka;3".encode("cp1250"))
    'cp1250'
    >>> one_byte_encoding("товар;цена".encode("cp1251"))
    'cp1251'
    >>> one_byte_encoding("Größe;Stück, 3 m³".encode("cp1252"))
    ''
    """
    western = _letters(sample, "cp1252")
    if not western.all:
        return ""
    if len(western.alone) > LEAST * len(western.all):
        return _script(sample)
    usual = max(_share(western.all, letters) for letters in _LATIN["cp1252"])
    found, best = "", max(LEAST, usual + BETTER)
    for encoding, languages in _LATIN.items():
        read = _letters(sample, encoding).all
        share = max(_share(read, letters) for letters in languages)
        if share > best and read != western.all:
            found, best = encoding, share
    return found


def _script(sample: bytes) -> str:
    """The encoding that makes words of another script, in which its frequent letters are frequent."""
    shares = {}
    for encoding, (letters, frequent) in _OTHER.items():
        read = _letters(sample, encoding).all
        shares[encoding] = _share(read, letters) > LEAST and sum(one in frequent for one in read) / len(read)
    best = max(shares, key=lambda encoding: shares[encoding])
    return best if shares[best] > _FREQUENT_SHARE else ""


def _letters(sample: bytes, encoding: str) -> _Letters:
    words = [_AROUND.sub("", word) for word in _WORD.findall(sample.decode(encoding, errors="replace"))]
    beyond = ["".join(one for one in word if ord(one) > 127) for word in words]
    alone = [word for word, all_of_it in zip(beyond, words, strict=True) if len(word) > 1 and word == all_of_it]
    return _Letters("".join(beyond), "".join(alone))


def _share(text: str, letters: str) -> float:
    return sum(one in letters for one in text.lower()) / len(text.lower()) if text else 0.0
