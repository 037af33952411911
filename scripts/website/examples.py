"""What griffe is told while it reads the code: examples are code also where no heading says so."""

from __future__ import annotations

from typing import Any

import griffe

from scripts.website.reference import fenced


class BareExamples(griffe.Extension):
    """Fences the examples of each docstring."""

    def on_instance(self, *, obj: griffe.Object, **_others: Any) -> None:
        if obj.docstring is not None:
            obj.docstring.value = fenced(obj.docstring.value)
