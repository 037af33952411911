"""What can be chosen for text tasks that put labels on texts. Light."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.results.text_tasks.options import TaskOptions


class EntityOptions(TaskOptions):
    """How names are learned."""

    folds: int = Field(5, ge=2, le=20)


class RelationOptions(TaskOptions):
    """How relations are learned."""

    folds: int = Field(5, ge=2, le=20)


class SentimentOptions(TaskOptions):
    """Which classes there are, and from how much is learned."""

    classes: list[str] = Field(default_factory=lambda: ["positive", "negative"])  # where no reference column says which
    descriptions: list[str] = Field(default_factory=list)  # “class: what it means”, one each
    examples: int = Field(0, ge=0, le=1000)  # of each class that is learned from; 0: all
    folds: int = Field(5, ge=2, le=20)


class PromptOptions(TaskOptions):
    """A prompt for every text, and what an answer must look like."""

    prompt: str = Field("Which category does this text belong to?", max_length=2000)
    allowed: list[str] = Field(default_factory=list)  # the only answers there are; none: anything
    fields: list[str] = Field(
        default_factory=list
    )  # “name: text”, “name: number” or “name: one, two, three”: a JSON object is asked for
    choose: Literal["likelihood", "written"] = "likelihood"  # how one of the allowed answers is found
    max_tokens: int = Field(40, ge=1, le=400)
