"""A soft tree line by line: nodes and leaves from the root down, what leads to each, all as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from core.messages import clip
from core.results.soft_tree import Sign, SoftTree, TreeLeaf, TreeNode
from pages.shared.i18n import _

STEP = 0.045  # of the chart's width, per level


@dataclass(frozen=True)
class Line:
    """A node or a leaf with the way to it."""

    place: int  # among nodes and leaves, level by level
    level: int
    side: str  # "", "left" or "right" of the one above
    share: float
    signs: tuple[Sign, ...]  # what leads to it
    node: TreeNode | None
    leaf: TreeLeaf | None


def lines(tree: SoftTree) -> list[Line]:
    """From the root down, what lies left before what lies right."""
    return list(_below(tree, 0, 0, "", ()))


def _below(tree: SoftTree, place: int, level: int, side: str, signs: tuple[Sign, ...]) -> Iterator[Line]:
    n = len(tree.nodes)
    if place >= n:
        leaf = tree.leaves[place - n]
        yield Line(place, level, side, leaf.share, signs, None, leaf)
        return
    node = tree.nodes[place]
    yield Line(place, level, side, node.share, signs, node, None)
    for child, below, way in ((2 * place + 1, -1, "left"), (2 * place + 2, 1, "right")):
        leading = sorted((one for one in [*node.words, *node.columns] if one.weight * below > 0), key=_strongest)
        yield from _below(tree, child, level + 1, way, tuple(leading))


def _strongest(sign: Sign) -> float:
    return -abs(sign.weight)


def sign_label(sign: Sign) -> str:
    """“refund”, “seats ↑”, or “plan = free” for a value of a category."""
    if sign.kind == "word":
        return f"“{clip(sign.name, 24)}”"
    return f"{clip(sign.name, 24)} = {clip(sign.value, 24)}" if sign.value else f"{clip(sign.name, 24)} ↑"


def table(tree: SoftTree) -> pd.DataFrame:
    """One line per node and leaf, in the order drawn."""
    ways = {"": "", "left": _("to the left"), "right": _("to the right")}
    rows = []
    for line in lines(tree):
        row: dict[str, object] = {
            _("No."): line.place + 1,
            _("Level"): line.level + 1,
            _("Below no."): (line.place + 1) // 2 if line.place else None,
            _("Side"): ways[line.side],
            _("Share of rows"): line.share,
            _("Of these, go right"): line.node.right if line.node else None,
            _("What leads here"): ", ".join(f"{sign_label(sign)} {abs(sign.weight):.2f}" for sign in line.signs),
        }
        if not tree.classes:
            row[_("Predicted value")] = line.leaf.number if line.leaf else None
        for k, label in enumerate(tree.classes):
            row[_("Probability of {label}").format(label=label)] = line.leaf.probabilities[k] if line.leaf else None
        rows.append(row)
    return pd.DataFrame(rows).astype({_("Below no."): "Int64"})
