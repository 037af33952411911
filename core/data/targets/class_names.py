"""The names of the classes that a target has once its cells are ranges, or hold a label or not. Light: no pandas."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from itertools import pairwise

from core.plan import TargetAs


def ranges(edges: Sequence[float]) -> list[str]:
    """The names of the classes that borders make, the lowest first.

    Examples
    --------
    >>> ranges([10, 50.5])
    ['below 10', '10 to 50.5', '50.5 and more']
    """
    marks = [format(Decimal(repr(float(edge))).normalize(), "f") for edge in edges]
    middle = [f"{low} to {high}" for low, high in pairwise(marks)]
    return [f"below {marks[0]}", *middle, f"{marks[-1]} and more"]


def no_label(label: str) -> str:
    """The class of cells that do not hold a label."""
    return f"not {label}"


def class_names(how: TargetAs) -> list[str]:
    """The classes that ranges or a label make, in their order; none where the cells say them."""
    if how.way == "bins" and how.edges:
        return ranges(how.edges)
    return [how.label, no_label(how.label)] if how.way == "label" else []


def in_order(labels: Collection[str], how: TargetAs) -> list[str]:
    """Classes as they are listed: ranges from the lowest to the highest, others by their names.

    Examples
    --------
    >>> in_order({"10 to 50", "50 and more", "below 10"}, TargetAs(way="bins", edges=[10, 50]))
    ['below 10', '10 to 50', '50 and more']
    """
    place = {name: number for number, name in enumerate(class_names(how))}
    return sorted(labels, key=lambda label: (place.get(label, len(place)), label))
