"""What a pretrained model makes of each word in its sentence: its tokens' hidden states, averaged over the word."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from core.encode.batches import by_length
from core.encode.factory import default_name
from core.encode.inference import BATCH_TOKENS, TorchEngine, torch_threads
from core.encode.model_files import Loaded, depth, load, locate

LAYERS: dict[str, tuple[int, ...]] = {"minilm": (2, 4, 6), "e5": (4, 8, 12), "smollm2": (10, 20)}  # measured
CHUNK = 512  # texts


def word_states(
    texts: Sequence[str],
    places: Sequence[Sequence[tuple[int, int]]],
    *,
    encoder: str,
    language: str,
    threads: int,
    layers: tuple[int, ...] | None = None,
    share: Callable[[float], None] = lambda share: None,
) -> list[np.ndarray]:
    """States of the words at these places of each text; words behind the model's longest text are zero.

    encoder : catalogue name, Hugging Face id or folder; "" is the bundled one for the language
    layers : hidden layers whose states stand side by side; default: what was measured best, else the last
    →  float32 arrays, shape (words, width × layers)
    """
    name = encoder or default_name(language)
    source = locate(name)
    chosen = [depth(source, layer) for layer in layers or LAYERS.get(name, (-1,))]
    found = [np.zeros((len(one), source.width * len(chosen)), dtype=np.float32) for one in places]
    with torch_threads(threads):
        for number, layer in enumerate(chosen):
            loaded = load(source, layer, name)
            engine = TorchEngine(loaded)
            columns = slice(number * source.width, (number + 1) * source.width)
            for start in range(0, len(texts), CHUNK):
                share((number + start / len(texts)) / len(chosen))
                part = range(start, min(start + CHUNK, len(texts)))
                _fill([found[row][:, columns] for row in part], [texts[row] for row in part],
                      [places[row] for row in part], engine, loaded, source.max_tokens)  # fmt: skip
    return found


def _fill(
    rows: list[np.ndarray],
    texts: list[str],
    places: list[Sequence[tuple[int, int]]],
    engine: TorchEngine,
    loaded: Loaded,
    max_tokens: int,
) -> None:
    """Write the states of some texts' words into `rows`, each (words, width)."""
    loaded.tokenizer.enable_truncation(max_tokens)
    encoded = loaded.tokenizer.encode_batch([text.encode("utf-8", "replace").decode() for text in texts])
    for batch in by_length([max(1, len(one.ids)) for one in encoded], BATCH_TOKENS):
        hidden = engine.hidden([encoded[place].ids or [loaded.filler] for place in batch])
        for states, place in zip(hidden, batch, strict=True):
            spans = np.array(encoded[place].offsets or [(0, 0)])
            for word, (start, end) in enumerate(places[place]):
                inside = (spans[:, 0] < end) & (spans[:, 1] > start)
                if inside.any():
                    rows[place][word] = states[: len(spans)][inside].mean(axis=0)
