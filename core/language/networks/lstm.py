"""An LSTM language model: one token after another changes a state of fixed size, from which the next one is told.

`by_formula` is the cell as its source writes it; the network runs torch's `nn.LSTM`, which computes the same faster
(a test compares them). Dropout falls on the embeddings, between the layers and before the output (Zaremba, Sutskever
and Vinyals 2014). Weights begin as torch's, uniform in ±1/√width, the forget gate's bias as 1, so that a state is kept
until there is a reason to forget it (Jozefowicz, Zaremba and Sutskever 2015); embeddings with deviation 1/√width.

References
----------
Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 1997.
Gers, Schmidhuber and Cummins, "Learning to forget", Neural Computation 2000 (the forget gate).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from core.catalog.language_models import Architecture

Memory = tuple[Tensor, ...]  # output h and cell state c of all layers, both (B, layers, width)


def cell(x: Tensor, h: Tensor, c: Tensor, W: Tensor, U: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """One token in one layer.

    x: input (B, width) · h, c: output and cell state so far (B, width) · W, U: (4 · width, width) · b: (4 · width,)

        i = σ(W_i x + U_i h + b_i)        how much of the new to let in
        f = σ(W_f x + U_f h + b_f)        how much of the old to keep
        g = tanh(W_g x + U_g h + b_g)     the new
        o = σ(W_o x + U_o h + b_o)        how much to show
        c ← f ⊙ c + i ⊙ g
        h ← o ⊙ tanh(c)
    """
    i, f, g, o = (x @ W.T + h @ U.T + b).chunk(4, dim=-1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    h = o.sigmoid() * c.tanh()
    return h, c


def by_formula(lstm: nn.LSTM, x: Tensor) -> list[Tensor]:
    """What each layer of an `nn.LSTM` puts out, token by token, from a state of zeros.  x and each: (B, L, width)"""
    outputs = []
    for layer in range(lstm.num_layers):
        W, U = getattr(lstm, f"weight_ih_l{layer}"), getattr(lstm, f"weight_hh_l{layer}")
        b = getattr(lstm, f"bias_ih_l{layer}") + getattr(lstm, f"bias_hh_l{layer}")
        h = c = x.new_zeros(x.shape[0], lstm.hidden_size)
        steps = []
        for token in x.unbind(dim=1):
            h, c = cell(token, h, c, W, U, b)
            steps.append(h)
        x = torch.stack(steps, dim=1)
        outputs.append(x)
    return outputs


class LSTMLanguageModel(nn.Module):
    """The whole network.

    Attributes
    ----------
    window : None
        It may read on for ever.
    """

    def __init__(self, architecture: Architecture, vocabulary: int) -> None:
        super().__init__()
        a = architecture
        self.window: int | None = None
        self.embedding = nn.Embedding(vocabulary, a.width)
        self.lstm = recurrent(a)
        self.dropout = nn.Dropout(a.dropout)
        self.output = nn.Linear(a.width, vocabulary)
        nn.init.normal_(self.embedding.weight, std=a.width**-0.5)
        nn.init.zeros_(self.output.bias)
        if a.tied:
            self.output.weight = self.embedding.weight

    def forward(self, ids: Tensor) -> Tensor:
        """ids: int (B, L)  →  logits float (B, L, vocabulary): what may follow ids[:, : i + 1]"""
        return self.advance(ids, ())[0]

    def advance(self, ids: Tensor, memory: Memory) -> tuple[Tensor, Memory]:
        """Read on where `memory` ends; () has read nothing.  →  logits (B, L, vocabulary), the memory after ids"""
        x = self.dropout(self.embedding(ids))
        x, after = run(self.lstm, x, memory)
        return self.predict(x), after

    def predict(self, stream: Tensor) -> Tensor:
        """Logits from a layer's outputs.  (B, L, width)  →  (B, L, vocabulary)"""
        logits: Tensor = self.output(self.dropout(stream))
        return logits


def recurrent(architecture: Architecture) -> nn.LSTM:
    """LSTM layers whose gates begin by keeping what they have."""
    a = architecture
    lstm = nn.LSTM(a.width, a.width, a.layers, batch_first=True, dropout=a.dropout if a.layers > 1 else 0.0)
    for name, bias in lstm.named_parameters():
        if name.startswith("bias"):
            nn.init.zeros_(bias)
        if name.startswith("bias_ih"):  # the gates lie as i, f, g, o
            nn.init.ones_(bias.data[a.width : 2 * a.width])
    return lstm


def run(lstm: nn.LSTM, x: Tensor, memory: Memory) -> tuple[Tensor, Memory]:
    """torch's LSTM with a memory whose first axis is the texts, as other networks' memories have it."""
    given = tuple(part.transpose(0, 1).contiguous() for part in memory) if memory else None
    x, after = lstm(x, given)
    return x, tuple(part.transpose(0, 1) for part in after)
