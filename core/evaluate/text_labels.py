"""What can be chosen for text tasks that put labels on texts. Light."""

from __future__ import annotations

from pydantic import Field

from core.evaluate.text_options import TaskOptions


class EntityOptions(TaskOptions):
    """How names are learned."""

    folds: int = Field(5, ge=2, le=20)
