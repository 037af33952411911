"""How text and columns become one row: put side by side, mixed by a gate, or read by the columns (cross-attention)."""

from __future__ import annotations

import torch
from torch import nn

from core.fuse.joint.column_embedder import TOKEN

WIDTH = 128  # of what is made of the columns
HEADS = 4
TEXT_SCALE = 0.1  # at 1 each step moves what hundreds of numbers say together, and rows are learned by heart
Text = torch.Tensor | tuple[torch.Tensor, torch.Tensor]  # rows (n, width), or states (n, longest, width) and their mask


class Concat(nn.Module):
    """The text's row and the columns' row side by side, each on its own scale."""

    needs_states = False

    def __init__(self, text_width: int, n_columns: int) -> None:
        super().__init__()
        self.width = text_width + WIDTH
        self.text = scaled(text_width)
        self.columns = mixer(n_columns * TOKEN)

    def forward(self, text: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        """rows (n, text width), tokens (n, columns, TOKEN)  →  (n, width)"""
        return torch.cat([self.text(text), self.columns(tokens.flatten(1))], dim=1)


class Gated(nn.Module):
    """z ⊙ text + (1 − z) ⊙ columns with z = σ(W [text, columns] + b): what counts is learned row by row.

    Both sides are scaled rather than squashed, so that the text's row arrives as the encoder made it.

    References
    ----------
    Arevalo et al., "Gated Multimodal Units for Information Fusion", 2017.
    """

    needs_states = False

    def __init__(self, text_width: int, n_columns: int) -> None:
        super().__init__()
        self.width = text_width
        self.text = scaled(text_width)
        self.columns = nn.Sequential(mixer(n_columns * TOKEN), nn.Linear(WIDTH, text_width), scaled(text_width))
        self.gate = nn.Linear(2 * text_width, text_width)

    def forward(self, text: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        """rows (n, text width), tokens (n, columns, TOKEN)  →  (n, width)"""
        said, told = self.text(text), self.columns(tokens.flatten(1))
        z = torch.sigmoid(self.gate(torch.cat([said, told], dim=1)))
        return z * said + (1 - z) * told


class Cross(nn.Module):
    """Each column looks through the words of the text for what bears on it; beside that, the text's mean.

    References
    ----------
    Vaswani et al., "Attention Is All You Need", 2017 (multi-head attention; the queries are column tokens).
    """

    needs_states = True

    def __init__(self, text_width: int, n_columns: int) -> None:
        super().__init__()
        self.width = text_width + WIDTH
        self.text = scaled(text_width)
        self.words = scaled(text_width)
        self.query = nn.Linear(TOKEN, WIDTH)
        self.attention = nn.MultiheadAttention(WIDTH, HEADS, kdim=text_width, vdim=text_width, batch_first=True)
        self.norm = nn.LayerNorm(WIDTH)
        self.columns = mixer(n_columns * WIDTH)

    def forward(self, text: tuple[torch.Tensor, torch.Tensor], tokens: torch.Tensor) -> torch.Tensor:
        """states (n, longest, text width), real (n, longest), tokens (n, columns, TOKEN)  →  (n, width)"""
        states, real = text
        query, words = self.query(tokens), self.words(states.float())
        read, _weights = self.attention(query, words, words, key_padding_mask=~real, need_weights=False)
        told = self.columns(self.norm(query + read).flatten(1))
        share = real[:, :, None].float()
        mean = (states.float() * share).sum(dim=1) / share.sum(dim=1)
        return torch.cat([self.text(mean), told], dim=1)


class TextAlone(nn.Module):
    """There are no columns."""

    needs_states = False

    def __init__(self, text_width: int) -> None:
        super().__init__()
        self.width = text_width
        self.text = scaled(text_width)

    def forward(self, text: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        """rows (n, width)  →  (n, width)"""
        return self.text(text)


class ColumnsAlone(nn.Module):
    """There are no texts."""

    needs_states = False

    def __init__(self, n_columns: int) -> None:
        super().__init__()
        self.width = WIDTH
        self.columns = mixer(n_columns * TOKEN)

    def forward(self, text: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        """tokens (n, columns, TOKEN)  →  (n, width)"""
        return self.columns(tokens.flatten(1))


OPERATORS: dict[str, type[nn.Module]] = {"concat": Concat, "gated": Gated, "cross": Cross}


def operator(name: str, text_width: int, n_columns: int) -> nn.Module:
    """The operator of this name; where one side is missing, the other alone.  text_width: 0 without texts"""
    if text_width == 0:
        return ColumnsAlone(n_columns)
    return OPERATORS[name](text_width, n_columns) if n_columns else TextAlone(text_width)


def scaled(width: int) -> nn.LayerNorm:
    """Rows on one scale, which starts small and may grow."""
    norm = nn.LayerNorm(width)
    nn.init.constant_(norm.weight, TEXT_SCALE)
    return norm


def mixer(n_inputs: int) -> nn.Sequential:
    """What lets columns work together: two layers."""
    return nn.Sequential(nn.Linear(n_inputs, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH), nn.ReLU())
