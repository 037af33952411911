"""The number an explanation shares out: a class's margin or probability, or the predicted number."""

from __future__ import annotations

import numpy as np

from core.results.explanations.rows import Output

LEAST = 1e-12  # a probability of 0 or 1 has no log-odds


def of(said: np.ndarray, place: int, output: Output) -> np.ndarray:
    """One class's output: its log-odds against the rest, or its probability; numbers stay as they are.

    said: probabilities (n, k), or numbers (n,)  →  (n,)
    """
    if said.ndim == 1:
        return said
    return margin(said[:, place]) if output == "margin" else said[:, place]


def every(said: np.ndarray, output: Output) -> np.ndarray:
    """The outputs of all classes, (n, k) → (n, k), or the numbers, (n,) → (n, 1)."""
    if said.ndim == 1:
        return said[:, None]
    return margin(said) if output == "margin" else said


def margin(probability: np.ndarray) -> np.ndarray:
    """Log-odds, ln(p / (1 − p)), of probabilities of any shape."""
    inside = np.clip(probability, LEAST, 1 - LEAST)
    return np.log(inside) - np.log1p(-inside)


def unit(task: str, target: str, output: Output) -> str:
    """What the numbers are called: the target of a regression, else ``log-odds`` or ``probability``."""
    if task == "regression":
        return target
    return "log-odds" if output == "margin" else "probability"
