"""Tables in which several rows are of one patient or one device."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.data.roles import columns
from core.data.schema import Schema


def schema_of(table: pd.DataFrame, target: str, tmp_path) -> Schema:
    path = tmp_path / "table.parquet"
    table.to_parquet(path)
    return columns.guess(path, target)


def visits(n: int = 40, each: int = 10, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    pulse, pressure = random.normal(75, 8, n), random.normal(120, 10, n)
    sick = pulse + random.normal(0, 14, n) > 75
    return pd.DataFrame(
        {
            "patient_id": np.repeat([f"P{number:03}" for number in range(n)], each),
            "visit": np.tile(np.arange(1, each + 1), n),
            "hr": np.repeat(pulse, each) + random.normal(0, 0.3, n * each),
            "bp": np.repeat(pressure, each) + random.normal(0, 0.3, n * each),
            "sick": np.repeat(np.where(sick, "yes", "no"), each),
        }
    ).sample(frac=1, random_state=seed, ignore_index=True)


def sensors(seed: int = 0) -> pd.DataFrame:
    """A German export: devices with a drift of their own, and a number to predict."""
    random = np.random.default_rng(seed)
    n, each = 25, 24
    drift = random.normal(0, 5, n)
    return pd.DataFrame(
        {
            "Gerät-ID": np.repeat([f"TS-{number}" for number in random.permutation(9000)[:n] + 1000], each),
            "Stunde": np.tile(np.arange(each), n),
            "Halle": np.repeat(random.choice(["Nord", "Süd", "West"], n), each),
            "Spannung": np.repeat(random.normal(230, 3, n), each) + random.normal(0, 0.1, n * each),
            "Wärme": np.repeat(random.normal(40, 8, n), each) + random.normal(0, 0.3, n * each),
            "Messwert": np.repeat(drift, each) + random.normal(0, 1, n * each),
        }
    )
