"""Trained weights as files of their own: safetensors hold numbers and nothing that runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import safetensors.numpy
from sklearn.base import BaseEstimator

from core.encode.finetuning.encoder import TunedEncoder


def tuned_among(encoders: Iterable[BaseEstimator]) -> list[TunedEncoder]:
    """Those that hold weights, also inside PCA; the first keeps its file 1, the second 2."""
    inside = [getattr(encoder, "encoder_", encoder) for encoder in encoders]
    return [encoder for encoder in inside if isinstance(encoder, TunedEncoder)]


@contextmanager
def weights_apart(encoders: list[Any], folder: Path) -> Iterator[None]:
    """Write their `weights_` into ``<folder>/weights``; within this block the estimators are without them."""
    taken = [encoder.__dict__.pop("weights_") for encoder in encoders]
    try:
        for number, weights in enumerate(taken, start=1):
            file = weights_file(folder, number)
            file.parent.mkdir(exist_ok=True)
            safetensors.numpy.save_file(weights, file)
        yield
    finally:
        for encoder, weights in zip(encoders, taken, strict=True):
            encoder.weights_ = weights


def put_back(encoders: list[Any], folder: Path) -> None:
    """Give the estimators the weights that lie in ``<folder>/weights``."""
    for number, encoder in enumerate(encoders, start=1):
        encoder.weights_ = safetensors.numpy.load(weights_file(folder, number).read_bytes())


def weights_file(folder: Path, number: int) -> Path:
    """Where the weights of this number lie."""
    return folder / "weights" / f"{number}.safetensors"
