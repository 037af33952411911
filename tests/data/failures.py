"""A table of machines that fail, for a cause that is filled in afterwards or by what was measured."""

from __future__ import annotations

import pandas as pd


def machine(dice, n: int = 10_000) -> pd.DataFrame:
    """Failures with causes that imply them, a cause that does not, and honest measurements."""
    heat, torque = dice.normal(300, 2, n), dice.normal(40, 10, n)
    cause_a, cause_b, unrelated = dice.random(n) < 0.005, dice.random(n) < 0.01, dice.random(n) < 0.002
    failed = cause_a | cause_b | ((torque > 65) & (dice.random(n) < 0.8))
    return pd.DataFrame(
        {
            "heat": heat.round(1),
            "torque": torque.round(1),
            "kind": dice.choice(["L", "M", "H"], n),
            "cause_a": cause_a.astype(int),
            "cause_b": cause_b.astype(int),
            "unrelated": unrelated.astype(int),
            "failed": failed.astype(int),
        }
    )
