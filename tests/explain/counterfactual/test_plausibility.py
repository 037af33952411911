"""A row far from all others is unusual."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.explain.counterfactual.plausibility import Rows
from tests.fuse.tables import tickets


@pytest.fixture(scope="module")
def table():
    random = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "hours": random.integers(0, 40, 120).astype(float),
            "city": random.choice(["Rome", "Oslo", "Lima"], 120),
            "plan": random.choice(["free", "paid"], 120),
            "text": [f"the parcel was {word} and the office was {word}" for word in ["awful", "lovely", "late"] * 40],
        }
    )


def test_a_row_far_from_all_others_is_unusual():
    table, _schema = tickets(200)
    roles = {"hours": "number", "city": "category", "day": "date", "text": "text"}
    rows = Rows(table[list(roles)], roles)
    assert rows.nearest(table[list(roles)].iloc[[5]]) == 0.0
    assert rows.nearest(table[list(roles)].iloc[[5]], but=int(table.index[5])) > 0.0  # another row, not itself
    odd = table[list(roles)].iloc[[5]].assign(hours=1000.0, city="Atlantis")
    assert rows.unusual(rows.nearest(odd)) == 1.0
    assert rows.unusual(0.0) == 0.0
