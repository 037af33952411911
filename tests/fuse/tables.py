"""Small tables with a known answer."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.data.schema import Column, Schema
from core.messages import say

GOOD = ["lovely", "great", "kind", "quick", "friendly", "warm"]
BAD = ["awful", "broken", "late", "rude", "cold", "slow"]
FILL = ["the", "parcel", "arrived", "with", "a", "note", "from", "our", "office", "about", "an", "order"]


def column(name: str, role: str, language: str = "") -> Column:
    return Column(name=name, role=role, guessed=role, reason=say("as made"), language=language)


def tickets(n: int = 160, seed: int = 0) -> tuple[pd.DataFrame, Schema]:
    """Mood shows in one word of the text and, less clearly, in the hours; the city says nothing."""
    random = np.random.default_rng(seed)
    good = random.random(n) < 0.5
    texts = [
        " ".join([*random.choice(FILL, 6), str(random.choice(GOOD if one else BAD)), *random.choice(FILL, 3)])
        for one in good
    ]
    frame = pd.DataFrame(
        {
            "text": texts,
            "hours": np.where(good, 2.0, 3.0) + random.normal(0, 1, n),
            "city": random.choice(["Rome", "Oslo", "Lima"], n),
            "day": pd.date_range("2025-01-01", periods=n, freq="h"),
            "mood": np.where(good, "good", "bad"),
        }
    )
    frame.loc[::17, "hours"] = np.nan
    frame.loc[::23, "text"] = None
    schema = Schema(
        columns=[
            column("text", "text", "en"),
            column("hours", "number"),
            column("city", "category"),
            column("day", "date"),
            column("mood", "target"),
        ],
        task="binary",
    )
    return frame, schema


def patients(n_patients: int = 40, visits: int = 10, seed: int = 0) -> tuple[pd.DataFrame, Schema]:
    """Visits of one patient look alike and have one label, which the readings of other patients say little about."""
    random = np.random.default_rng(seed)
    means = random.normal(0, 1, (n_patients, 3))
    sick = means[:, 0] + random.normal(0, 2, n_patients) > 0
    readings = np.repeat(means, visits, axis=0) + random.normal(0, 0.05, (n_patients * visits, 3))
    frame = pd.DataFrame(readings, columns=["pulse", "pressure", "weight"])
    frame["text"] = [" ".join(map(str, row)) for row in random.integers(100, 999, (len(frame), 5))]  # no two are alike
    frame["patient"] = np.repeat([f"P{number:03}" for number in range(n_patients)], visits)
    frame["visit"] = np.arange(len(frame))  # in the order of time: patients come one after the other
    frame["sick"] = np.where(np.repeat(sick, visits), "yes", "no")
    roles = dict.fromkeys(["pulse", "pressure", "weight"], "number")
    roles |= {"text": "text", "patient": "ignored", "visit": "ignored", "sick": "target"}
    return frame, Schema(columns=[column(name, role) for name, role in roles.items()], task="binary")
