"""Looking into a trained network: where it attends, what happens from layer to layer, which tokens it holds alike.

References
----------
nostalgebraist, "Interpreting GPT: the logit lens", 2020 (what each layer would tell if it were the last).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.language.model import LanguageModel, Neural
from core.language.networks.lstm import LSTMLanguageModel, by_formula
from core.language.networks.transformer import Seen, Transformer
from core.messages import UnusableData, _

MOST_SHOWN = 64  # positions; more can't be read on a screen


@dataclass(frozen=True)
class Streams:
    """What stands at each position after each layer; first the embeddings."""

    vectors: np.ndarray  # float32 (1 + layers, L, width)
    log_probabilities: np.ndarray  # float32 (1 + layers, L, vocabulary): what would be told from there


def shown(model: LanguageModel, ids: Sequence[int]) -> list[int]:
    """The last tokens of a text, as many as can be shown and the network sees at once."""
    return list(ids)[-min(MOST_SHOWN, model.context) :]


@torch.inference_mode()
def attention_weights(model: LanguageModel, ids: Sequence[int]) -> np.ndarray:
    """Who looks at whom.  ids: n tokens, at most `context`  →  float32 (layers, heads, n, n), rows sum to 1

    Raises
    ------
    UnusableData
        The model has no attention.
    """
    network = model.network if isinstance(model, Neural) else None
    if not isinstance(network, Transformer):
        raise UnusableData(
            _("This model has no attention to look at: only a Transformer looks back at single tokens."),
            _("Choose a Transformer."),
        )
    seen = Seen()
    network(_batch(ids), seen)
    return torch.cat(seen.attention).float().numpy()


@torch.inference_mode()
def streams(model: LanguageModel, ids: Sequence[int]) -> Streams:
    """What each layer makes of a text.

    Raises
    ------
    UnusableData
        The model has no layers.
    """
    network = model.network if isinstance(model, Neural) else None
    found: list[Tensor]
    if isinstance(network, Transformer):
        seen = Seen()
        network(_batch(ids), seen)
        found = seen.stream
    elif isinstance(network, LSTMLanguageModel):
        embedded = network.embedding(_batch(ids))
        found = [embedded, *by_formula(network.lstm, embedded)]
    else:
        raise _no_layers()
    told = [network.predict(stream)[0].float().log_softmax(dim=-1) for stream in found]
    return Streams(torch.cat(found).float().numpy(), torch.stack(told).numpy())


@torch.inference_mode()
def neighbours(model: LanguageModel, token: int, most: int) -> list[tuple[int, float]]:
    """The tokens whose embeddings point most nearly the same way.  →  (token, cosine), nearest first

    Raises
    ------
    UnusableData
        The model has no embeddings.
    """
    network = model.network if isinstance(model, Neural) else None
    if not isinstance(network, Transformer | LSTMLanguageModel):
        raise _no_layers()
    rows = torch.nn.functional.normalize(network.embedding.weight.float(), dim=-1)
    cosines = (rows @ rows[token]).numpy()
    order = [int(other) for other in np.argsort(-cosines, kind="stable") if other != token]
    return [(other, float(cosines[other])) for other in order[:most]]


def _batch(ids: Sequence[int]) -> Tensor:
    return torch.tensor([list(ids)], dtype=torch.int64)


def _no_layers() -> UnusableData:
    return UnusableData(
        _("This model has no layers or embeddings to look into."),
        _("Choose a Transformer or an LSTM that was trained here."),
    )
