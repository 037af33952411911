"""Texts through a pretrained model, as fast as this machine allows without changing the result.

A BERT-like model runs in CTranslate2's engine in 32-bit floats, one batch per thread, after its output was compared
with torch's; all others, and processors that multiply in bfloat16, run in torch.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import ctranslate2
import numpy as np
import torch
from ctranslate2.converters import TransformersConverter

from core.encode.batches import by_length
from core.encode.model_files import Loaded, Source, load, precision
from core.encode.once import make_once

Rows = Generator[tuple[np.ndarray, np.ndarray], None, None]
BATCH_TOKENS = 2048
CHUNK_TEXTS = 4096
ROWS = "unit rows 2"  # one more whenever `through` makes other rows of the same states
SAME_COSINE = 0.9999
PROBES = ("", "One short line.", "A longer text, with 3 numbers (1, 22, 333), and some words that nobody knows: zxqv.")


class Engine(Protocol):
    """Runs token ids through a model."""

    threads: int  # batches at once

    def hidden(self, ids: list[list[int]]) -> np.ndarray:
        """Hidden states: lists of token ids  →  float32 (batch, longest, width); padding holds anything."""
        ...


class TorchEngine:
    """The model as transformers built it; torch shares one batch among its threads."""

    threads = 1

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded

    def hidden(self, ids: list[list[int]]) -> np.ndarray:
        filled, mask = padded(ids, self.loaded.padding)
        wanted = self.loaded.state
        with torch.inference_mode():
            output = self.loaded.model(
                input_ids=filled, attention_mask=mask.long(), output_hidden_states=wanted is not None
            )
        states = output.last_hidden_state if wanted is None else output.hidden_states[wanted]
        return states.float().numpy()


class FastEngine:
    """The same weights in CTranslate2: each thread has a batch of its own, so that none waits for another."""

    def __init__(self, folder: Path, threads: int) -> None:
        self.threads = threads
        self.encoder = ctranslate2.Encoder(str(folder), compute_type="float32", inter_threads=threads, intra_threads=1)

    def hidden(self, ids: list[list[int]]) -> np.ndarray:
        return np.array(self.encoder.forward_batch(ids).last_hidden_state)


def padded(ids: list[list[int]], filler: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids of several lengths  →  ids (batch, longest) and which of them are real (batch, longest)."""
    lengths = torch.tensor([len(row) for row in ids])
    longest = int(lengths.max())
    filled = torch.tensor([row + [filler] * (longest - len(row)) for row in ids])
    return filled, torch.arange(longest) < lengths[:, None]


def tokens(loaded: Loaded, texts: Sequence[str], max_tokens: int) -> list[list[int]]:
    """Token ids of each text, cut at `max_tokens`; never an empty list."""
    loaded.tokenizer.enable_truncation(max_tokens)
    readable = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]  # no half of a character
    encoded = loaded.tokenizer.encode_batch_fast(readable, add_special_tokens=True)
    return [row.ids or [loaded.filler] for row in encoded]


def pooled(hidden: np.ndarray, lengths: np.ndarray, pooling: str) -> np.ndarray:
    """One unit row per text: (batch, longest, width)  →  (batch, width)."""
    inside = np.arange(hidden.shape[1]) < lengths[:, None]  # (batch, longest)
    if pooling == "first":
        rows = hidden[:, 0]
    elif pooling == "last":
        rows = hidden[np.arange(len(hidden)), lengths - 1]
    elif pooling == "max":
        rows = np.where(inside[:, :, None], hidden, -np.inf).max(axis=1)
    else:
        rows = np.matmul(inside[:, None, :].astype(np.float32), hidden)[:, 0] / lengths[:, None]
    return (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)).astype(np.float32)


def run(
    source: Source, texts: Sequence[str], *, name: str, pooling: str, layer: int, threads: int, models_folder: Path
) -> Rows:
    """Encode distinct texts with an untouched model.  →  batches of (positions, rows), in no particular order"""
    engine = _engine(source, layer, name, threads, models_folder)
    return through(engine, load(source, layer, name), texts, source.max_tokens, pooling, threads)


def through(engine: Engine, loaded: Loaded, texts: Sequence[str], max_tokens: int, pooling: str, threads: int) -> Rows:
    """Distinct texts through an engine.  →  batches of (positions, rows), in no particular order of positions."""

    def encode(ids: list[list[int]]) -> np.ndarray:
        return pooled(engine.hidden(ids), np.array([len(row) for row in ids]), pooling)

    pool: AbstractContextManager[ThreadPoolExecutor | None]
    pool = ThreadPoolExecutor(engine.threads) if engine.threads > 1 else nullcontext()
    with torch_threads(threads), pool as workers:
        for start in range(0, len(texts), CHUNK_TEXTS):
            ids = tokens(loaded, texts[start : start + CHUNK_TEXTS], max_tokens)
            batches = by_length([len(row) for row in ids], BATCH_TOKENS)
            if workers is None:  # torch would start its threads anew in every thread of ours
                for batch in batches:
                    yield start + np.array(batch), encode([ids[place] for place in batch])
                continue
            window = engine.threads + 1  # enough to keep all threads busy, few enough to stop soon
            waiting: list[Any] = []
            for places in [*batches, *[None] * window]:
                if places is not None:
                    waiting.append((places, workers.submit(encode, [ids[place] for place in places])))
                if waiting and (len(waiting) > window or places is None):
                    finished, future = waiting.pop(0)
                    yield start + np.array(finished), future.result()


@contextmanager
def torch_threads(threads: int) -> Iterator[None]:
    """So many threads for torch, and afterwards as many as before."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def decides(source: Source, layer: int, pooling: str) -> tuple[object, ...]:
    """Everything a text's row depends on besides the text; two settings that differ in nothing here share their rows.

    Whether the fast engine passes its check is the same wherever all of this is.
    """
    libraries = ("tokenizers", "transformers", "ctranslate2" if _may_be_fast(source, layer) else "torch")
    versions = tuple(f"{name} {version(name)}" for name in libraries)
    return (ROWS, source.revision, source.max_tokens, layer, pooling, str(precision()), *versions)


def _may_be_fast(source: Source, layer: int) -> bool:
    return layer == source.n_layers and source.kind == "bert" and precision() == torch.float32


def _engine(source: Source, layer: int, name: str, threads: int, models_folder: Path) -> Engine:
    if _may_be_fast(source, layer):
        fast = _fast(source, name, threads, models_folder)
        if fast is not None:
            return fast
    return TorchEngine(load(source, layer, name))


@lru_cache(maxsize=2)
def _fast(source: Source, name: str, threads: int, models_folder: Path) -> FastEngine | None:
    """The fast engine if it agrees with torch on a few probes, else None."""
    folder = models_folder / f"{source.folder.name}-{source.weights[:16]}-float32"
    convert = TransformersConverter(str(source.folder)).convert
    make_once(folder, lambda place: convert(str(place), quantization="float32", force=True))
    engine, loaded = FastEngine(folder, threads), load(source, source.n_layers, name)
    ids = tokens(loaded, PROBES, source.max_tokens)
    lengths = np.array([len(row) for row in ids])
    ours = pooled(engine.hidden(ids), lengths, "mean")
    reference = pooled(TorchEngine(loaded).hidden(ids), lengths, "mean")
    return engine if (ours * reference).sum(axis=1).min() >= SAME_COSINE else None


def usable_threads(threads: int | None) -> int:
    """As many as asked for, else one per core this process may use."""
    if threads is not None:
        return threads
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
