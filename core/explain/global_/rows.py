"""Many rows opened into columns, block by block, and what is kept of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from core.data.schema import Schema
from core.explain import output as outputs
from core.explain.global_.estimate import EXACT_PLAYERS_WHOLE, PAIR_COLUMNS, PAIR_ROWS, WHOLE_PAIRS
from core.explain.open_candidate import OpenCandidate
from core.explain.row.estimate import EXACT_PLAYERS
from core.explain.shapley.candidate_evaluators import evaluator_of
from core.explain.shapley.evaluators import Evaluator
from core.explain.shapley.interactions import coalitions, pairs
from core.explain.shapley.many_rows_game import Block, WholeGame
from core.files import written_whole
from core.fuse.columns import as_days, as_numbers, word
from core.messages import clip
from core.results.comparison import Interval
from core.results.explanations.global_explanation import Pair


@dataclass
class Found:
    """The rows opened so far.

    Attributes
    ----------
    called : int arrays
        The class each row is called, by its place among the classes; 0 for a regression.
    pairs_ : arrays (rows, pairs, classes)
        Interactions among `pair_columns`.
    """

    classes: list[str]
    columns: list[str]
    rows: list[int] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    called: list[np.ndarray] = field(default_factory=list)
    pair_columns: list[str] = field(default_factory=list)
    pairs_: list[np.ndarray] = field(default_factory=list)

    @property
    def values(self) -> np.ndarray:
        """Shapley values.  →  (rows, columns, classes)"""
        return np.concatenate([block.values for block in self.blocks])

    def frame(self, cells: pd.DataFrame) -> pd.DataFrame:
        """The lines of ``whole_rows.parquet``; cells: `cells_of` the rows."""
        values, called = self.values, np.concatenate(self.called)
        n_rows, n_columns, n_classes = values.shape
        shape = (n_rows, n_classes, n_columns)
        place = np.repeat(np.arange(n_rows), n_classes * n_columns)
        label = np.broadcast_to(np.arange(n_classes)[None, :, None], shape).ravel()
        column = np.tile(np.arange(n_columns), n_rows * n_classes)
        cell = place * n_columns + column
        base, output = (np.concatenate([getattr(block, one) for block in self.blocks]) for one in ("base", "output"))
        return pd.DataFrame(
            {
                "row": np.asarray(self.rows)[place],
                "label": np.asarray(self.classes or [""], dtype=object)[label],
                "called": called[place] == label,
                "column": np.asarray(self.columns, dtype=object)[column],
                "effect": values.transpose(0, 2, 1).ravel(),
                "base": base[place, label],
                "output": output[place, label],
                "number": cells["number"].to_numpy()[cell],
                "word": cells["word"].to_numpy()[cell],
            }
        )

    def interactions(self) -> list[Pair]:
        """Pairs of columns with the size of their interaction, the largest first; each class, and the one called."""
        if not self.pairs_:
            return []
        together = np.concatenate(self.pairs_)
        called = np.concatenate(self.called)[: len(together)]
        own = np.take_along_axis(together, called[:, None, None], axis=2)[:, :, 0]
        sides = {"": own}
        if self.classes:
            sides |= {label: together[:, :, place] for place, label in enumerate(self.classes)}
        found = []
        for label, values in sides.items():
            for (first, second), each in zip(pairs(len(self.pair_columns)), values.T, strict=True):
                one, other = self.pair_columns[first], self.pair_columns[second]
                found.append(Pair(label=label, first=one, second=other, size=_size(each), mean=float(each.mean())))
        return sorted(found, key=lambda pair: -pair.size.mean)


class RowsOpened:
    """Opens the rows of a model block by block.

    Attributes
    ----------
    exact : bool
        Whether every coalition of columns is tried, else orders are sampled.
    """

    def __init__(self, model: OpenCandidate) -> None:
        self.model = model
        self.columns = list(model.pipeline.columns_)
        self.classes = list(model.manifest.classes) if model.manifest.task != "regression" else []
        background = model.background[self.columns]
        self.game = WholeGame(self._teller, self.outputs, background, model.weights)
        self.exact = len(self.columns) <= (EXACT_PLAYERS if self.game.cheap else EXACT_PLAYERS_WHOLE)
        random = np.random.default_rng(model.seed)
        self._orders = [random.permutation(len(self.columns)) for _pair in range(WHOLE_PAIRS)]

    def open(self, each: Callable[[Found], None], enough: Callable[[], bool]) -> Found:
        """Open rows until all are done or it is enough; `each` is called after every block."""
        found = Found(self.classes, self.columns)
        rows = self.model.rows[self.columns]
        n_coalitions = 2 ** len(self.columns) if self.exact else 2 * WHOLE_PAIRS * (len(self.columns) + 1)
        at_once = self.game.rows_at_once(n_coalitions)
        for start in range(0, len(rows), at_once):
            if start and enough():
                break
            part = rows.iloc[start : start + at_once]
            block = self.game.exact(part) if self.exact else self.game.sampled(part, self._orders)
            found.rows += [int(position) for position in part.index]
            found.blocks.append(block)
            found.called.append(self._called(block))
            if block.interactions is not None:
                found.pair_columns = self.columns
                found.pairs_.append(block.interactions)
            each(found)
        return found

    def look_at_pairs(self, found: Found, enough: Callable[[], bool]) -> None:
        """Interactions among the columns that matter most, where there are too many columns to try all coalitions."""
        sizes = np.abs(found.values).mean(axis=(0, 2))
        players = sorted(int(place) for place in np.argsort(-sizes)[:PAIR_COLUMNS])
        found.pair_columns = [self.columns[place] for place in players]
        rows = self.model.rows.loc[found.rows[:PAIR_ROWS], self.columns]
        at_once = self.game.rows_at_once(len(coalitions(len(players))))
        for start in range(0, len(rows), at_once):
            if start and enough():
                break
            found.pairs_.append(self.game.among(rows.iloc[start : start + at_once], players))

    def outputs(self, said: np.ndarray) -> np.ndarray:
        """What the model says, (n, classes) or (n,), as the outputs that are shared out.  →  (n, classes)"""
        return outputs.every(said, self.model.output)

    def _teller(self, stacked: pd.DataFrame) -> Evaluator:
        return evaluator_of(self.model.pipeline, stacked, self.model.outputs)

    def _called(self, block: Block) -> np.ndarray:
        """The class with the largest output: margins rise with probabilities."""
        return block.output.argmax(axis=1)


def cells_of(rows: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Each cell as a number (numbers; dates as days since 1970) or as words.  →  (rows × columns) lines"""
    parts = []
    for name in rows.columns:
        column = schema.column(str(name))
        role = column.role if column else "category"
        missing = rows[name].isna().to_numpy()
        number = np.full(len(rows), np.nan)
        words = np.full(len(rows), "", dtype=object)
        if role == "number":
            number = as_numbers(rows[[name]])[:, 0]
        elif role == "date":
            number = as_days(rows[[name]])
        elif role == "text":
            words = np.asarray([clip(str(value), 80) for value in rows[name]], dtype=object)
        else:
            words = np.asarray([clip(word(value), 80) for value in rows[name].tolist()], dtype=object)
        words = np.where(missing, "", words)
        parts.append(pd.DataFrame({"number": number, "word": words}))
    stacked = {name: np.stack([part[name].to_numpy() for part in parts], axis=1).ravel() for name in ("number", "word")}
    return pd.DataFrame(stacked)


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """A table as parquet, whole or not at all."""
    with written_whole(path) as place:
        frame.to_parquet(place, index=False)


def _size(values: np.ndarray) -> Interval:
    """The mean absolute value over rows with its 95 % interval."""
    sizes = np.abs(values)
    reach = 1.96 * float(sizes.std(ddof=1)) / np.sqrt(len(sizes)) if len(sizes) > 1 else 0.0
    mean = float(sizes.mean())
    return Interval(mean=mean, low=max(0.0, mean - reach), high=mean + reach)
