"""Tables with columns and texts drawn from a known law, real learners on them, and what these truly reach.

A row has a meaning that its text tells: word counts are Poisson with rates that follow it, and each candidate has a few
numbers that read it more or less well, as an embedding does. Where they read nothing, all candidates and their rival
see the same columns and words and as much noise, so that none gains anything over another, by symmetry.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from core.data.splits.folds import folds
from core.plan import Validation

N_COLUMNS, N_WORDS, N_READ, ARMS = 5, 30, 4, 9  # arm 0 is the rival
N_TRUTH = {"class": 20_000, "rare": 60_000, "number": 60_000}
SHARE = {"class": 0.35, "rare": 0.08}  # of the positive class
GROUPS = {200: 20, 700: 35, 1000: 40, 3000: 60}  # of 10, 20, 25 and 50 rows
READS = {"none": 0.0, "small": 0.45, "large": 1.2}
METRICS = {"class": ("accuracy", "log_loss"), "rare": ("average_precision",), "number": ("r2",)}
TINY = 1e-15


sklearn.set_config(assume_finite=True, skip_parameter_validation=True)  # small fits are mostly checks otherwise


@dataclass(frozen=True)
class Situation:
    """What is simulated: `large` gains are those over columns alone."""

    task: str  # class, rare, number
    n: int
    scheme: str  # kfold, holdout, group, time
    gain: str  # none, small, large
    learner: str = "linear"

    def key(self) -> str:
        return f"{self.task}-{self.n}-{self.scheme}-{self.gain}-{self.learner}"


@dataclass(frozen=True)
class Rows:
    """Drawn rows; `expected` is the chance of the positive class, or the mean of the number, given all that counts."""

    columns: np.ndarray  # (n, 5)
    words: np.ndarray  # (n, 30)
    read: np.ndarray  # (n, arms, 4)
    expected: np.ndarray  # (n,)
    y: np.ndarray  # (n,)
    group: np.ndarray | None = None

    def seen_by(self, arm: int, situation: Situation) -> np.ndarray:
        """What an arm learns from, shape (n, features)."""
        parts = [self.columns, self.read[:, arm]]
        if not (arm == 0 and situation.gain == "large"):
            parts.append(self.words)
        return np.hstack(parts)


@lru_cache
def _law(task: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Weights of the columns, rates and slopes of the words, and the threshold of the positive class."""
    random = np.random.default_rng(7)
    beta = np.array([0.9, -0.6, 0.4, 0.0, 0.0])
    rates, slopes = random.normal(-1.0, 0.5, N_WORDS), random.normal(0, 0.35, N_WORDS) * (np.arange(N_WORDS) < 15)
    s = random.normal(size=200_000) * (1 + float(beta @ beta)) ** 0.5
    if task == "number":
        return beta, rates, slopes, 0.0
    low, high = -10.0, 10.0
    for _step in range(40):
        middle = (low + high) / 2
        share = float(np.mean(1 / (1 + np.exp(-1.5 * (s - middle)))))
        low, high = (middle, high) if share > SHARE[task] else (low, middle)
    return beta, rates, slopes, low


def draw(situation: Situation, random: np.random.Generator, n: int, when: np.ndarray, single: bool = False) -> Rows:
    """Draw rows at times `when` (n,), 0 to 1; single: in groups, one row of each, as new groups are met."""
    beta, rates, slopes, threshold = _law(situation.task)
    columns, meaning, shift = random.normal(size=(n, N_COLUMNS)), random.normal(size=n), np.zeros(n)
    group = None
    if situation.scheme == "group":
        group = np.arange(n) if single else np.arange(n) % GROUPS[n]
        n_groups = int(group.max()) + 1
        common = random.normal(size=(n_groups, N_COLUMNS + 2))[group]
        columns = 0.7**0.5 * columns + 0.3**0.5 * common[:, :N_COLUMNS]
        meaning = 0.7**0.5 * meaning + 0.3**0.5 * common[:, N_COLUMNS]
        shift = 0.7 * common[:, -1]
    if situation.scheme == "time":
        shift = 0.8 * (when - 0.5) + 0.3 * np.sin(6 * when)
        columns[:, 0] += 0.5 * when
    s = columns @ beta + meaning + shift
    if situation.task == "number":
        expected, y = s, s + random.normal(size=n)
    else:
        expected = 1 / (1 + np.exp(-1.5 * (s - threshold)))
        y = (random.random(n) < expected).astype(float)
    counts = np.log1p(random.poisson(np.exp(rates + slopes * meaning[:, None])))
    words = 3 * counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1e-9)
    strengths = READS[situation.gain] * np.linspace(1, 0.6, ARMS - 1)
    read = random.normal(size=(n, ARMS, N_READ))
    read[:, 1:] += (strengths * meaning[:, None])[:, :, None] * 0.5
    return Rows(columns, words, read, expected, y, group)


def learner(situation: Situation, seed: int) -> Any:
    if situation.task == "number":
        return (
            Ridge(1.0)
            if situation.learner == "linear"
            else DecisionTreeRegressor(max_depth=4, min_samples_leaf=5, max_features=0.5, random_state=seed)
        )
    return (
        LogisticRegression(tol=1e-3)
        if situation.learner == "linear"
        else DecisionTreeClassifier(max_depth=4, min_samples_leaf=5, max_features=0.5, random_state=seed)
    )


def fitted(situation: Situation, rows: Rows, arm: int, places: np.ndarray, seed: int) -> Any:
    return learner(situation, seed).fit(rows.seen_by(arm, situation)[places], rows.y[places])


def said(situation: Situation, model: Any, seen: np.ndarray) -> np.ndarray:
    """The number, or the chance of the positive class, shape (n,)."""
    return model.predict(seen) if situation.task == "number" else model.predict_proba(seen)[:, 1]


def laid(situation: Situation, rows: Rows, when: np.ndarray, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """The folds of the product."""
    y = rows.y if situation.task == "number" else rows.y.astype(int).astype(str)
    kind = "holdout" if situation.scheme == "holdout" else "kfold"
    times = when if situation.scheme == "time" else None
    return folds(y, Validation(kind=kind, time="t" if times is not None else None), rows.group, times, seed)


@lru_cache(maxsize=8)
def held_back(situation: Situation, part: int) -> Rows:
    """The huge part that truth is measured on; with an order in time, of the times of one fold."""
    random = np.random.default_rng([11, part])
    low, high = ((part + 1) / 6, (part + 2) / 6) if situation.scheme == "time" else (0.0, 1.0)
    n = N_TRUTH[situation.task]
    return draw(situation, random, n, random.uniform(low, high, n), single=True)


@lru_cache(maxsize=27)
def _seen(situation: Situation, part: int, arm: int) -> np.ndarray:
    return held_back(situation, part).seen_by(arm, situation).astype(np.float32)


def truth(situation: Situation, model: Any, arm: int, part: int) -> dict[str, float]:
    """What a fitted model reaches on rows to come; the noise of their labels is averaged out by its law.

    For numbers the mean squared error stands in the place of R².
    """
    part = part if situation.scheme == "time" else 0
    values, p = said(situation, model, _seen(situation, part, arm)), held_back(situation, part).expected
    if situation.task == "number":
        return {"r2": float(np.mean((values - p) ** 2)) + 1.0}
    if situation.task == "rare":
        order = np.argsort(-values)
        found, starts = np.cumsum(p[order]), np.flatnonzero(np.r_[np.diff(values[order]) != 0, True])
        gained = np.diff(np.r_[0.0, found[starts]])
        return {"average_precision": float((found[starts] / (starts + 1) * gained).sum() / found[-1])}
    clipped = np.clip(values, TINY, 1 - TINY)
    surprise = -(p * np.log(clipped) + (1 - p) * np.log(1 - clipped))
    return {"accuracy": float(np.mean(np.where(values > 0.5, p, 1 - p))), "log_loss": float(surprise.mean())}


@lru_cache(maxsize=8)
def spread(situation: Situation) -> float:
    """The variance of the number over all rows that are held back."""
    parts = range(5) if situation.scheme == "time" else range(1)
    return float(np.concatenate([held_back(situation, part).expected for part in parts]).var()) + 1.0
