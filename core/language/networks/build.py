"""From a declaration to a network."""

from __future__ import annotations

from torch import nn

from core.catalog.language_models import Architecture
from core.language.networks.encoder_decoder import EncoderDecoder
from core.language.networks.lstm import LSTMLanguageModel
from core.language.networks.lstm_attention import LSTMEncoderDecoder
from core.language.networks.transformer import Transformer

NETWORKS: dict[str, type[nn.Module]] = {
    "transformer": Transformer,
    "lstm": LSTMLanguageModel,
    "encoder-decoder": EncoderDecoder,
    "lstm-encoder-decoder": LSTMEncoderDecoder,
}


def build(architecture: Architecture, vocabulary: int) -> nn.Module:
    """The network, its first weights drawn from torch's generator (`torch.manual_seed` makes them repeatable).

    Raises
    ------
    KeyError
        An n-gram model is no network.
    """
    return NETWORKS[architecture.kind](architecture, vocabulary)
