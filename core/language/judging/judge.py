"""All measures of one model: what it says of held-out text, and what it writes, beside real text of the same kind."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from functools import cached_property
from typing import TypedDict

import numpy as np

from core.encode.factory import build
from core.language.corpus import Corpus
from core.language.decoding.sample import samples
from core.language.judging import held_out
from core.language.judging.coherence import Encode, coherence, shuffled, spoken
from core.language.judging.copying import Copies, Training
from core.language.judging.divergence import divergence
from core.language.judging.diversity import distinct, repetition, self_bleu
from core.language.judging.held_out import Progress
from core.language.judging.uncertain import means
from core.language.judging.words import cut, words
from core.language.model import LanguageModel
from core.messages import Message, _, _n, say
from core.plan import EncoderChoice
from core.results.comparison import Interval
from core.results.language.laboratory import Judged, JudgeSettings, References, SampleText

READING, WRITING = 0.4, 0.5  # shares of the work: reading held-out text, writing; the rest is measuring
MOST_TOKENS = 2000
SPARE = 1.5  # a text may need more tokens than real ones of its length do


class Draws(TypedDict):
    """How a bootstrap draws."""

    seed: int
    resamples: int


class Yardstick:
    """What all models of one corpus are held against; made once, then used for each.

    Parameters
    ----------
    encode : callable, optional
        Texts to unit rows; by default the bundled encoder that suits the corpus's language.
    """

    def __init__(self, corpus: Corpus, settings: JudgeSettings, encode: Encode | None = None) -> None:
        self.corpus = corpus
        self.settings = settings
        self.language = corpus.counts.language
        self._encode = encode

    @cached_property
    def encode(self) -> Encode:
        """The encoder, loaded when first needed."""
        if self._encode is not None:
            return self._encode
        transform: Encode = build(EncoderChoice(), self.language, None, None).fit([]).transform
        return transform

    @cached_property
    def training(self) -> Training:
        """The training text, sorted for look-ups."""
        return Training(self.corpus.train)

    @cached_property
    def real(self) -> list[str]:
        """Held-out texts, as many and cut as those a model writes."""
        return self._drawn([*self.corpus.test, *self.corpus.validation])

    @cached_property
    def real_rows(self) -> np.ndarray:
        """Their embeddings."""
        return self.encode(self.real)

    @cached_property
    def references(self) -> References:
        """The measures of real text, and of the same with its sentences shuffled."""
        if not self.settings.texts:
            return References()
        scores = self.measured(self.real, self.training.copies(self.real))
        others = self._drawn(self.corpus.train)  # how far apart two sets of real texts seem
        scores |= _known(divergence=divergence(self.encode(others), self.real_rows, self.settings.seed))
        mixed = shuffled([spoken(text) for text in self.real], self.settings.seed)
        lower = _known(coherence=coherence(mixed, self.encode, **self._draws))
        return References(real=scores, shuffled=lower, n_texts=len(self.real))

    def written(self, texts: Sequence[str]) -> tuple[dict[str, Interval], Copies]:
        """The measures of a model's texts."""
        copies = self.training.copies(texts)
        filled = [text for text in texts if words(text)]
        scores = self.measured(texts, copies)
        if filled:
            scores |= _known(divergence=divergence(self.encode(filled), self.real_rows, self.settings.seed))
        return scores, copies

    def measured(self, texts: Sequence[str], copies: Copies) -> dict[str, Interval]:
        """All but the divergence; what these texts do not define is left out."""
        filled = np.array([bool(words(text)) for text in texts])
        return _known(
            distinct_1=distinct(texts, 1),
            distinct_2=distinct(texts, 2),
            distinct_3=distinct(texts, 3),
            self_bleu=self_bleu(texts, self.language, **self._draws),
            repetition=repetition(texts, **self._draws),
            coherence=coherence([spoken(text) for text in texts], self.encode, **self._draws),
            copied=means("copied", copies.words, filled, **self._draws).get("copied"),
        )

    @property
    def _draws(self) -> Draws:
        return {"seed": self.settings.seed, "resamples": self.settings.resamples}

    def _drawn(self, documents: Sequence[str]) -> list[str]:
        order = np.random.default_rng(self.settings.seed).permutation(len(documents))[: self.settings.texts]
        return [cut(documents[place], self.settings.text_bytes) for place in order]


def judge(
    model: LanguageModel,
    corpus: Corpus,
    settings: JudgeSettings | None = None,
    progress: Progress = lambda share: None,
    yardstick: Yardstick | None = None,
) -> Judged:
    """Read the corpus's test documents, write texts, measure both.

    Parameters
    ----------
    progress : callable
        Receives the share done, 0 to 1; may raise to stop.
    yardstick : Yardstick, optional
        Of the same corpus and settings, where several models are judged.
    """
    settings = settings or JudgeSettings()
    yardstick = yardstick or Yardstick(corpus, settings)
    began = time.monotonic()
    documents = held_out.chosen(corpus.test, settings.held_out_bytes, settings.seed)
    read = held_out.score_tokens(model, documents, lambda share: progress(READING * share))
    scores = held_out.scores(read, seed=settings.seed, resamples=settings.resamples)
    blocks = held_out.units(read)[1]
    sizes = [len(document.encode()) for document in documents]
    n_bytes = sum(sizes)
    tokens_per_byte = len(read.token) / n_bytes
    texts = write(model, settings, tokens_per_byte, lambda share: progress(READING + WRITING * share))
    copied = None
    if texts:
        measured, copies = yardstick.written([sample.text for sample in texts])
        scores, copied = scores | measured, copies.longest
    result = Judged(
        scores=scores,
        references=yardstick.references,
        n_documents=len(documents),
        n_tokens=len(read.token),
        n_bytes=n_bytes,
        document_bits=[] if blocks else held_out.bits(read),
        document_bytes=[] if blocks else sizes,
        blocks=blocks,
        n_texts=len(texts),
        samples=texts,
        copied=copied,
        seconds=time.monotonic() - began,
        notes=_notes(texts, blocks, len(documents)),
    )
    progress(1.0)
    return result


def write(
    model: LanguageModel, settings: JudgeSettings, tokens_per_byte: float, progress: Progress = lambda share: None
) -> list[SampleText]:
    """Texts from the beginning of a document, each until the model ends it or it is long enough."""
    most = min(MOST_TOKENS, math.ceil(SPARE * tokens_per_byte * settings.text_bytes))
    decoding = settings.decoding.model_copy(update={"max_tokens": most, "seed": settings.seed})
    texts, sizes = [""] * settings.texts, [0] * settings.texts
    done, ended = [False] * settings.texts, [False] * settings.texts
    for piece in samples(model, "", decoding, settings.texts) if settings.texts else ():
        texts[piece.sample] += piece.text
        sizes[piece.sample] += len(piece.text.encode("utf-8", errors="replace"))
        ended[piece.sample] = piece.ended == "end"
        done[piece.sample] = piece.ended is not None or sizes[piece.sample] > settings.text_bytes
        if piece.sample == 0 or done[piece.sample]:
            reached = sum(1.0 if over else size / settings.text_bytes for over, size in zip(done, sizes, strict=True))
            progress(min(1.0, reached / settings.texts))
            if all(done):
                break
    return [
        SampleText(text=cut(text, settings.text_bytes), ended=own and size <= settings.text_bytes)
        for text, own, size in zip(texts, ended, sizes, strict=True)
    ]


def _known(**found: Interval | None) -> dict[str, Interval]:
    return {name: interval for name, interval in found.items() if interval is not None}


def _notes(texts: Sequence[SampleText], blocks: int, n_documents: int) -> list[Message]:
    notes = []
    n_empty = sum(not words(sample.text) for sample in texts)
    if texts and n_empty == len(texts):
        notes.append(
            say(_("The model wrote nothing: it ended every document at once, so there is no text to measure."))
        )
    elif n_empty:
        notes.append(say(_("Texts without a word in them: {n} of {total}."), n=n_empty, total=len(texts)))
    if blocks:
        notes.append(
            say(
                _n(
                    "Held-out documents are few ({n}), so the intervals are over {blocks} stretch of text.",
                    "Held-out documents are few ({n}), so the intervals are over {blocks} stretches of text.",
                    "blocks",
                ),
                n=n_documents,
                blocks=blocks,
            )
        )
    return notes
