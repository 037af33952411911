"""What a document of a plain text is: found by counts, or chosen here."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.data.schema import Documents
from pages.shared import numbers
from pages.shared.i18n import _

WAYS: tuple[Documents, ...] = ("blank lines", "lines", "paragraphs", "marker")


def draw(key: str, found: Documents | None, counts: Mapping[Documents, int]) -> dict[str, object]:
    """The choice, each way with the number of documents it gives where that is known.  →  options of the reading"""
    names = {
        "blank lines": _("what stands between blank lines"), "lines": _("each line"),
        "paragraphs": _("so many lines"), "marker": _("from one marker to the next"),
    }  # fmt: skip
    every: list[Documents | None] = [*([] if found else [None]), *WAYS]
    left, right = st.columns(2)
    way = left.selectbox(
        _("A document is"), every, every.index(found), key=f"documents-{key}",
        format_func=lambda one: _("find out") if one is None else _counted(names[one], counts.get(one)),
    )  # fmt: skip
    lines = right.number_input(_("Lines of each (for “so many lines”)"), 1, 1000, 5, key=f"lines-each-{key}")
    marker = right.text_input(_("A document begins at a line that starts with"), key=f"marker-{key}", max_chars=100)
    return {"documents": way, "lines_each": int(lines), "marker": marker or ""}


def _counted(name: str, n: int | None) -> str:
    return name if n is None else _("{name} ({n})").format(name=name, n=numbers.count(n))
