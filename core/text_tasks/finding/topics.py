"""Topics: texts that belong together, and the words that say what holds them together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, silhouette_score

from core.evaluate.intervals.wilson import Z95
from core.messages import UnusableData, _, say
from core.results.comparison import Interval
from core.results.text_tasks.options import TopicOptions
from core.results.text_tasks.task import AnswerData, TextGroup
from core.text_tasks.base import Answer, Scoring, Tools, averages
from core.text_tasks.scores.topic_coherence import npmi
from core.text_tasks.words import content_words

MOST_TOPICS = 12  # tried where nobody said how many
REFITS, SHARE = 10, 0.8  # of the texts, for stability
EXAMPLES = 3
GROUPS = 100  # of rows, left out in turn
Sorter = Callable[[np.ndarray], np.ndarray]  # places of texts → a topic for each


@dataclass(frozen=True)
class _Words:
    """How often each word stands in each text: words in at least two texts, in at most half of them."""

    counts: csr_matrix  # (texts, words)
    names: np.ndarray


def classical(texts: Sequence[str], options: TopicOptions, tools: Tools) -> Iterator[Answer]:
    """Non-negative factors of the TF-IDF table; a text belongs to its largest one.

    References
    ----------
    Lee and Seung, "Learning the parts of objects by non-negative matrix factorization", Nature 1999.
    """
    known = _counted(texts)
    table = TfidfTransformer(sublinear_tf=True).fit_transform(known.counts)
    k = _number(table, min(table.shape), options, tools)

    def sort(places: np.ndarray) -> np.ndarray:
        factors = NMF(min(k, len(places)), init="nndsvda", random_state=tools.seed, max_iter=400)
        return np.asarray(factors.fit_transform(table[places]).argmax(axis=1))

    factors = NMF(k, init="nndsvda", random_state=tools.seed, max_iter=400)
    weights = factors.fit_transform(table)
    order = np.argsort(-factors.components_, axis=1)[:, : options.words]
    said = [[str(word) for word in known.names[row]] for row in order]
    yield from _told(texts, weights.argmax(axis=1), said, weights, sort, options, tools)


def combined(texts: Sequence[str], options: TopicOptions, tools: Tools) -> Iterator[Answer]:
    """Clusters of the encoded texts, with the words that are frequent in one and rare in the others (c-TF-IDF).

    A word's weight in a topic is tf · ln(1 + A / f): tf its share of the topic's words, f how often it stands in all
    topics, A the mean number of words per topic.

    References
    ----------
    Grootendorst, "BERTopic: Neural topic modeling with a class-based TF-IDF procedure", 2022, equation 2.
    """
    known = _counted(texts)
    vectors = tools.encode(texts, options.encoder)
    k = _number(vectors, len(np.unique(vectors, axis=0)), options, tools)
    topics, centres = _clusters(vectors, k, tools.seed)
    weights = class_tfidf(known.counts, topics, k)
    order = np.argsort(-weights, axis=1, kind="stable")[:, : options.words]
    said = [[str(word) for word in known.names[row]] for row in order]
    yield from _told(texts, topics, said, vectors @ centres.T, _refit(vectors, k, tools.seed), options, tools)


def llm(texts: Sequence[str], options: TopicOptions, tools: Tools) -> Iterator[Answer]:
    """Clusters of the encoded texts, with the words closest in meaning to each cluster's centre."""
    known = _counted(texts)
    vectors = tools.encode(texts, options.encoder)
    k = _number(vectors, len(np.unique(vectors, axis=0)), options, tools)
    topics, centres = _clusters(vectors, k, tools.seed)
    nearness = centres @ tools.encode([str(word) for word in known.names], options.encoder).T
    nearness -= nearness.mean(axis=0)  # a word near to every centre says nothing about one of them
    order = np.argsort(-nearness, axis=1, kind="stable")[:, : options.words]
    said = [[str(word) for word in known.names[row]] for row in order]
    yield from _told(texts, topics, said, vectors @ centres.T, _refit(vectors, k, tools.seed), options, tools)


def score(scoring: Scoring) -> dict[str, Interval]:
    """Agreement with the reference, coherence of the topics' words, stability of the sorting."""
    found: dict[str, Interval] = {}
    rows = scoring.scored()
    if rows:
        right = np.array([reference for _text, _answer, reference in rows])
        topics = np.array([answer.data.label for _text, answer, _reference in rows])
        found["ami"] = agreement(right, topics)
    stems = [set(content_words(text)) for text in scoring.texts]
    found |= averages({"coherence": [npmi(group.words, stems) for group in scoring.groups]}, scoring.seed)
    measured = scoring.tools.measures.get("stability", []) if scoring.tools else []
    return found | averages({"stability": measured}, scoring.seed)


def class_tfidf(counts: csr_matrix, topics: np.ndarray, k: int) -> np.ndarray:
    """Weights of each word in each topic, shape (k, words)."""
    summed = np.vstack([np.asarray(counts[topics == topic].sum(axis=0)).ravel() for topic in range(k)]).astype(float)
    total = summed.sum(axis=1, keepdims=True)
    share = np.divide(summed, total, out=np.zeros_like(summed), where=total > 0)
    return np.asarray(share * np.log(1 + total.mean() / np.maximum(summed.sum(axis=0), 1)))


def _counted(texts: Sequence[str]) -> _Words:
    least = 2 if len(texts) >= 20 else 1
    counter = CountVectorizer(analyzer=content_words, min_df=least, max_df=0.5)
    try:
        counts = counter.fit_transform(texts)
    except ValueError:  # no word is left
        raise UnusableData(
            _("Topics are told by words that stand in several texts, but in at most half of them; there are none."),
            _("Choose a column with longer texts, or with more different ones."),
        ) from None
    return _Words(counts, counter.get_feature_names_out())


def _clusters(vectors: np.ndarray, k: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A topic for each text, and the centres as unit rows."""
    found = KMeans(k, n_init=10, random_state=seed).fit(vectors)
    centres = found.cluster_centers_
    return found.labels_, centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)


def _refit(vectors: np.ndarray, k: int, seed: int) -> Sorter:
    return lambda places: _clusters(vectors[places], min(k, len(places)), seed)[0]


def _number(table: np.ndarray | csr_matrix, most: int, options: TopicOptions, tools: Tools) -> int:
    """How many topics were asked for or stand apart, at most so many."""
    wanted = options.topics or _best_number(table, table.shape[0], tools.seed)
    if options.topics > most:
        tools.notes.append(
            say(_("{wanted} topics were asked for; these texts make {n} at most."), wanted=wanted, n=most)
        )
    return min(wanted, most)


def _best_number(table: np.ndarray | csr_matrix, n: int, seed: int) -> int:
    """The number of topics from 2 to 12 whose k-means clusters stand most clearly apart (silhouette, cosine).

    1 where all texts are alike.
    """
    tried = range(2, min(MOST_TOPICS, n // 3) + 1)
    apart: dict[int, float] = {}
    for k in tried:
        found = KMeans(k, n_init=3, random_state=seed).fit_predict(table)
        if len(set(found)) < 2:
            return 1
        apart[k] = float(silhouette_score(table, found, metric="cosine"))
    return max(apart, key=lambda k: apart[k], default=2)


def _told(
    texts: Sequence[str],
    topics: np.ndarray,
    said: list[list[str]],
    weights: np.ndarray,
    sort: Sorter,
    options: TopicOptions,
    tools: Tools,
) -> Iterator[Answer]:
    """Groups with names and examples, stability, then each text's topic.

    weights: shape (texts, topics), how well each text fits each topic.
    """
    tools.share(0.5)
    kept = [topic for topic in range(len(said)) if np.any(topics == topic)]
    names = _names([said[topic] for topic in kept], options, tools)
    for topic, name in zip(kept, names, strict=True):
        places = np.flatnonzero(topics == topic)
        nearest = places[np.argsort(-weights[places, topic], kind="stable")][:EXAMPLES]
        examples = [texts[place] for place in nearest]
        tools.groups.append(TextGroup(name=name, words=said[topic], n_rows=len(places), examples=examples))
    if not options.topics and len(kept) == 1:
        tools.notes.append(say(_("These texts can't be told apart, so there is one topic.")))
    elif not options.topics:
        tools.notes.append(say(_("{n} topics stand most clearly apart."), n=len(kept)))
    tools.measures["stability"] = _stability(topics, sort, tools)
    name_of = dict(zip(kept, names, strict=True))
    for place, topic in enumerate(topics):
        fit = float(weights[place, topic])
        yield Answer(name_of[int(topic)], AnswerData(label=str(int(topic)), score=round(fit, 4)))


def _names(said: list[list[str]], options: TopicOptions, tools: Tools) -> list[str]:
    """Each topic's first three words, or what the instruct model calls it."""
    plain = [", ".join(words[:3]) for words in said]
    if not options.names:
        return plain
    prompts = [f"Words of a topic: {', '.join(words)}.\nWrite a title of one to three words for it." for words in said]
    written = tools.writer(options).write_all(prompts, 12, tools.stop)
    named = [text.strip().split("\n")[0].strip("\"“”'.* ")[:60] for text in written]
    return [f"{name or words} ({number + 1})" for number, (name, words) in enumerate(zip(named, plain, strict=True))]


def _stability(topics: np.ndarray, sort: Sorter, tools: Tools) -> list[float]:
    """Agreement of the topics with those found in random four fifths of the texts, once per refit."""
    random = np.random.default_rng(tools.seed)
    found = []
    for number in range(REFITS):
        tools.share(0.5 + 0.4 * number / REFITS)
        places = np.sort(random.choice(len(topics), int(SHARE * len(topics)), replace=False))
        found.append(float(adjusted_rand_score(topics[places], sort(places))))
    return found


def agreement(right: np.ndarray, topics: np.ndarray) -> Interval:
    """Adjusted mutual information, 0 as by chance to 1, with a jackknife interval.

    A bootstrap would draw rows twice, and these always agree with themselves; so rows are left out instead.

    References
    ----------
    Vinh, Epps and Bailey, "Information theoretic measures for clusterings comparison", JMLR 2010.
    Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 11 (jackknife by groups).
    """
    n = len(right)
    mean = float(adjusted_mutual_info_score(right, topics))
    parts = np.arange(n) % min(n, GROUPS)
    without = np.array(
        [adjusted_mutual_info_score(right[parts != part], topics[parts != part]) for part in range(parts.max() + 1)]
    )
    g = len(without)
    reach = Z95 * float(np.sqrt((g - 1) / g * ((without - without.mean()) ** 2).sum()))
    return Interval(mean=mean, low=max(mean - reach, -1.0), high=min(mean + reach, 1.0))
