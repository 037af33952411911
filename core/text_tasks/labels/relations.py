"""What holds between two names of a text: works for, lies in, nothing. Each ordered pair is put into a class.

The names of a row are given: those its reference column relates. Which of them are related is not: all their ordered
pairs are told. Where the reference says nothing of a row, its names are found first (`entities`).

References
----------
Zhou et al., "Exploring various knowledge in relation extraction", ACL 2005 (words between, types).
Baldini Soares et al., "Matching the blanks", ACL 2019 (a pair as the states of both names).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, permutations

import numpy as np
from scipy import sparse
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from core.data.texts.tagged_text import Marked, Related, relations, written
from core.evaluate.scores import Statistic, intervals
from core.messages import AmalgamError, UnusableData, _, _n, say
from core.results.comparison import Interval
from core.results.text_tasks.labels import EntityOptions, RelationOptions
from core.results.text_tasks.task import AnswerData, Span
from core.text_tasks.base import RESAMPLES, Answer, Scoring, Tools
from core.text_tasks.folds import learned_from, out_of_fold
from core.text_tasks.labels import entities
from core.text_tasks.marking import words
from core.text_tasks.models.states import word_states

NONE = "none"  # the label of a pair between whose names nothing holds
FEWEST = 20  # labelled pairs
NEAR = 8  # words between two names that are looked at

Features = Callable[[list["Pair"], list["Pair"]], tuple[sparse.csr_array | np.ndarray, sparse.csr_array | np.ndarray]]


@dataclass(frozen=True)
class Pair:
    """Two names of a text, in an order, and what holds between them if that is known."""

    row: int
    head: Marked
    tail: Marked
    label: str | None = None


def classical(texts: Sequence[str], options: RelationOptions, tools: Tools) -> Iterator[Answer]:
    """Logistic regression on the words between and beside the names, their types and their order."""

    def features(train: list[Pair], test: list[Pair]) -> tuple[sparse.csr_array, sparse.csr_array]:
        vectorizer = DictVectorizer()
        return (
            vectorizer.fit_transform([_counted(texts[pair.row], pair) for pair in train]),
            vectorizer.transform([_counted(texts[pair.row], pair) for pair in test]),
        )

    return _answers(texts, options, tools, features)


def llm(texts: Sequence[str], options: RelationOptions, tools: Tools) -> Iterator[Answer]:
    """Logistic regression on what a language model makes of both names, of what stands between, and of their types."""
    states = _States(texts, options, tools)

    def features(train: list[Pair], test: list[Pair]) -> tuple[np.ndarray, np.ndarray]:
        scaler = StandardScaler().fit(states.of(train))
        return scaler.transform(states.of(train)), scaler.transform(states.of(test))

    return _answers(texts, options, tools, features, scale=0.003)


def combined(texts: Sequence[str], options: RelationOptions, tools: Tools) -> Iterator[Answer]:
    """The words and the states side by side, the states weighed down so that neither drowns the other."""
    states = _States(texts, options, tools)

    def features(train: list[Pair], test: list[Pair]) -> tuple[sparse.csr_array, sparse.csr_array]:
        vectorizer = DictVectorizer()
        counted = vectorizer.fit_transform([_counted(texts[pair.row], pair) for pair in train])
        scaler = StandardScaler().fit(states.of(train))
        weight = 1 / np.sqrt(states.width / 20)
        return (
            sparse.hstack([counted, weight * scaler.transform(states.of(train))], format="csr"),
            sparse.hstack(
                [
                    vectorizer.transform([_counted(texts[pair.row], pair) for pair in test]),
                    weight * scaler.transform(states.of(test)),
                ],
                format="csr",
            ),
        )

    return _answers(texts, options, tools, features)


def score(scoring: Scoring) -> dict[str, Interval]:
    """F1 of relations, over all (micro) and as the mean over kinds (macro); “none” is no relation. Over texts.

    The names are given where they are told; so this is about relations alone.
    """
    rows = scoring.scored()
    truth = [_real(relations(reference, text)) for text, _answer, reference in rows]
    said = [_said(answer, text) for text, answer, _reference in rows]
    kinds = sorted({one.label for found in truth for one in found})
    right, told, there = (np.zeros((len(rows), len(kinds))) for _ in range(3))
    for place, (own, found) in enumerate(zip(truth, said, strict=True)):
        for number, kind in enumerate(kinds):
            a, b = ({one for one in part if one.label == kind} for part in (own, found))
            right[place, number], told[place, number], there[place, number] = len(a & b), len(b), len(a)
    if not kinds:
        return {}

    def f1(weights: np.ndarray) -> np.ndarray:
        return _divided(2 * (weights @ right), weights @ told + weights @ there)

    statistics: dict[str, Statistic] = {
        "macro_f1": lambda weights: f1(weights).mean(axis=1),
        "micro_f1": lambda weights: _divided(
            2 * (weights @ right).sum(axis=1), (weights @ told).sum(axis=1) + (weights @ there).sum(axis=1)
        ),
    }
    return intervals(statistics, len(rows), scoring.seed, RESAMPLES)


def _divided(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _real(found: Sequence[Related]) -> set[Related]:
    return {one for one in found if one.label != NONE}


def _said(answer: Answer, text: str) -> set[Related]:
    return _real(relations(answer.data.extra.get("relations", []), text))


def _answers(
    texts: Sequence[str], options: RelationOptions, tools: Tools, features: Features, scale: float = 1.0
) -> Iterator[Answer]:
    """Learn once per fold, tell every pair of the fold, then answer in order."""
    known = _known(texts, tools)
    is_known = [one is not None for one in known]
    folds = out_of_fold(texts, is_known, options.folds, tools.seed)
    found = _unknown(texts, known, options, tools)
    told: dict[int, list[Related]] = {row: [] for row in range(len(texts))}
    different = sorted(set(folds))
    for number, fold in enumerate(different):
        tools.share(0.4 + 0.6 * number / len(different))
        train = [pair for row in learned_from(folds, is_known, fold) for pair in known[row] or []]
        test = [pair for row in range(len(texts)) if folds[row] == fold for pair in known[row] or found[row]]
        for pair, label in zip(test, _labels(train, test, features, scale), strict=True):
            if label != NONE:
                told[pair.row].append(Related(pair.head, pair.tail, label))
    tools.notes.append(
        say(_("The names in a text with a reference were given; which of them are related, and how, was not."))
    )
    for row, text in enumerate(texts):
        yield _answer(text, told[row])


def _labels(train: list[Pair], test: list[Pair], features: Features, scale: float) -> list[str]:
    labels = [str(pair.label) for pair in train]
    if not test:
        return []
    if not train:
        raise UnusableData(
            _("The labelled pairs stand in too few different texts: some have no other one to learn from."),
            _("Label pairs in more texts."),
        )
    if len(set(labels)) < 2:
        return [labels[0]] * len(test)
    X, Z = features(train, test)
    model = LogisticRegression(C=scale, max_iter=500, class_weight="balanced").fit(X, labels)
    return [str(label) for label in model.predict(Z)]


def _answer(text: str, told: list[Related]) -> Answer:
    names = sorted({span for one in told for span in (one.head, one.tail)})
    lines = [
        f"{text[one.head.start : one.head.end]} → {one.label} → {text[one.tail.start : one.tail.end]}" for one in told
    ]
    spans = [Span(**span._asdict(), text=text[span.start : span.end]) for span in names]
    return Answer("\n".join(lines), AnswerData(spans=spans, extra={"relations": [one.record() for one in told]}))


def _known(texts: Sequence[str], tools: Tools) -> list[list[Pair] | None]:
    """All ordered pairs of each row's names, “none” where none is listed; None where the reference says nothing."""
    found: list[list[Pair] | None] = []
    for row, (text, value) in enumerate(zip(texts, tools.references or [None] * len(texts), strict=True)):
        try:
            pairs = None if value is None else relations(value, text)
        except AmalgamError as error:
            raise UnusableData(_("Text {number}: {reason}"), number=row + 1, reason=error.message) from None
        found.append(None if pairs is None else [Pair(row, one.head, one.tail, one.label) for one in pairs])
    n_pairs = sum(len(pairs or []) for pairs in found)
    if n_pairs < FEWEST:
        raise UnusableData(
            _n(
                "Relations are learned from labelled pairs of names: at least {n} are needed, and there is {found}.",
                "Relations are learned from labelled pairs of names: at least {n} are needed, and there are {found}.",
                "found",
            ),
            _("Choose the column that holds the relations."),
            n=FEWEST,
            found=n_pairs,
        )
    return [None if pairs is None else pairs + _unlisted(row, pairs) for row, pairs in enumerate(found)]


def _unlisted(row: int, pairs: list[Pair]) -> list[Pair]:
    """Pairs of a row's names that its reference leaves out: most lists hold only what is related."""
    names = sorted({span for pair in pairs for span in (pair.head, pair.tail)})
    listed = {(pair.head, pair.tail) for pair in pairs}
    return [Pair(row, *two, NONE) for two in permutations(names, 2) if two not in listed]


def _unknown(
    texts: Sequence[str], known: list[list[Pair] | None], options: RelationOptions, tools: Tools
) -> list[list[Pair]]:
    """All ordered pairs of names in rows of which nothing is known; the names are found as those of known rows."""
    if all(pairs is not None for pairs in known):
        return [[] for _text in texts]
    spans = [
        None if pairs is None else written(sorted({span for pair in pairs for span in (pair.head, pair.tail)}))
        for pairs in known
    ]
    names = EntityOptions(model=options.model, encoder=options.encoder, language=options.language)
    marked = entities.classical(texts, names, replace(tools, references=spans, share=lambda share: None))
    return [
        [Pair(row, Marked(a.start, a.end, a.label), Marked(b.start, b.end, b.label)) for a, b in permutations(spans, 2)]
        for row, spans in enumerate(answer.data.spans for answer in marked)
    ]


def _counted(text: str, pair: Pair) -> dict[str, float]:
    """The words between, the nearest words outside, types and order of a pair."""
    places = words(text)
    first, second = sorted((pair.head, pair.tail))
    between = [text[a:b].lower() for a, b in places if a >= first.end and b <= second.start]
    before = [text[a:b].lower() for a, b in places if b <= first.start][-2:]
    after = [text[a:b].lower() for a, b in places if a >= second.end][:2]
    order = "→" if pair.head == first else "←"
    found: dict[str, float] = {
        f"types:{pair.head.label}{order}{pair.tail.label}": 1.0,
        f"head:{pair.head.label}": 1.0,
        f"tail:{pair.tail.label}": 1.0,
        f"between:{min(len(between), NEAR)}": 1.0,
    }
    types = f"{pair.head.label}{order}{pair.tail.label}"
    for word in between[:NEAR]:
        found[f"{order}{word}"] = 1.0
        found[f"{types}:{word}"] = 1.0
    for one, two in pairwise(between):
        found[f"{order}{one} {two}"] = 1.0
    found |= {f"before:{word}": 1.0 for word in before} | {f"after:{word}": 1.0 for word in after}
    return found


class _States:
    """What a language model makes of both names of a pair and of what stands between them."""

    def __init__(self, texts: Sequence[str], options: RelationOptions, tools: Tools) -> None:
        self.places = [words(text) for text in texts]
        self.states = word_states(
            texts,
            self.places,
            encoder=options.encoder,
            language=tools.language,
            threads=tools.threads,
            share=lambda share: tools.share(0.4 * share),
        )
        self.types: dict[str, int] = {}
        for value, text in zip(tools.references, texts, strict=True):
            for one in relations(value, text) if value is not None else []:
                for span in (one.head, one.tail):
                    self.types.setdefault(span.label, len(self.types))
        self.width = 3 * self.states[0].shape[1] + 2 * len(self.types) + 1

    def of(self, pairs: list[Pair]) -> np.ndarray:
        """float32, shape (pairs, width)"""
        return np.stack([self._row(pair) for pair in pairs]) if pairs else np.zeros((0, self.width), np.float32)

    def _row(self, pair: Pair) -> np.ndarray:
        first, second = sorted((pair.head, pair.tail))
        types = np.zeros(2 * len(self.types) + 1, dtype=np.float32)
        for number, span in enumerate((pair.head, pair.tail)):
            if span.label in self.types:
                types[number * len(self.types) + self.types[span.label]] = 1.0
        types[-1] = float(pair.head == first)
        parts = [(pair.head.start, pair.head.end), (pair.tail.start, pair.tail.end), (first.end, second.start)]
        return np.concatenate([*(self._mean(pair.row, *part) for part in parts), types])

    def _mean(self, row: int, start: int, end: int) -> np.ndarray:
        inside = [place for place, (a, b) in enumerate(self.places[row]) if a < end and b > start]
        states = self.states[row]
        mean: np.ndarray = states[inside].mean(axis=0) if inside else np.zeros(states.shape[1], np.float32)
        return mean
