"""What is asked where nobody wrote a question, and how an answer becomes a number."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy.special import softmax

from core.fuse.sentence import in_words
from core.messages import clip
from core.questions import YES_NO, Question

BY_CLASSES = 8  # classes that are asked for by name
LONGEST_NAME = 200


def value(question: Question, logs: np.ndarray) -> np.ndarray:
    """The answers as one number from 0 to 1: the probability of yes, or the mean place on the scale.

    logs: logarithms of the answers' probabilities, shape (n, k)   →   shape (n,)

    Examples
    --------
    >>> value(Question("Is it late?"), np.log([[0.3, 0.1]])).round(2).tolist()
    [0.75]
    """
    shares = softmax(logs, axis=1)
    places = np.linspace(0, 1, len(question.answers))
    return np.asarray(shares @ (places[::-1] if question.answers == YES_NO else places))


def by_classes(classes: Iterable[str], descriptions: dict[str, str]) -> list[Question]:
    """What is asked where nobody wrote a question: whether the text is what each class says.

    Examples
    --------
    >>> [one.text for one in by_classes(["late_flight", "other"], {"other": "thanks or praise"})]
    ['Is this text about “late flight”?', 'Is this text about “thanks or praise”?']
    """
    named = [clip(descriptions.get(name, "").strip() or in_words(name), LONGEST_NAME) for name in classes]
    return [Question(f"Is this text about “{name}”?") for name in list(dict.fromkeys(named))[:BY_CLASSES]]
