"""What can be predicted, and what a column can be for."""

from __future__ import annotations

from typing import Literal

from core.messages import _

Task = Literal["binary", "multiclass", "regression"]
Role = Literal["target", "text", "number", "category", "date", "image", "sound", "id", "ignored"]
ROLES: tuple[Role, ...] = ("target", "text", "number", "category", "date", "id", "ignored")
TASKS: dict[Task, str] = {
    "binary": _("two classes"),
    "multiclass": _("several classes"),
    "regression": _("a number"),
}
