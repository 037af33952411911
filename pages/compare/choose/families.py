"""Families of candidates that take part, and the candidates each stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core import catalog
from core.catalog.fusions import OPERATORS, PARTS
from core.names import Name

ALL = "all"  # layers are trained: joint's own part, which its name leaves unsaid


@dataclass(frozen=True)
class Family:
    """A family that takes part, with its variants and heads; ``""`` is the bare one."""

    name: str
    variants: tuple[str, ...] = ("",)
    heads: tuple[str, ...] = ("",)


def joint_parts(variant: str) -> tuple[str, str]:
    """The operator of a joint candidate, and which layers it trains: ``gated-top`` → gated, top."""
    said = variant.split("-")
    return (
        next((part for part in said if part in OPERATORS), OPERATORS[0]),
        next((part for part in said if part in PARTS), ALL),
    )


def names(family: Family, encoders: Sequence[str], models: Sequence[str]) -> list[str]:
    """Every combination, the bare encoder first; models: ``""`` is the family's own."""
    tails = family.heads if catalog.fusion(family.name).heads else models
    return [
        str(Name(family.name, encoder, tail, variant))
        for encoder in encoders
        for tail in tails
        for variant in family.variants
    ]
