"""Summaries: by the instruct model, by choosing sentences (TextRank, TF-IDF), and by restating chosen ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.assistant.grounded import checked, whole_sentences
from core.language.sentences import sentences
from core.messages import _, say
from core.results.comparison import Interval
from core.results.text_tasks.options import SummariseOptions
from core.results.text_tasks.task import AnswerData
from core.text_tasks.answers.extract import chosen
from core.text_tasks.base import Answer, Scoring, Tools, averages
from core.text_tasks.scores.rouge import KINDS, rouge
from core.text_tasks.scores.support import ENOUGH, share

_LEAD = re.compile(r"[:：]\s*$")  # “Here is a summary:”


def classical(texts: Sequence[str], options: SummariseOptions, tools: Tools) -> Iterator[Answer]:
    """The most telling sentences, word for word, in the order of the text."""
    for number, text in enumerate(texts):
        tools.share(number / len(texts))
        parts = sentences(text)
        places, weights = chosen(parts, options.sentences, options.method)
        yield Answer(
            joined([parts[place] for place in places], tools.language),
            AnswerData(extra={"sentences": places, "weights": [round(float(weight), 4) for weight in weights]}),
        )


def llm(texts: Sequence[str], options: SummariseOptions, tools: Tools) -> Iterator[Answer]:
    """A summary in the instruct model's own words."""
    yield from _written(texts, options, tools)


def combined(texts: Sequence[str], options: SummariseOptions, tools: Tools) -> Iterator[Answer]:
    """Twice as many sentences are chosen as are wanted; the instruct model restates them.

    What it writes stays as far as the chosen sentences bear it out; the best of these make up for the rest.
    """
    best = []
    for text in texts:
        parts = sentences(text)
        places, weights = chosen(parts, 2 * options.sentences, options.method)
        best.append([parts[place] for place in sorted(places, key=lambda place: -weights[place])])
    given = [joined(sorted(kept, key=text.index), tools.language) for kept, text in zip(best, texts, strict=True)]
    for answer, kept in zip(_written(given, options, tools), best, strict=True):
        yield _made_up(answer.text, kept, options.sentences, tools.language)


def _made_up(written: str, kept: Sequence[str], n: int, language: str) -> Answer:
    """Of what was written the sentences that are borne out, then the best chosen ones that say something else.

    kept: sentences of the text, best first.
    """
    source = joined(kept, language)
    said = [part for part in sentences(written) if share(part, source) >= ENOUGH][:n]
    n_own = len(said)
    for part in kept:
        if len(said) < n and not any(share(part, one) >= ENOUGH or share(one, part) >= ENOUGH for one in said):
            said.append(part)
    return Answer(joined(said, language), AnswerData(extra={"restated": n_own, "word for word": len(said) - n_own}))


def joined(parts: Sequence[str], language: str) -> str:
    """Sentences in a row; Chinese puts no space between them."""
    return ("" if language == "zh" else " ").join(parts)


def score(scoring: Scoring) -> dict[str, Interval]:
    """ROUGE of the rows with a reference summary."""
    rows = [rouge(reference, answer.text) for _text, answer, reference in scoring.scored()]
    return averages({kind: [row[kind] for row in rows] for kind in KINDS}, scoring.seed)


def _written(texts: Sequence[str], options: SummariseOptions, tools: Tools) -> Iterator[Answer]:
    writer = tools.writer(options)
    asked = [place for place, text in enumerate(texts) if text.strip()]
    prompts = [_prompt(texts[place], options.sentences, tools.language) for place in asked]
    done = 0
    for place, written in zip(asked, writer.write_all(prompts, options.max_tokens, tools.stop), strict=True):
        tools.share(place / len(texts))
        yield from [Answer("")] * (place - done)
        yield _borne_out(_trimmed(written, options.sentences, tools.language), texts[place])
        done = place + 1
    yield from [Answer("")] * (len(texts) - done)


def _borne_out(written: str, text: str) -> Answer:
    """The summary without sentences whose numbers don't stand in the text."""
    kept, _numbers, removed = checked(written, " ".join(text.split()))
    if not removed:
        return Answer(written)
    note = say(_("Sentences left out because their numbers don't stand in the text: {n}"), n=removed)
    return Answer(kept, AnswerData(note=note))


def _prompt(text: str, n_sentences: int, language: str) -> str:
    if language == "zh":
        return f"请用{n_sentences}句话概括下面的文字，只写概括：\n\n{text}"
    many = "one sentence" if n_sentences == 1 else f"{n_sentences} sentences"
    return f"Summarize the following text in {many}. Write only the summary.\n\n{text}"


def _trimmed(written: str, n_sentences: int, language: str) -> str:
    """Only so many whole sentences of the first paragraph; what was cut off stays only if there is nothing else."""
    paragraph = next((part for part in written.split("\n\n") if part.strip() and not _LEAD.search(part)), written)
    whole = sentences(whole_sentences(paragraph + " "))
    return joined((whole or sentences(paragraph))[:n_sentences], language)
