"""What the explanations of a run say, as facts: words and columns over many rows, and single rows opened."""

from __future__ import annotations

import re

from core.assistant import facts
from core.assistant.han import apart
from core.letters import has_han
from core.messages import ROWS, Message, _, say
from core.results.explanations.global_explanation import WholeExplanation, WordEffect, shares
from core.results.explanations.rows import Explanation

MOST_WORDS = 5  # in one answer
WORDS_EACH = 2  # of each class, where no class was asked for
MOST_COLUMNS = 6
UNITS = {"probability": _("probability"), "log-odds": _("log-odds")}
_AWAY = re.compile(r"\b(against|away|not|never|lower|lowers|least|less)\b|反对|远离|降低|不")


def asked_class(question: str, classes: list[str]) -> str | None:
    """The class that a question names; of several that fit the longest.

    Examples
    --------
    >>> asked_class("Which words make a ticket high?", ["high", "highest", "low"])
    'high'
    """
    asked = apart(question.casefold())  # between Chinese characters, words of other letters stand alone, too

    def named(label: str) -> bool:
        text = apart(label.casefold())
        return text in asked if has_han(text) else re.search(rf"(?<!\w){re.escape(text)}(?!\w)", asked) is not None

    return max((label for label in classes if label and named(label)), key=len, default=None)


def pushing(whole: WholeExplanation, question: str) -> list[WordEffect]:
    """The words that a question about words is after, the strongest first: toward a class, or away from it."""
    label = asked_class(question, whole.classes)
    asked = question.casefold() if label is None else question.casefold().replace(label.casefold(), " ")
    side = -1 if _AWAY.search(asked) else 1
    labels = [label] if label is not None else list(dict.fromkeys(word.label for word in whole.words))
    most = MOST_WORDS if len(labels) == 1 else WORDS_EACH
    found: list[WordEffect] = []
    for one in labels:
        fitting = [word for word in whole.words if word.label == one and side * word.value > 0]
        found += sorted(fitting, key=lambda word: -side * word.value)[:most]
    return found


def words(whole: WholeExplanation, question: str) -> list[Message]:
    """A fact for each of those words."""
    return [_word(word, whole.unit) for word in pushing(whole, question)]


def answer(whole: WholeExplanation, question: str) -> Message | None:
    """Those words in a sentence; None where none are known."""
    found = pushing(whole, question)
    labels = {word.label for word in found}
    if not found:
        return None
    named = [word.text for word in found]
    if labels == {""}:
        text = _("Words that raise the prediction most: {words}.")
        if found[0].value < 0:
            text = _("Words that lower the prediction most: {words}.")
        return say(text, words=named)
    if len(labels) > 1:
        return say(_("Of each class, the words that count most: {words}."), words=named)
    text = _("Words that push most toward “{label}”: {words}.")
    if found[0].value < 0:
        text = _("Words that push most away from “{label}”: {words}.")
    return say(text, label=found[0].label, words=named)


def columns(whole: WholeExplanation) -> list[Message]:
    """How much each column moves the answer, the most first."""
    share = shares(whole.shapley)
    text = _("“{column}” moves the answer by {size:.3f} ({unit}) on average: {share:.0%} of all movement.")
    return [
        say(text, column=one.name, size=one.value.mean, unit=_unit(whole.unit), share=share[one.name])
        for one in whole.shapley[:MOST_COLUMNS]
    ]


def rows(explanation: Explanation, question: str) -> list[Message]:
    """What moved the row that a question names; rows are counted from 1, as on screen."""
    named = re.findall(r"(?:\brows?\b\D{0,5}|第\s*)(\d{1,9})", question, re.IGNORECASE)
    numbers = [int(number) for number in named or re.findall(r"\d{1,9}", question)]
    for one in explanation.rows:
        if one.row + 1 in numbers:
            return facts.of_row(one, explanation.unit)
    return [say(_("Row {row} has not been explained."), row=number) for number in numbers[:1]]


def _word(word: WordEffect, unit: str) -> Message:
    if not word.label:
        text = _("“{word}” in “{column}” moves the prediction: {value:+.3f} ({unit}) on average over {rows}.")
    elif word.value < 0:
        text = _("“{word}” in “{column}” pushes away from “{label}”: {value:+.3f} ({unit}) on average over {rows}.")
    else:
        text = _("“{word}” in “{column}” pushes toward “{label}”: {value:+.3f} ({unit}) on average over {rows}.")
    gaps = {"word": word.text, "column": word.column, "value": word.value, "unit": _unit(unit)}
    gaps |= {"label": word.label} if word.label else {}
    return say(text, rows=say(ROWS, n=word.n_rows), **gaps)


def _unit(unit: str) -> Message | str:
    return say(UNITS[unit]) if unit in UNITS else unit
