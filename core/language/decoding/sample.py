"""Several texts written side by side, token by token."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.language.decoding.growing import Growing
from core.language.decoding.shape import drawn, shaped
from core.language.model import LanguageModel, read, steps
from core.results.language.laboratory import Decoding

Ended = Literal["end", "length", "stop"]


@dataclass(frozen=True)
class Piece:
    """What one token adds to one of the texts.

    `text` may be empty (half a character, or what may become a stop string) and all pieces of a sample joined are its
    text; `ended`: why the last piece is the last: the document ended, enough tokens, or a stop string.
    """

    sample: int
    text: str
    token: int
    probability: float  # after shaping, when it was drawn
    ended: Ended | None = None


def samples(
    model: LanguageModel, prompt: str, settings: Decoding, n: int = 1, stop: Sequence[str] = ()
) -> Iterator[Piece]:
    """Continue a prompt, n times; see `continued`."""
    return continued(model, model.tokens.document(prompt), settings, n, stop)


def continued(
    model: LanguageModel, begun: Sequence[int] | np.ndarray, settings: Decoding, n: int = 1, stop: Sequence[str] = ()
) -> Iterator[Piece]:
    """Continue what stands there as tokens, ``<s>`` first, n times.

    Sample i is the same whatever n is: it draws from a generator of its own, seeded by the seed and i.
    """
    ids = [int(token) for token in begun]
    following, state = read(model, np.array(ids, dtype=np.int32))
    states, rows = [state] * n, np.repeat(following[None], n, axis=0)
    random = [np.random.default_rng([settings.seed, sample]) for sample in range(n)]
    texts = [Growing(stop) for _ in range(n)]
    written: list[list[int]] = [[] for _ in range(n)]
    going = list(range(n))
    while going:
        left = []
        for place, sample in enumerate(going):
            p = shaped(rows[place], settings, ids + written[sample])
            token = drawn(p, random[sample])
            written[sample].append(token)
            piece = _piece(model, texts[sample], sample, token, float(p[token]), len(written[sample]), settings)
            if piece.ended is None:
                left.append(place)
            yield piece
        if left:
            tokens = [written[going[place]][-1] for place in left]
            rows, states = steps(model, [states[place] for place in left], tokens)
        going = [going[place] for place in left]


def _piece(
    model: LanguageModel, text: Growing, sample: int, token: int, probability: float, n_written: int, settings: Decoding
) -> Piece:
    if token == model.tokens.begin:
        return Piece(sample, text.end(), token, probability, "end")
    shown = text.add(model.tokens.bytes_of([token]))
    if text.stopped:
        return Piece(sample, shown, token, probability, "stop")
    if n_written == settings.max_tokens:
        return Piece(sample, shown + text.end(), token, probability, "length")
    return Piece(sample, shown, token, probability)


def texts(model: LanguageModel, prompt: str, settings: Decoding, n: int = 1, stop: Sequence[str] = ()) -> list[str]:
    """The same, when all is written: what follows the prompt."""
    found = [""] * n
    for piece in samples(model, prompt, settings, n, stop):
        found[piece.sample] += piece.text
    return found
