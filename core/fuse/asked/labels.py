"""Classes that a language model chooses among: by their names, or by letters where names begin alike."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from core.fuse.asked.answering import Asking
from core.letters import begins_with_han

MOST_LABELS = len(ascii_uppercase)
APART = 3  # letters within which names must differ to be told apart by how an answer begins
SHORT = 30  # characters of a name that can be an answer


class AskedLabels(Asking):
    """Weigh each label as a language model's choice among all of them.

    The answer is a label, or, where labels are long or begin alike, the letter that stands for it. A label's weight is
    the log-probability that the answer begins so, minus the same for the empty text, so that what the model likes to
    say anyway is not preferred. Labels are all that is fitted; no text is learned from.

    Parameters
    ----------
    model : str, default=""
    cache_folder : str or Path, optional

    Attributes
    ----------
    labels_ : list of str
    prior_ : float array, shape (k,)
        Log-probabilities given the empty text.
    n_features_out_ : int
        k.

    References
    ----------
    Zhao et al., "Calibrate Before Use", ICML 2021 (contextual calibration).
    """

    weighs_labels = True

    def fit(self, labels: Sequence[str], y: object = None) -> AskedLabels:
        """Take the labels, and find out which letters the model prefers when there is no text."""
        self.labels_ = [str(label) for label in labels]
        self.n_features_out_ = len(self.labels_)
        self._find()
        self.prior_ = np.zeros(len(self.labels_))
        self.prior_ = self.transform([""])[0]
        return self

    def transform(self, texts: Sequence[Any]) -> np.ndarray:
        """Weigh.

        texts : array of str or None, shape (n,)   →   float array, shape (n, k), higher is likelier
        """
        check_is_fitted(self, "prior_")
        question, answers = choice(self.labels_)
        return np.asarray(self._asked(texts, [question], answers)[:, 0] - self.prior_)


def _beginning(label: str) -> str:
    """What tells a label from others by how an answer begins: a token may hold no more than this."""
    plain = label.strip().casefold()
    return plain[:1] if begins_with_han(plain) else plain.split(maxsplit=1)[0][:APART] if plain else ""


def choice(labels: Sequence[str]) -> tuple[str, list[str]]:
    """The question that leaves a choice among labels, and the answers to it.

    Examples
    --------
    >>> choice(["good", "bad"])
    ('Which of these describes the text best?', ['good', 'bad'])
    >>> choice(["hypothyroid", "hypoglycemia"])[1]
    ['A', 'B']
    """
    begun = {_beginning(label) for label in labels}
    if len(begun) == len(labels) and all(label[:1].isalpha() and len(label) <= SHORT for label in labels):
        return "Which of these describes the text best?", list(labels)
    letters = list(ascii_uppercase[: len(labels)])
    told = "\n".join(f"{letter}) {label}" for letter, label in zip(letters, labels, strict=True))
    return f"Which of these fits the text best?\n{told}", letters
