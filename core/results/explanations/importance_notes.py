"""Whether Shapley values and permutation importance tell the same story, and why they may not.

Light: the page says it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.messages import Message, _, say
from core.results.explanations.global_explanation import WholeExplanation, shares

MUCH, LITTLE = 0.2, 0.05  # of all movement, or of all that shuffling costs
LOW = 0.3  # rank correlation
FEWEST = 4  # columns that matter for a rank correlation to say something


def disagreements(whole: WholeExplanation) -> list[Message]:
    """A sentence for each column that matters in one way and not in the other, else one if the orders differ."""
    if not whole.shapley or not whole.permutation:
        return []
    moved = shares(whole.shapley)
    lost = {one.name: one.value for one in whole.permutation}
    total = sum(max(0.0, value.mean) for value in lost.values())
    found = []
    for name, share in moved.items():
        if name not in lost:
            continue
        costs = max(0.0, lost[name].mean) / total if total else 0.0
        if share >= MUCH and lost[name].low <= 0:
            text = _(
                "“{column}” makes {share:.0%} of all movement, yet shuffling it costs nothing that can be told from "
                "chance: another column may say the same, or it moves answers without making them right."
            )
            found.append(say(text, column=name, share=share))
        elif share < LITTLE and costs >= MUCH and lost[name].low > 0:
            text = _(
                "Shuffling “{column}” costs {share:.0%} of all that is lost, yet it moves the answers little: small "
                "moves near the border between two answers count, or few rows depend on it much."
            )
            found.append(say(text, column=name, share=costs))
    sure = {name: value.mean if value.low > 0 else 0.0 for name, value in lost.items()}  # the rest are ties
    return found or _orders(moved, sure, total)


def _orders(moved: dict[str, float], lost: dict[str, float], total: float) -> list[Message]:
    names = [name for name in moved if moved[name] >= LITTLE or (total and lost.get(name, 0.0) / total >= LITTLE)]
    if len(names) < FEWEST:
        return []
    ranks = pd.DataFrame({"moved": [moved[n] for n in names], "lost": [lost.get(n, 0.0) for n in names]}).rank()
    with np.errstate(invalid="ignore"):
        correlation = float(np.corrcoef(ranks["moved"], ranks["lost"])[0, 1])
    if not correlation < LOW:
        return []
    text = _(
        "The two orders differ (rank correlation {r:.2f}). A shuffled column that others can stand in for costs "
        "little, and shuffling makes rows that never occur where columns go together."
    )
    return [say(text, r=correlation)]
