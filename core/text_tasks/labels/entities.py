"""Named entities: a conditional random field on classical features, a classifier on what a language model makes of
each word, or the field with both.

Whoever answers a row has learned from other rows only.

References
----------
Lafferty, McCallum and Pereira, "Conditional random fields", ICML 2001.
Tjong Kim Sang and De Meulder, "Introduction to the CoNLL-2003 shared task" (the score), CoNLL 2003.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn_crfsuite import CRF

from core.data.texts.tagged_text import Marked, written
from core.evaluate.scores import Statistic, intervals
from core.messages import UnusableData, _, _n
from core.results.comparison import Interval
from core.results.text_tasks.labels import EntityOptions
from core.results.text_tasks.task import AnswerData, Span
from core.text_tasks.base import RESAMPLES, Answer, Scoring, Tools
from core.text_tasks.folds import learned_from, out_of_fold
from core.text_tasks.labels.entity_features import Features, Gazetteer, Sentence, features
from core.text_tasks.marking import best_tags, marked, references, tags, words
from core.text_tasks.models.states import word_states

FEWEST = 10  # marked rows
DIRECTIONS = 24  # of the word states that the field sees beside the classical features
C = 0.03  # of the classifier on word states: standardised, many more than there are words

Predict = Callable[[Sequence[int]], list[list[str]]]  # places of texts → tags of their words
Learn = Callable[["Rows", list[int]], Predict]  # fitted on the rows at these places


@dataclass(frozen=True)
class Rows:
    """All texts, cut into words, with the names that are marked in them."""

    sentences: list[Sentence]
    marked: list[list[Marked] | None]
    tags: list[list[str] | None]
    language: str


def classical(texts: Sequence[str], options: EntityOptions, tools: Tools) -> Iterator[Answer]:
    """A conditional random field on spelling, neighbours and other rows' names."""
    return _answers(texts, options, tools, lambda rows, known: _field(rows, known, None))


def llm(texts: Sequence[str], options: EntityOptions, tools: Tools) -> Iterator[Answer]:
    """Logistic regression on each word's hidden states, decoded so that tags follow each other as they may."""
    states = _states(texts, options, tools)

    def learn(rows: Rows, known: list[int]) -> Predict:
        X = np.vstack([states[place] for place in known])
        y = np.concatenate([np.array(rows.tags[place], dtype=object) for place in known])
        if len(set(y)) < 2:
            return lambda places: [["O"] * len(rows.sentences[place][1]) for place in places]
        scaler = StandardScaler().fit(X)
        model = LogisticRegression(C=C, max_iter=400).fit(scaler.transform(X), y)
        names = [str(name) for name in model.classes_]

        def predict(places: Sequence[int]) -> list[list[str]]:
            found = []
            for place in places:
                rows_states = states[place]
                found.append(
                    best_tags(model.predict_log_proba(scaler.transform(rows_states)), names) if len(rows_states) else []
                )
            return found

        return predict

    return _answers(texts, options, tools, learn)


def combined(texts: Sequence[str], options: EntityOptions, tools: Tools) -> Iterator[Answer]:
    """The field also sees the main directions of the word states, found on the rows it learns from."""
    states = _states(texts, options, tools)
    return _answers(texts, options, tools, lambda rows, known: _field(rows, known, states))


def score(scoring: Scoring) -> dict[str, Interval]:
    """Entity F1, precision and recall over all names (micro); intervals by drawing texts.

    A name counts if its borders and its type are exactly right.
    """
    rows = scoring.scored()
    truth = references([reference for _text, _answer, reference in rows], [text for text, _answer, _reference in rows])
    right, said, there = (np.zeros(len(rows)) for _ in range(3))
    for place, ((_text, answer, _reference), names) in enumerate(zip(rows, truth, strict=True)):
        found = {Marked(span.start, span.end, span.label) for span in answer.data.spans}
        right[place], said[place], there[place] = len(found & set(names or [])), len(found), len(names or [])
    statistics: dict[str, Statistic] = {
        "f1": lambda weights: _share(2 * (weights @ right), weights @ said + weights @ there),
        "precision": lambda weights: _share(weights @ right, weights @ said),
        "recall": lambda weights: _share(weights @ right, weights @ there),
    }
    return intervals(statistics, len(rows), scoring.seed, RESAMPLES) if rows and there.any() else {}


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _answers(texts: Sequence[str], options: EntityOptions, tools: Tools, learn: Learn) -> Iterator[Answer]:
    """Learn once per fold, then answer in order."""
    rows = _rows(texts, tools)
    is_marked = [one is not None for one in rows.marked]
    folds = out_of_fold(texts, is_marked, options.folds, tools.seed)
    found: dict[int, list[str]] = {}
    different = sorted(set(folds))
    for number, fold in enumerate(different):
        tools.share(0.3 + 0.7 * number / len(different))
        known = learned_from(folds, is_marked, fold)
        if not known:
            raise UnusableData(
                _("All marked rows hold the same text, so there is no other one to learn from."),
                _("Mark names in different texts."),
            )
        places = [place for place, own in enumerate(folds) if own == fold]
        found |= dict(zip(places, learn(rows, known)(places), strict=True))
    for place, (text, places_of) in enumerate(rows.sentences):
        spans = [Span(**span._asdict(), text=text[span.start : span.end]) for span in marked(places_of, found[place])]
        said = written([Marked(span.start, span.end, span.label) for span in spans])
        yield Answer(said, AnswerData(spans=spans))


def _rows(texts: Sequence[str], tools: Tools) -> Rows:
    names = references(tools.references, texts)
    n_known = sum(1 for one in names if one is not None)
    if n_known < FEWEST:
        raise UnusableData(
            _n(
                "Names are learned from marked rows: at least {n} are needed, and there is {found}.",
                "Names are learned from marked rows: at least {n} are needed, and there are {found}.",
                "found",
            ),
            _("Choose the column that holds the marked names."),
            n=FEWEST,
            found=n_known,
        )
    sentences = [(text, words(text)) for text in texts]
    made = [None if one is None else tags(places, one) for (_text, places), one in zip(sentences, names, strict=True)]
    return Rows(sentences, names, made, tools.language)


def _field(rows: Rows, known: list[int], states: Sequence[np.ndarray] | None) -> Predict:
    """A conditional random field fitted on the rows at these places."""
    names = [rows.marked[place] or [] for place in known]
    gazetteer = Gazetteer([rows.sentences[place] for place in known], names)
    more = _directions(states, known) if states is not None else lambda place: []

    def seen(place: int, own: list[Marked] | None) -> Features:
        sentence = rows.sentences[place]
        made = features(sentence, gazetteer.hits(sentence, own), rows.language)
        for word, values in zip(made, more(place), strict=False):
            word.update(values)
        return made

    model = CRF(algorithm="lbfgs", c1=0.05, c2=0.01, max_iterations=100)
    model.fit([seen(place, rows.marked[place]) for place in known], [rows.tags[place] for place in known])
    return lambda places: [list(model.predict_single(seen(place, None))) for place in places]


def _directions(states: Sequence[np.ndarray], known: list[int]) -> Callable[[int], list[dict[str, float]]]:
    """The word states along their main directions, scaled alike, as numbers the field can weigh."""
    X = np.vstack([states[place] for place in known])
    pca = PCA(min(DIRECTIONS, *X.shape), random_state=0).fit(X)
    scale = np.sqrt(pca.explained_variance_) + 1e-9

    def of(place: int) -> list[dict[str, float]]:
        if not len(states[place]):
            return []
        values = pca.transform(states[place]) / scale
        return [{f"state{number}": float(value) for number, value in enumerate(row)} for row in values]

    return of


def _states(texts: Sequence[str], options: EntityOptions, tools: Tools) -> list[np.ndarray]:
    return word_states(
        texts,
        [words(text) for text in texts],
        encoder=options.encoder,
        language=tools.language,
        threads=tools.threads,
        share=lambda share: tools.share(0.3 * share),
    )
