"""What a column is taken for, with the reason: what each part that looks at columns comes to."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.catalog import Role
from core.messages import Message


@dataclass(frozen=True)
class Guess:
    """A role with its reason; `code` says why a column is set apart."""

    role: Role
    reason: Message
    code: str = ""
    languages: dict[str, float] = field(default_factory=dict)  # with their shares, of texts
