"""An LSTM that reads and an LSTM that writes, which attends to what was read: translation before Transformers.

The writer begins with the reader's last state. Attention is Luong's "general" score, without input feeding, so that
training reads a whole target at once. Both sides and the output share one embedding.

References
----------
Luong, Pham and Manning, "Effective approaches to attention-based neural machine translation", EMNLP 2015. Equations
are numbered as there.
Sutskever, Vinyals and Le, "Sequence to sequence learning with neural networks", NeurIPS 2014.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from core.catalog.language_models import Architecture
from core.language.networks.lstm import Memory, recurrent, run


@dataclass(frozen=True)
class Source:
    """A text that was read."""

    states: Tensor  # h̄: (B, S, width)
    real: Tensor  # bool (B, S)
    last: Memory  # the reader's state at each text's end


class LSTMEncoderDecoder(nn.Module):
    """The whole network.

    Attributes
    ----------
    window : None
        It may write on for ever.
    """

    def __init__(self, architecture: Architecture, vocabulary: int) -> None:
        super().__init__()
        a = architecture
        self.window: int | None = None
        self.embedding = nn.Embedding(vocabulary, a.width)
        self.dropout = nn.Dropout(a.dropout)
        self.encoder = recurrent(a)
        self.decoder = recurrent(a)
        self.score = nn.Linear(a.width, a.width, bias=False)  # W_a
        self.combine = nn.Linear(2 * a.width, a.width, bias=False)  # W_c
        self.output = nn.Linear(a.width, vocabulary)  # W_s
        nn.init.normal_(self.embedding.weight, std=a.width**-0.5)
        nn.init.zeros_(self.output.bias)
        if a.tied:
            self.output.weight = self.embedding.weight

    def forward(self, source: Tensor, real: Tensor, target: Tensor) -> Tensor:
        """Both texts at once, for training.

        source: int (B, S) · real: bool (B, S), False where filled up, at the end · target: int (B, L)
        →  logits (B, L, vocabulary): what may follow target[:, : i + 1]
        """
        return self.advance(target, (), self.read(source, real))[0]

    def read(self, source: Tensor, real: Tensor) -> Source:
        """The encoder.  source: int (B, S) · real: bool (B, S)"""
        x = self.dropout(self.embedding(source))
        packed = pack_padded_sequence(x, real.sum(dim=1).cpu(), batch_first=True, enforce_sorted=False)
        packed, last = self.encoder(packed)  # packed, so that the last state is each text's own
        states, _ = pad_packed_sequence(packed, batch_first=True, total_length=source.shape[1])
        return Source(states, real, tuple(part.transpose(0, 1) for part in last))

    def advance(
        self, ids: Tensor, memory: Memory, source: Source, seen: list[Tensor] | None = None
    ) -> tuple[Tensor, Memory]:
        """The decoder: write on where `memory` ends.  →  logits (B, L, vocabulary), the memory after ids

            score(h_t, h̄_s) = h_tᵀ W_a h̄_s                    equation (8), "general"
            a_t(s) = exp score(h_t, h̄_s) / Σ exp score        equation (7)
            c_t = Σ a_t(s) h̄_s                                what was found
            h̃_t = tanh(W_c [c_t; h_t])                        equation (5)
            p(y_t) = softmax(W_s h̃_t)                         equation (6)

        seen: the attention to the source, (B, 1, L, S), is put there
        """
        x = self.dropout(self.embedding(ids))
        h, after = run(self.decoder, x, memory or source.last)
        scores = h @ self.score(source.states).transpose(1, 2)  # (B, L, S)
        weights = scores.masked_fill(~source.real[:, None, :], -torch.inf).softmax(dim=-1)
        c = weights @ source.states  # (B, L, width)
        attentional = torch.tanh(self.combine(torch.cat([c, h], dim=-1)))
        if seen is not None:
            seen.append(weights[:, None])
        return self.output(self.dropout(attentional)), after
