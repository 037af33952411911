"""The Soft tree view of the Results page: the tree, how to read it, and the same as a table."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.results.soft_tree import TREE_FILE, SoftTree
from pages.results.charts import soft_tree, tree_lines
from pages.shared import state
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _
from pages.shared.markup import plain


def stored(candidate_folder: Path) -> SoftTree | None:
    """The tree of a candidate; None if it has none."""
    return state.stored(SoftTree, candidate_folder / TREE_FILE)


def draw(candidate_folder: Path) -> None:
    """The tree over all rows."""
    if (tree := stored(candidate_folder)) is None:
        return
    st.caption(
        _(
            "Read it from the top down: each fork sends a row partly left (↰) and partly right (↱), a step in. Beside "
            "a dot: the share of the rows that come there, then the words and columns that lead there."
        ),
        help=plain(about()),
    )
    display.show(
        chart_theme.kept("soft-tree", tree, lambda: soft_tree.drawn(tree)),
        "soft-tree",
        alt=_("The soft tree: what leads to each fork and leaf, and what the leaves say"),
    )
    with st.expander(_("The same as a table"), icon=":material/table:"):
        frame = chart_theme.kept_table("soft-tree-table", tree, lambda: tree_lines.table(tree))
        shares = [name for name in frame.columns if frame[name].dtype.kind == "f"]
        formats = {name: "percent" if name in shares[:2] else "%.3f" for name in shares}
        display.table(frame, "soft-tree-rows", name="soft-tree", formats=formats)


def about() -> str:
    """How the words and columns at a line are found, and what the marks mean."""
    return _(
        "A soft tree has no hard yes or no: a row goes both ways at each fork, more to one side, and its prediction is "
        "the mix of all leaves it reaches. Each fork looks at all that the encoder and the columns say. The words and "
        "columns shown are those that go most with turning that way, by their correlation over the training rows, from "
        "0 to 1. “↑” after a column: the more, the more so. The bar of a leaf shows its classes."
    )
