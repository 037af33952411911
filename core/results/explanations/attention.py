"""What the Attention view draws, as data: who looks at whom in an encoder, and what that has to do with the answer."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from core.messages import Message

ATTENTION_FILE, WEIGHTS_FILE = "attention.json", "attention.npy"


class Token(BaseModel):
    """A piece of the text as the encoder reads it."""

    text: str
    special: bool = False  # put there by the tokenizer, stands for no part of the text
    rollout: float  # share of the text's embedding, as attention hands it on; sums to 1


class WordShare(BaseModel):
    """A word of the column's text: how much attention reaches it, and what it does to the answer."""

    text: str
    start: int  # characters
    end: int
    rollout: float  # share among the words; sums to 1
    effect: float | None = None  # Shapley value within the column


class Attention(BaseModel):
    """The attention of one encoder over one text (``attention.json``).

    The weights themselves stand in ``attention.npy``: float16 (layers, heads, tokens, tokens), rows sum to 1.
    """

    run: str
    candidate: str
    row: int
    column: str
    typed: bool = False  # the text was typed, not taken from the row
    text: str  # the column's, as far as it was read
    encoder: Message
    tuned: bool = False
    pooling: Literal["mean", "first", "last", "max"] = "mean"
    causal: bool = False  # a token sees only those before it
    n_layers: int
    n_heads: int
    tokens: list[Token]
    n_cut: int = 0  # tokens beyond what is shown
    words: list[WordShare] = []
    label: str = ""  # the class the effects are about
    unit: str = ""
    correlation: float | None = None  # Spearman's, of the words' rollout and the size of their effect
    notes: list[Message] = []
    seconds: float = 0.0
