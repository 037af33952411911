"""Columns that give the answer away, planted in a table: copies, codes, noise, other units, flags, sorted ids."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from core.data.targets.target import guess_task

Random = np.random.Generator
Plant = Callable[[Random, pd.DataFrame, str], pd.DataFrame]
FEWEST_ROWS = 60  # of a table in which something is planted


def copy(random: Random, frame: pd.DataFrame, target: str) -> pd.DataFrame:
    """The answer once more under another name."""
    return _with(frame, "field_17", frame[target])


def recoded(random: Random, frame: pd.DataFrame, target: str) -> pd.DataFrame:
    """A code for each class."""
    codes = pd.factorize(frame[target])[0]
    shuffled = random.permutation(codes.max() + 1)
    return _with(frame, "status code", np.where(codes >= 0, shuffled[codes] * 10 + 3.0, np.nan))


def renamed(random: Random, frame: pd.DataFrame, target: str) -> pd.DataFrame:
    """A word for each class."""
    codes = pd.factorize(frame[target])[0]
    return _with(frame, "Zustand", pd.Series([f"S{chr(65 + code)}" if code >= 0 else None for code in codes]))


def mistaken(random: Random, frame: pd.DataFrame, target: str) -> pd.DataFrame:
    """The answer as a second person wrote it down: 1.5 % of the rows differ."""
    other = frame[target].sample(frac=1, random_state=int(random.integers(2**31))).to_numpy()
    return _with(frame, "checked by hand", frame[target].where(random.random(len(frame)) > 0.015, other))


def clustered(random: Random, frame: pd.DataFrame, target: str) -> pd.DataFrame:
    """A number close to the class's number."""
    codes = pd.factorize(frame[target])[0].astype(float)
    return _with(frame, "signal", np.where(codes >= 0, codes + random.normal(0, 0.02, len(frame)), np.nan))


def filled_only_if(random: Random, frame: pd.DataFrame, target: str) -> pd.DataFrame:
    """A date that is filled in only for one class, the rarest of at least 30 rows."""
    counts = frame[target].value_counts()
    chosen = counts[counts >= min(30, counts.max())].index[-1]
    dates = pd.Series(pd.Timestamp("2023-05-01") + pd.to_timedelta(random.integers(0, 90, len(frame)), unit="D"))
    return _with(frame, "refund_date", dates.dt.strftime("%Y-%m-%d").where((frame[target] == chosen).to_numpy(), None))


def sorted_id(random: Random, frame: pd.DataFrame, target: str) -> pd.DataFrame:
    """Rows sorted by the answer, and numbered with gaps."""
    ordered = frame.sort_values(target, kind="stable").reset_index(drop=True)
    return _with(ordered, "record_no", np.cumsum(random.integers(1, 4, len(frame))))


def other_unit(random: Random, frame: pd.DataFrame, target: str) -> pd.DataFrame:
    return _with(frame, "in_inches", (frame[target] / 2.54 + 3).round(6))


def logarithm(random: Random, frame: pd.DataFrame, target: str) -> pd.DataFrame:
    return _with(frame, "scaled", np.log1p(frame[target] - frame[target].min()).round(5))


def noisy(random: Random, frame: pd.DataFrame, target: str) -> pd.DataFrame:
    """The number, off by 1 to 2 % of its spread."""
    spread = frame[target].std() * random.uniform(0.01, 0.02)
    return _with(frame, "estimate", frame[target] + random.normal(0, 1, len(frame)) * spread)


def rounded(random: Random, frame: pd.DataFrame, target: str) -> pd.DataFrame:
    """The number to a sixtieth of its spread."""
    step = frame[target].std() / 15
    return _with(frame, "about", (frame[target] / step).round() * step)


OF_CLASSES: list[Plant] = [copy, recoded, renamed, mistaken, clustered, filled_only_if, sorted_id]
OF_NUMBERS: list[Plant] = [copy, other_unit, logarithm, noisy, rounded]


def fitting(frame: pd.DataFrame, target: str) -> list[Plant]:
    """What can be planted in a table."""
    if target not in frame or frame[target].notna().sum() < FEWEST_ROWS:
        return []
    task = guess_task(frame[target])
    return OF_NUMBERS if task == "regression" else OF_CLASSES if task else []


def _with(frame: pd.DataFrame, name: str, values: object) -> pd.DataFrame:
    """One more column, somewhere inside."""
    found = frame.copy()
    found.insert(min(2, len(frame.columns)), name, values)
    return found
