"""The language models that can be trained from scratch: their presets, and what each costs before it starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.messages import _

Kind = Literal["transformer", "lstm", "ngram", "encoder-decoder", "lstm-encoder-decoder"]
FLOAT_BYTES = 4
BYTES_PER_TOKEN_KIND = 700  # of text, for each token of a vocabulary (decisions.md)
BYTES_PER_CHINESE_KIND = 250  # Chinese has some thousand characters of three bytes each
SMALLEST_USUAL, LARGEST_USUAL = 1000, 8000
STATES = 4  # of each weight while training: itself, its gradient, and the two moments of AdamW


@dataclass(frozen=True)
class Architecture:
    """A language model's shape and how it is trained. Light: naming one imports nothing heavy.

    `vocabulary`: what the tokeniser is asked for, 0: as many as suit the text (`usual_vocabulary`); `context`: tokens
    it looks back on; `positions`: how a Transformer knows the order; `tied`: the output layer is the embedding itself
    (Press and Wolf 2017); `order`: longest n-gram; `batch`: sequences of `context` tokens per step; `learning_rate`:
    the highest, after warm-up.
    """

    name: str
    label: str
    about: str
    kind: Kind
    vocabulary: int = 0
    width: int = 128
    layers: int = 2
    heads: int = 4
    feed_forward: int = 512
    dropout: float = 0.1
    context: int = 128
    positions: Literal["rotary", "sinusoidal"] = "rotary"
    batch: int = 16
    learning_rate: float = 2e-3
    weight_decay: float = 0.1
    tied: bool = True
    order: int = 5


ARCHITECTURES: dict[str, Architecture] = {
    one.name: one
    for one in (
        Architecture(
            "article",
            _("Transformer, textbook"),
            _("The textbook’s example: sinusoidal positions and a dropout of one half, a lot for a small model."),
            "transformer",
            vocabulary=1000,
            dropout=0.5,
            positions="sinusoidal",
            learning_rate=1e-3,
            tied=False,
        ),
        Architecture(
            "transformer",
            _("Transformer"),
            _("Every token looks at all before it. Rotary positions; dropout as a small text needs it."),
            "transformer",
            width=256,
            layers=3,
            heads=8,
            feed_forward=1024,
            dropout=0.2,
            batch=8,
            learning_rate=4e-3,
            tied=False,
        ),
        Architecture(
            "lstm",
            _("LSTM"),
            _("Reads one token after another and keeps what matters in a state of fixed size."),
            "lstm",
            width=384,
            layers=1,
            dropout=0.2,
            batch=8,
            learning_rate=6e-3,
            tied=False,
        ),
        Architecture(
            "ngram",
            _("5-gram, Kneser-Ney"),
            _("Counts which token followed the last four. Trained at once: the line to beat."),
            "ngram",
            context=4,
        ),
        Architecture(
            "encoder-decoder",
            _("Encoder-decoder Transformer"),
            _("Reads a whole text, then writes another while it looks back at the first: for pairs of texts."),
            "encoder-decoder",
            vocabulary=1000,
            positions="sinusoidal",
            batch=32,
            learning_rate=1e-3,
        ),
        Architecture(
            "lstm-encoder-decoder",
            _("LSTM encoder-decoder with attention"),
            _("One LSTM reads, another writes and attends to it: how machines translated before Transformers."),
            "lstm-encoder-decoder",
            vocabulary=1000,
            layers=1,
            batch=32,
        ),
    )
}


def usual_vocabulary(n_bytes: int, language: str) -> int:
    """How many tokens suit a text: each should be seen often enough to be learned, and no text be longer than it must.

    Parameters
    ----------
    n_bytes : int
        Of the text to learn from, in UTF-8.
    language : str
        "en", "zh", "de", ….
    """
    per_token = BYTES_PER_CHINESE_KIND if language == "zh" else BYTES_PER_TOKEN_KIND
    return min(LARGEST_USUAL, max(SMALLEST_USUAL, 100 * round(n_bytes / per_token / 100)))


def n_parameters(architecture: Architecture, vocabulary: int) -> int:
    """How many weights the network has; an n-gram model's table grows with the text, so it counts none (0)."""
    d, f, n = architecture.width, architecture.feed_forward, architecture.layers
    norm, attention, feed_forward = 2 * d, 4 * d * d, 2 * d * f + f + d
    embedding = vocabulary * d
    output = 0 if architecture.tied else vocabulary * d
    match architecture.kind:
        case "transformer":
            return embedding + n * (2 * norm + attention + feed_forward) + norm + output
        case "lstm":
            return embedding + n * _lstm(d, d) + output + vocabulary
        case "encoder-decoder":
            encoder = n * (2 * norm + attention + feed_forward) + norm
            decoder = n * (3 * norm + 2 * attention + feed_forward) + norm
            return embedding + encoder + decoder + output
        case "lstm-encoder-decoder":
            return embedding + 2 * n * _lstm(d, d) + d * d + 2 * d * d + output + vocabulary
    return 0


def _lstm(inputs: int, width: int) -> int:
    return 4 * width * (inputs + width + 2)  # four gates, each with two weight matrices and two biases


def memory_bytes(architecture: Architecture, vocabulary: int) -> int:
    """About how much memory training takes: weights and their states, and what one batch leaves for its gradient."""
    if architecture.kind == "ngram":
        return 0
    d, f, n = architecture.width, architecture.feed_forward, architecture.layers
    layer, lstm, cross = 8 * d + 2 * f, 20 * d, 6 * d  # numbers a layer keeps per token for its gradient
    kept = {
        "transformer": n * layer,
        "lstm": n * lstm,
        "encoder-decoder": n * (2 * layer + cross),
        "lstm-encoder-decoder": 2 * n * lstm,
    }[architecture.kind]
    per_token = kept + 3 * vocabulary  # logits, their log-softmax and its gradient
    weights = STATES * n_parameters(architecture, vocabulary)
    return FLOAT_BYTES * (weights + architecture.batch * architecture.context * per_token)


def operations_per_token(architecture: Architecture, vocabulary: int) -> int:
    """About how many additions and multiplications a training step spends on one token.

    6 per weight that multiplies, and 12 per layer, width and token of context for attention (Kaplan et al. 2020,
    Chowdhery et al. 2022, appendix B).
    """
    if architecture.kind == "ngram":
        return 0
    weights = n_parameters(architecture, vocabulary)
    if not architecture.tied:
        weights -= vocabulary * architecture.width  # looking an embedding up multiplies nothing
    attention = 0 if architecture.kind.startswith("lstm") else 12 * architecture.layers * architecture.width
    return 6 * weights + attention * architecture.context
