"""Questions answered from the user's documents, with the passages an answer stands on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from core.language.sentences import sentences
from core.messages import _, say
from core.results.comparison import Interval
from core.results.text_tasks.options import AnswerOptions
from core.results.text_tasks.task import AnswerData, Passage
from core.text_tasks.answers.retrieve import ByWords, Piece, best, fused, pieces
from core.text_tasks.base import Answer, Scoring, Tools, averages
from core.text_tasks.scores.support import best_passage
from core.text_tasks.scores.token_overlap import contains, exact, token_f1

Found = list[tuple[Piece, float]]
DEEP = 50  # places of each search that are fused


def classical(questions: Sequence[str], options: AnswerOptions, tools: Tools) -> Iterator[Answer]:
    """BM25, then the best sentence of what it found."""
    known = pieces(tools.documents, options.passage_words, tools.language)
    searched, parts = _by_words(questions, known), _Sentences(known)
    for number, question in enumerate(questions):
        tools.share(number / len(questions))
        yield parts.best(question, _top(known, searched[number], options.passages))


def llm(questions: Sequence[str], options: AnswerOptions, tools: Tools) -> Iterator[Answer]:
    """Passages by meaning, then the instruct model's answer, checked against them."""
    known = pieces(tools.documents, options.passage_words, tools.language)
    nearness = _by_meaning(questions, known, options, tools)
    found = [_top(known, scores, options.passages) for scores in nearness]
    yield from _written(questions, found, options, tools)


def combined(questions: Sequence[str], options: AnswerOptions, tools: Tools) -> Iterator[Answer]:
    """Both searches fused by rank; an answer that no passage bears out gives way to the best sentence."""
    known = pieces(tools.documents, options.passage_words, tools.language)
    by_words, by_meaning = _by_words(questions, known), _by_meaning(questions, known, options, tools)
    found = []
    for words_scores, meaning_scores in zip(by_words, by_meaning, strict=True):
        hits = [place for place in best(words_scores, DEEP) if words_scores[place] > 0]
        found.append(_top(known, fused([hits, best(meaning_scores, DEEP)], len(known)), options.passages))
    parts = _Sentences(known)
    for question, passages, answer in zip(questions, found, _written(questions, found, options, tools), strict=False):
        if answer.data.borne_out:
            yield answer
            continue
        instead = parts.best(question, passages)
        note = say(_("The model's answer was not borne out, so the best sentence is given: “{said}”"), said=answer.text)
        yield Answer(instead.text, instead.data.model_copy(update={"note": note}))


def score(scoring: Scoring) -> dict[str, Interval]:
    """Words in common with the right answers, and whether passages say what was answered."""
    rows = []
    for answer, reference in zip(scoring.answers, scoring.references, strict=True):
        row = {"borne_out": np.nan if answer.data.borne_out is None else float(answer.data.borne_out)}
        if reference is not None:
            row["f1"] = token_f1(reference, answer.text)
            row["exact"] = float(exact(reference, answer.text))
            row["contains"] = float(contains(answer.text, reference))
            row["recall"] = float(any(contains(passage.text, reference) for passage in answer.data.passages))
        rows.append(row)
    names = ("f1", "exact", "contains", "recall", "borne_out")
    return averages({name: [row.get(name, np.nan) for row in rows] for name in names}, scoring.seed)


def _by_words(questions: Sequence[str], known: Sequence[Piece]) -> list[np.ndarray]:
    engine = ByWords([piece.text for piece in known])
    return [engine.scores(question) for question in questions]


def _by_meaning(
    questions: Sequence[str], known: Sequence[Piece], options: AnswerOptions, tools: Tools
) -> list[np.ndarray]:
    """Cosine of each question with each passage: a row per question."""
    passages = tools.encode([piece.text for piece in known], options.encoder)
    return list(tools.encode(questions, options.encoder) @ passages.T)


def _top(known: Sequence[Piece], scores: np.ndarray, n: int) -> Found:
    return [(known[place], float(scores[place])) for place in best(scores, n) if scores[place] > 0]


class _Sentences:
    """All sentences of all passages, ranked by the words of a question."""

    def __init__(self, known: Sequence[Piece]) -> None:
        self.listed = [(piece, part) for piece in known for part in sentences(piece.text)]
        self.engine = ByWords([part for _piece, part in self.listed])

    def best(self, question: str, found: Found) -> Answer:
        """The sentence of the passages found that fits the question best; the first of equals."""
        scores = self.engine.scores(question)
        inside = [(piece, scores[at], part) for at, (piece, part) in enumerate(self.listed) if piece in _pieces(found)]
        if not inside:
            return Answer("", AnswerData(note=say(_("No document has a word of this question."))))
        piece, fit, part = max(inside, key=lambda one: one[1])
        place = _pieces(found).index(piece)
        return Answer(part, AnswerData(score=float(fit), passages=_cited(found, place), borne_out=True))


def _pieces(found: Found) -> list[Piece]:
    return [piece for piece, _score in found]


def _written(
    questions: Sequence[str], found: Sequence[Found], options: AnswerOptions, tools: Tools
) -> Iterator[Answer]:
    writer = tools.writer(options)
    n_read = options.read or (options.passages if options.model else 1)
    prompts = [
        _prompt(question, [piece.text for piece, _score in passages[:n_read]], tools.language)
        for question, passages in zip(questions, found, strict=True)
    ]
    for number, written in enumerate(writer.write_all(prompts, options.max_tokens, tools.stop)):
        tools.share(number / len(questions))
        yield _checked(questions[number], _short(written), found[number])


def _checked(question: str, text: str, found: Found) -> Answer:
    """An answer with the passage that bears it out marked as cited."""
    place, borne_out = best_passage(text, [piece.text for piece in _pieces(found)], question)
    note = None if borne_out else say(_("None of the passages found says this."))
    return Answer(text, AnswerData(passages=_cited(found, place), borne_out=borne_out, note=note))


def _cited(found: Found, cited: int | None) -> list[Passage]:
    return [
        Passage(document=piece.document, text=piece.text, score=round(score, 6), cited=place == cited)
        for place, (piece, score) in enumerate(found)
    ]


def _prompt(question: str, passages: Sequence[str], language: str) -> str:
    listed = "\n".join(passages)
    if language == "zh":
        return f"{listed}\n\n根据上面的文字，用几个字回答问题。\n问题：{question}\n答案："
    return f"{listed}\n\nAnswer the question in a few words, using only the text above.\nQuestion: {question}\nAnswer:"


def _short(written: str) -> str:
    """The first sentence of the first line, without “Answer:” before it."""
    line = next((line for line in written.splitlines() if line.strip()), "")
    line = re.sub(r"^\s*(?:answer|答案)\s*[:：]\s*", "", line, flags=re.IGNORECASE)
    return next(iter(sentences(line)), "")
