"""Texts put into classes by the candidates of a comparison: each row by one that did not learn from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.data.schema import Column, Schema
from core.evaluate.scores import Statistic, intervals
from core.fuse.candidates import build
from core.fuse.setting import Setting, Skipped
from core.messages import UnusableData, _, say
from core.plan import EncoderChoice, Plan
from core.results.comparison import Interval
from core.results.text_tasks.task import AnswerData
from core.text_tasks.base import RESAMPLES, Answer, Scoring, Tools
from core.text_tasks.folds import learned_from, out_of_fold

TEXT, LABEL = "text", "label"
FEWEST = 2  # rows of a class that is learned, in each training part


def learned(
    family: str, texts: Sequence[str], tools: Tools, *, folds: int, examples: int = 0, encoder: str = ""
) -> list[Answer]:
    """Each text's class by a family of candidates (`core.fuse`), fitted on other rows.

    Parameters
    ----------
    examples : int
        So many rows of each class are learned from, drawn by the seed; 0: all.
    """
    labels = [None if one is None or not one.strip() else one.strip() for one in tools.references or []]
    labels = labels or [None] * len(texts)
    known = [one is not None for one in labels]
    own = out_of_fold(texts, known, folds, tools.seed)
    found: list[Answer | None] = [None] * len(texts)
    different = sorted(set(own))
    for number, fold in enumerate(different):
        tools.share(number / len(different))
        train = _drawn(learned_from(own, known, fold), labels, examples, tools.seed)
        test = [row for row, one in enumerate(own) if one == fold]
        for row, answer in zip(test, _fitted(family, texts, labels, train, test, tools, encoder), strict=True):
            found[row] = answer
    return [answer for answer in found if answer is not None]


def zero_shot(
    texts: Sequence[str], classes: Sequence[str], descriptions: dict[str, str], tools: Tools, encoder: str = ""
) -> list[Answer]:
    """Each text's nearest class by what the classes are called, or described as; no label is learned from."""
    candidate = build("zero-shot", _setting("zero-shot", len(texts), tools, encoder, descriptions))
    assert not isinstance(candidate, Skipped)
    frame = pd.DataFrame({TEXT: list(texts)})
    few = frame.iloc[[0] * len(classes)]
    return _told(candidate.fit(few, np.array(classes, dtype=object)), frame)


def score(scoring: Scoring) -> dict[str, Interval]:
    """Accuracy and macro F1 over the classes of the reference column; intervals by drawing rows."""
    rows = scoring.scored()
    truth = np.array([reference.strip() for _text, _answer, reference in rows], dtype=object)
    said = np.array([answer.data.label for _text, answer, _reference in rows], dtype=object)
    if not len(rows):
        return {}
    classes = sorted(set(truth))
    right = np.column_stack([(truth == one) & (said == one) for one in classes]).astype(float)
    both = np.column_stack([(truth == one).astype(float) + (said == one) for one in classes])

    def macro(weights: np.ndarray) -> np.ndarray:
        part, whole = 2 * (weights @ right), weights @ both
        found: np.ndarray = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0).mean(axis=1)
        return found

    statistics: dict[str, Statistic] = {
        "accuracy": lambda weights: weights @ right.sum(axis=1) / weights.sum(axis=1),
        "macro_f1": macro,
    }
    return intervals(statistics, len(rows), scoring.seed, RESAMPLES)


def _drawn(rows: list[int], labels: Sequence[str | None], examples: int, seed: int) -> list[int]:
    """At most so many rows of each class."""
    if not examples:
        return rows
    kept: Counter[str] = Counter()
    chosen = []
    for place in np.random.default_rng(seed).permutation(len(rows)):
        label = str(labels[rows[place]])
        if kept[label] < examples:
            kept[label] += 1
            chosen.append(rows[place])
    return sorted(chosen)


def _fitted(
    family: str,
    texts: Sequence[str],
    labels: Sequence[str | None],
    train: list[int],
    test: list[int],
    tools: Tools,
    encoder: str,
) -> list[Answer]:
    known = Counter(str(labels[row]) for row in train)
    usable = [row for row in train if known[str(labels[row])] >= FEWEST]
    if len({labels[row] for row in usable}) < 2:
        raise UnusableData(
            _("There are too few examples to learn from: at least two classes with {n} rows each are needed."),
            _("Choose a reference column with more rows, or a way that learns from none."),
            n=FEWEST,
        )
    candidate = build(family, _setting(family, len(usable), tools, encoder, {}))
    if isinstance(candidate, Skipped):
        raise UnusableData(candidate.reason.id, **candidate.reason.params)
    frame = pd.DataFrame({TEXT: list(texts)})
    fitted = candidate.fit(frame.iloc[usable], np.array([labels[row] for row in usable], dtype=object))
    return _told(fitted, frame.iloc[test])


def _told(fitted: object, frame: pd.DataFrame) -> list[Answer]:
    said, shares = fitted.predict_both(frame)  # type: ignore[attr-defined]
    sure = [None] * len(said) if shares is None else [round(float(row.max()), 4) for row in shares]
    return [
        Answer(str(label), AnswerData(label=str(label), score=share)) for label, share in zip(said, sure, strict=True)
    ]


def _setting(family: str, n_rows: int, tools: Tools, encoder: str, descriptions: dict[str, str]) -> Setting:
    """A comparison with one text column."""
    schema = Schema(
        columns=[
            Column(name=TEXT, role="text", reason=say(""), guessed="text", language=tools.language),
            Column(name=LABEL, role="target", reason=say(""), guessed="target"),
        ],
        task="multiclass",
    )
    plan = Plan(
        target=LABEL,
        task="multiclass",
        candidates=[family],
        encoders={TEXT: EncoderChoice(name=encoder)} if encoder else {},
        descriptions=descriptions,
        seed=tools.seed,
    )
    return Setting(schema, plan, "multiclass", cache_folder=tools.cache_folder, threads=tools.threads, n_rows=n_rows)
