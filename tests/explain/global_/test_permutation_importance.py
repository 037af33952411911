"""The column that matters loses most when it is shuffled."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.explain.global_.permutation_importance import importances


def test_the_shuffled_column_that_matters_loses_most():
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"matters": random.normal(size=200), "noise": random.normal(size=200)})
    truth = frame["matters"] > 0
    ranked = importances(
        lambda table: float(((table["matters"] > 0) == truth).mean()), frame, seed=0, check=lambda: None
    )
    assert [one.name for one in ranked] == ["matters", "noise"]
    assert ranked[0].value.low > 0.3
    assert ranked[1].value.mean == 0
