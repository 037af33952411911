"""Translation: by a language model, by a phrase table learned from the reference column, and chosen by meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import rjieba
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from core.data.roles import language_id
from core.evaluate.scores import Statistic, intervals
from core.letters import HAN, begins_with_han
from core.messages import Message, UnusableData, _, _n, say
from core.results.comparison import Interval
from core.results.text_tasks.options import TranslateOptions
from core.results.text_tasks.task import AnswerData
from core.text_tasks.base import RESAMPLES, Answer, Scoring, Tools
from core.text_tasks.folds import out_of_fold
from core.text_tasks.translation.phrase_table import PhraseTranslator

FEWEST_PAIRS = 20
SHOTS = 3
N_BEST = 5
MEANING = 30.0  # weight of the cosine beside the phrase table's score
_TOKEN = re.compile(rf"[{HAN}]+|[^\W{HAN}]+(?:['’][^\W{HAN}]+)*|[^\w\s]")
_BESIDE_HAN = re.compile(rf"(?<=[{HAN}，。！？、；：])\s++|(?<!\s)\s++(?=[{HAN}，。！？、；：])")


def classical(texts: Sequence[str], options: TranslateOptions, tools: Tools) -> Iterator[Answer]:
    """Phrases learned by IBM model 1 from the other rows, put in order."""
    tools.notes.append(_told(options))
    for _place, best in _in_order(texts, options, tools, n_best=1):
        yield Answer(joined(best[0][0]), AnswerData(score=best[0][1]))


def combined(texts: Sequence[str], options: TranslateOptions, tools: Tools) -> Iterator[Answer]:
    """Of the phrase table's five best the one whose score and meaning fit the text best together."""
    tools.notes.append(_told(options))
    found = [best for _place, best in _in_order(texts, options, tools, n_best=N_BEST)]
    said = [[joined(words) for words, _score in best] for best in found]
    asked = tools.encode(texts, options.encoder or "e5")
    given = tools.encode([text for texts_said in said for text in texts_said], options.encoder or "e5")
    first = 0
    for place, best in enumerate(found):
        nearness = given[first : first + len(best)] @ asked[place]
        first += len(best)
        total = np.array([score for _words, score in best]) + MEANING * nearness
        chosen = int(np.argmax(total))
        yield Answer(said[place][chosen], AnswerData(score=float(total[chosen]), extra={"place": chosen}))


def llm(texts: Sequence[str], options: TranslateOptions, tools: Tools) -> Iterator[Answer]:
    """A translation model reads the text; an instruct model is asked, with the most similar rows as examples."""
    writer = tools.writer(options)
    if writer.pairs:
        prompts = list(texts)
    else:
        found = language_id.guess(text for text in tools.references if text)
        into = options.into or (str(language_id.name(found)) if found else "English")
        prompts = [_prompt(text, shots, into) for text, shots in zip(texts, _shots(texts, options, tools), strict=True)]
    answers = zip(texts, writer.write_all(prompts, options.max_tokens, tools.stop), strict=True)
    for number, (text, written) in enumerate(answers):
        tools.share(number / len(texts))
        yield Answer(translation_in(written, text))


def translation_in(written: str, text: str) -> str:
    """The first line of an answer that is no announcement.

    Examples
    --------
    >>> translation_in("Sure, here it is:\\n\\nGood morning.\\nOr: Hello.", "早上好。")
    'Good morning.'
    """
    lines = [line.strip() for line in written.splitlines() if line.strip()]
    announced = len(lines) > 1 and lines[0].endswith((":", "：")) and not text.rstrip().endswith((":", "："))
    return next(iter(lines[announced:]), "")


def score(scoring: Scoring) -> dict[str, Interval]:
    """chrF and BLEU by sacrebleu over all rows together; drawing rows again gives their intervals."""
    rows = scoring.scored()
    if not rows:
        return {}
    said, right = [answer.text for _text, answer, _reference in rows], [reference for *_other, reference in rows]
    tokens = "zh" if language_id.guess(right) == "zh" else "13a"
    metrics = {"chrf": CHRF(), "bleu": BLEU(tokenize=tokens)}
    counted = {
        name: np.array(metric._extract_corpus_statistics(said, [right]), dtype=float)
        for name, metric in metrics.items()
    }

    return intervals(
        {name: _statistic(metric, counted[name]) for name, metric in metrics.items()},
        len(rows),
        scoring.seed,
        RESAMPLES,
    )


def tokens(text: str) -> list[str]:
    """Words and marks in order, in small letters; Chinese ones by a dictionary."""
    found: list[str] = []
    for piece in _TOKEN.findall(text.lower()):
        found += rjieba.cut(piece) if begins_with_han(piece) else [piece]
    return found


def joined(words: Sequence[str]) -> str:
    """Words as a text: no space beside Chinese or before a mark, a capital letter at the start."""
    text = " ".join(words)
    text = _BESIDE_HAN.sub("", text)
    text = re.sub(r"(?<!\s)\s++([,.!?;:%)\]])", r"\1", text)
    return text[:1].upper() + text[1:]


def _in_order(
    texts: Sequence[str], options: TranslateOptions, tools: Tools, n_best: int
) -> Iterator[tuple[int, list[tuple[tuple[str, ...], float]]]]:
    """Each text's best translations by a table that was learned without the text's own row."""
    enough(texts, tools)
    folds = out_of_fold(texts, [bool(right) for right in tools.references], options.folds, tools.seed)
    models: dict[int, PhraseTranslator] = {}
    pairs = [
        (tokens(text), tokens(right) if right else None) for text, right in zip(texts, tools.references, strict=True)
    ]
    for number in sorted(set(folds)):
        tools.share(0.5 * number / max(1, *folds))
        others = [
            (source, target) for (source, target), fold in zip(pairs, folds, strict=True) if target and fold != number
        ]
        models[number] = PhraseTranslator(options.rounds, options.phrase_words).fit(others)
    for place, (source, _target) in enumerate(pairs):
        tools.share(0.5 + 0.5 * place / len(texts))
        yield place, models[folds[place]].translate(source, n_best)


def enough(texts: Sequence[str], tools: Tools) -> None:
    """Check that there are examples to learn from.

    Raises
    ------
    UnusableData
    """
    known = {text for text, right in zip(texts, tools.references, strict=True) if right}
    if len(known) < FEWEST_PAIRS:
        raise UnusableData(
            _n(
                "This way learns from translated examples: it needs at least {n}, and there is {found}.",
                "This way learns from translated examples: it needs at least {n}, and there are {found}.",
                "found",
            ),
            _("Choose the column that holds the translations, or let the language model translate."),
            n=FEWEST_PAIRS,
            found=len(known),
        )


def _shots(texts: Sequence[str], options: TranslateOptions, tools: Tools) -> list[list[tuple[str, str]]]:
    """The most similar texts of other rows with their translations."""
    known = [(text, right) for text, right in zip(texts, tools.references, strict=True) if right]
    if not known:
        return [[] for _text in texts]
    nearness = tools.encode(texts, options.encoder) @ tools.encode([text for text, _right in known], options.encoder).T
    found = []
    for text, row in zip(texts, nearness, strict=True):
        order = [place for place in np.argsort(-row, kind="stable") if known[place][0].strip() != text.strip()][:SHOTS]
        found.append([known[place] for place in reversed(order)])
    return found


def _prompt(text: str, shots: Sequence[tuple[str, str]], into: str) -> str:
    examples = "".join(f"Text: {one}\nTranslation: {other}\n\n" for one, other in shots)
    return f"Translate the text into {into}. Write only the translation.\n\n{examples}Text: {text}\nTranslation:"


def _statistic(metric: Any, counted: np.ndarray) -> Statistic:
    """The score of all rows together as a function of row weights; counted: float, shape (n, numbers of a row)."""

    def value(weights: np.ndarray) -> np.ndarray:
        return np.array([metric._compute_score_from_stats(list(row)).score for row in weights @ counted])

    return value


def _told(options: TranslateOptions) -> Message:
    return say(
        _n(
            "Learned from the other rows ({folds} folds): word links by IBM model 1, phrases of {words} word, "
            "put in order with the help of a bigram model; words it never saw stay as they are.",
            "Learned from the other rows ({folds} folds): word links by IBM model 1, phrases of up to {words} words, "
            "put in order with the help of a bigram model; words it never saw stay as they are.",
            "words",
        ),
        folds=options.folds,
        words=options.phrase_words,
    )
