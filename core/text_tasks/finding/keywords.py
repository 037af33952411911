"""Keywords: frequent here and rare elsewhere (TF-IDF), close in meaning to the whole text (encoder), or both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from core.language.sentences import sentences
from core.letters import begins_with_han
from core.results.comparison import Interval
from core.results.text_tasks.options import KeywordOptions
from core.results.text_tasks.task import AnswerData
from core.text_tasks.answers.retrieve import best, fused
from core.text_tasks.base import Answer, Scoring, Tools, averages
from core.text_tasks.words import is_empty, stem, words

SEPARATOR = "; "
RELEVANCE = 0.7  # against 0.3 for being unlike the keywords already chosen
_SPLIT = re.compile(r"(?:(?<!\s)\s++)?+[;；,，、]\s*+|(?:(?<!\s)[^\S\n]++)?+\n\s*+")


def candidates(text: str, longest: int) -> list[str]:
    """Runs of up to `longest` words within a sentence that neither begin nor end with an empty word, in order."""
    found: dict[str, None] = {}
    for sentence in sentences(text):
        row = words(sentence)
        for first in range(len(row)):
            for last in range(first, min(first + longest, len(row))):
                run = row[first : last + 1]
                if not any(is_empty(word) or word.isdigit() for word in run):
                    found[_said(run)] = None
    return list(found)


def classical(texts: Sequence[str], options: KeywordOptions, tools: Tools) -> Iterator[Answer]:
    """TF-IDF over all texts of the column."""
    weights = _tfidf(texts, options.longest)
    for number, (said, values) in enumerate(weights):
        tools.share(number / len(texts))
        yield _answer(_apart(said, best(values, len(said)), options.keywords))


def llm(texts: Sequence[str], options: KeywordOptions, tools: Tools) -> Iterator[Answer]:
    """Words nearest in meaning to the text, unlike each other; or those that the instruct model lists.

    References
    ----------
    Carbonell and Goldstein, "The use of MMR", SIGIR 1998; Grootendorst, KeyBERT, 2020.
    """
    if options.by == "model":
        yield from _listed(texts, options, tools)
        return
    for number, (said, near, vectors) in enumerate(_meanings(texts, options, tools)):
        tools.share(0.9 + 0.1 * number / len(texts))
        yield _answer(_diverse(said, near, vectors, options.keywords))


def combined(texts: Sequence[str], options: KeywordOptions, tools: Tools) -> Iterator[Answer]:
    """The order by TF-IDF and the order by meaning, fused by reciprocal rank."""
    weights = _tfidf(texts, options.longest)
    for (said, values), (_same, near, _vectors) in zip(weights, _meanings(texts, options, tools), strict=True):
        order = best(fused([best(values, len(said)), best(near, len(said))], len(said)), len(said))
        yield _answer(_apart(said, order, options.keywords))


def score(scoring: Scoring) -> dict[str, Interval]:
    """Precision, recall and F1 per text, keywords compared by their stems, averaged over the texts."""
    rows: dict[str, list[float]] = {"f1": [], "precision": [], "recall": []}
    for _text, answer, reference in scoring.scored():
        right = {_key(part) for part in _SPLIT.split(reference) if part.strip()}
        said = {_key(word) for word in answer.data.words}
        common = len(right & said)
        rows["precision"].append(common / len(said) if said else 0.0)
        rows["recall"].append(common / len(right) if right else 0.0)
        rows["f1"].append(2 * common / (len(right) + len(said)) if right or said else 0.0)
    return averages(rows, scoring.seed)


def _tfidf(texts: Sequence[str], longest: int) -> list[tuple[list[str], np.ndarray]]:
    """Each text's candidates with their weights."""
    own = [candidates(text, longest) for text in texts]
    if not any(own):
        return [(said, np.zeros(0)) for said in own]
    counter = TfidfVectorizer(analyzer=lambda text: [_key(run) for run in _runs(text, longest)], sublinear_tf=True)
    table = counter.fit_transform(texts)
    place = counter.vocabulary_
    return [
        (said, np.array([float(table[row, place[_key(run)]]) for run in said], dtype=float))
        for row, said in enumerate(own)
    ]


def _runs(text: str, longest: int) -> list[str]:
    """The candidates of a text as often as they stand there."""
    found = []
    for sentence in sentences(text):
        row = words(sentence)
        for first in range(len(row)):
            for last in range(first, min(first + longest, len(row))):
                run = row[first : last + 1]
                if not any(is_empty(word) or word.isdigit() for word in run):
                    found.append(_said(run))
    return found


def _meanings(
    texts: Sequence[str], options: KeywordOptions, tools: Tools
) -> Iterator[tuple[list[str], np.ndarray, np.ndarray]]:
    """Each text's candidates, their cosine with the text, and their vectors."""
    own = [candidates(text, options.longest) for text in texts]
    distinct = list(dict.fromkeys(run for said in own for run in said))
    place = {run: number for number, run in enumerate(distinct)}
    whole = tools.encode(texts, options.encoder)
    vectors = tools.encode(distinct, options.encoder) if distinct else whole[:0]
    for row, said in enumerate(own):
        own_vectors = vectors[[place[run] for run in said]]
        yield said, own_vectors @ whole[row], own_vectors


def _diverse(said: Sequence[str], near: np.ndarray, vectors: np.ndarray, n: int) -> list[str]:
    """Maximal marginal relevance: near the text, not near what was chosen before."""
    chosen: list[int] = []
    while len(chosen) < min(n, len(said)):
        alike = (vectors @ vectors[chosen].T).max(axis=1) if chosen else np.zeros(len(said))
        worth = RELEVANCE * near - (1 - RELEVANCE) * alike
        worth[chosen] = -np.inf
        chosen.append(int(np.argmax(worth)))
    return [said[place] for place in chosen]


def _apart(said: Sequence[str], order: Sequence[int], n: int) -> list[str]:
    """The first `n` in this order of which none holds another's word."""
    chosen: list[str] = []
    taken: set[str] = set()
    for place in order:
        parts = set(_key(said[place]).split())
        if len(chosen) < n and not parts & taken:
            chosen.append(said[place])
            taken |= parts
    return chosen


def _listed(texts: Sequence[str], options: KeywordOptions, tools: Tools) -> Iterator[Answer]:
    """What the instruct model lists, as far as it stands in the text."""
    writer = tools.writer(options)
    prompts = [
        f"List the {options.keywords} most important keywords of this text, separated by commas. Write nothing else."
        f"\n\n{text}"
        for text in texts
    ]
    for number, written in enumerate(writer.write_all(prompts, options.max_tokens, tools.stop)):
        tools.share(number / len(texts))
        there = {_key(run) for run in candidates(texts[number], 3)}
        listed = [re.sub(r"^[\d.\-*\s]+", "", part).strip().lower() for part in _SPLIT.split(written)]
        kept = list({_key(word): word for word in listed if _key(word) in there}.values())
        yield _answer(kept[: options.keywords])


def _answer(found: list[str]) -> Answer:
    return Answer(SEPARATOR.join(found), AnswerData(words=found))


def _said(run: Sequence[str]) -> str:
    """Words as they are written: Chinese ones without a space."""
    return ("" if all(map(begins_with_han, run)) else " ").join(run)


def _key(run: str) -> str:
    """What keywords are compared by: stems in order."""
    return " ".join(stem(word) for word in words(run))
