"""The mood of texts: by what the classes are called, by word counts, or by an encoder and a classical model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.messages import UnusableData, _
from core.results.text_tasks.labels import SentimentOptions
from core.text_tasks.base import Answer, Tools
from core.text_tasks.labels.classes import learned, zero_shot

MOODS = {
    "positive": "The writer is pleased and praises something.",
    "negative": "The writer is unhappy and complains about something.",
    "neutral": "The writer states facts or asks a question without a feeling.",
    "满意": "顾客很满意，称赞了味道或服务。",
    "不满意": "顾客不满意，抱怨味道或服务。",
    "正面": "作者很满意，称赞了某事。",
    "负面": "作者不满意，抱怨某事。",
    "中性": "作者只陈述事实或提问，没有情绪。",
}


def llm(texts: Sequence[str], options: SentimentOptions, tools: Tools) -> Iterator[Answer]:
    """The nearest class by meaning; nothing is learned from rows."""
    known = sorted({one.strip() for one in tools.references if one and one.strip()})
    classes = known or [one.strip() for one in options.classes if one.strip()]
    if len(set(classes)) < 2:
        raise UnusableData(_("At least two classes are needed."), _("Name them in the settings."))
    described = {name.lower(): words for name, words in MOODS.items()}
    descriptions = {one: described[one.lower()] for one in classes if one.lower() in described}
    yield from zero_shot(texts, classes, descriptions | given(options.descriptions), tools, options.encoder)


def classical(texts: Sequence[str], options: SentimentOptions, tools: Tools) -> Iterator[Answer]:
    """Word counts and logistic regression, learned from other rows."""
    yield from learned("text-tfidf", texts, tools, folds=options.folds, examples=options.examples)


def combined(texts: Sequence[str], options: SentimentOptions, tools: Tools) -> Iterator[Answer]:
    """An encoder's view of each text and logistic regression, learned from other rows."""
    yield from learned(
        "cooperative", texts, tools, folds=options.folds, examples=options.examples, encoder=options.encoder
    )


def given(lines: Sequence[str]) -> dict[str, str]:
    """``["good: praises the film"]`` → what each class means.

    Raises
    ------
    UnusableData
    """
    found = {}
    for line in filter(None, map(str.strip, lines)):
        name, colon, words = line.replace("：", ":").partition(":")
        if not colon or not words.strip():
            raise UnusableData(
                _("“{line}” describes no class."), _("Write it like {example}."), line=line,
                example="positive: praises the film",
            )  # fmt: skip
        found[name.strip()] = words.strip()
    return found
