"""What the language lab finds, as it is stored and shown. Light."""

from __future__ import annotations

from pydantic import BaseModel


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
