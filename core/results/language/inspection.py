"""What can be asked of a trained language model at once, and what it answers. Light."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from core.results.language.laboratory import Decoding


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TrainedModel(_Strict):
    """One of the models that a run of the language lab trained."""

    run: str
    name: str = Field(pattern=r"^[A-Za-z0-9][\w@+-]*$", max_length=60)


class Asked(_Strict):
    """A text, and tokens chosen after it one by one (undo: the same question without the last)."""

    model: TrainedModel
    text: str = Field("", max_length=20_000)
    ids: list[int] = Field([], max_length=2000)


class AskNext(Asked):
    """Question ``lm-next``."""

    settings: Decoding = Decoding()
    most: int = Field(12, ge=1, le=100)


class AskGenerate(Asked):
    """Question ``lm-generate``; the answer's texts grow as parts."""

    settings: Decoding = Decoding()
    n: int = Field(1, ge=1, le=8)
    stop: list[str] = Field([], max_length=8)


class AskBeam(Asked):
    """Question ``lm-beam``; each part of the answer is the tree's next level."""

    width: int = Field(3, ge=1, le=10)
    max_tokens: int = Field(12, ge=1, le=100)
    length_penalty: float = Field(0.0, ge=0, le=2)


class AskNeighbours(Asked):
    """Question ``lm-neighbours``."""

    most: int = Field(8, ge=1, le=50)


class NextToken(BaseModel):
    """A token that may follow, and its probability after each stage."""

    token: int
    piece: str
    probabilities: list[float]


class NextTokens(BaseModel):
    """What may follow, before and after each setting acts (``lm-next``)."""

    text: str  # that was read, without <s>
    pieces: list[str]  # the same, token by token, <s> first
    ended: bool  # the last token chosen ends the document
    stages: list[str]  # "model", then each setting that acts, in its order
    tokens: list[NextToken]  # likeliest first, by the model itself
    others: list[float]  # what all other tokens have together, by stage
    possible: list[int]  # how many tokens are left, by stage
    entropy_bits: list[float]  # how undecided it is, by stage


class AttentionSeen(BaseModel):
    """Where each position looks (``lm-attention``)."""

    pieces: list[str]
    left_out: int  # tokens at the beginning that are not shown, nor looked at
    weights: list[list[list[list[float]]]]  # [layer][head][position that looks][position looked at], rows sum to 1


class Guess(BaseModel):
    """A token and its probability."""

    piece: str
    probability: float


class LayersSeen(BaseModel):
    """What happens from layer to layer (``lm-layers``); the first entry is the embeddings."""

    pieces: list[str]
    left_out: int
    norms: list[list[float]]  # [layer][position], length of the vector
    changes: list[list[float]]  # [layer][position], how far the layer moved it, as a share of its length; 0 at first
    guesses: list[list[list[Guess]]]  # [layer][position], what would be told if this layer were the last (logit lens)


class Near(BaseModel):
    """A token whose embedding points the same way."""

    token: int
    piece: str
    cosine: float


class NeighboursOf(BaseModel):
    """A token and those nearest to it."""

    token: int
    piece: str
    near: list[Near]


class Neighbours(BaseModel):
    """Of each token of the text, once (``lm-neighbours``)."""

    tokens: list[NeighboursOf]


class BeamNode(BaseModel):
    """One token of the tree; see `core.language.decoding.beam`."""

    number: int
    parent: int | None
    depth: int
    token: int
    piece: str
    log_probability: float
    total: float
    score: float
    state: Literal["kept", "dropped", "ended"]


class BeamTree(BaseModel):
    """The paths that were tried (``lm-beam``)."""

    nodes: list[BeamNode]
    best: list[int] = []  # numbers of the best path's nodes, once the search is over
    text: str = ""  # what the best path says


class GeneratedTexts(BaseModel):
    """Texts so far, side by side (``lm-generate``)."""

    texts: list[str]  # what follows the prompt
    ended: list[Literal["end", "length", "stop"] | None]
    tokens: int
    seconds: float
