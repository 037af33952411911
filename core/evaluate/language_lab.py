"""What the language lab finds, as it is stored and shown. Light."""

from __future__ import annotations

from pydantic import BaseModel, Field


class CorpusCounts(BaseModel):
    """What became of a text on its way to training, validation and test."""

    documents: int  # that are left and divided among the three parts
    sentences: int
    characters: int
    bytes: int  # in UTF-8
    empty: int  # documents dropped: nothing in them
    exact_duplicates: int  # dropped: the same, to the letter, as an earlier one
    near_duplicates: int  # dropped: nearly the same as an earlier one
    train_documents: int
    train_bytes: int
    validation_documents: int
    validation_bytes: int
    test_documents: int
    test_bytes: int
    language: str  # "en", "zh" or "other"


class Decoding(BaseModel):
    """How the next token is taken from its probabilities; the same seed and settings give the same text."""

    temperature: float = Field(0.8, ge=0, le=5)  # 0 always takes the likeliest
    top_k: int = Field(0, ge=0)  # only so many of the likeliest; 0: all
    top_p: float = Field(0.95, gt=0, le=1)  # only the likeliest that together reach this probability; 1: all
    min_p: float = Field(0.0, ge=0, le=1)  # only those at least this share of the likeliest; 0: all
    repetition_penalty: float = Field(1.0, ge=1, le=5)  # what was there already becomes so much less likely; 1: not
    max_tokens: int = Field(120, ge=1, le=2000)
    seed: int = 0
