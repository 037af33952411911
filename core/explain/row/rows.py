"""One row of a table: base + one bar per column = the model's output, and text bars opened into words."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from core.data.roles.columns import shown
from core.explain.open_candidate import OpenCandidate
from core.explain.row.estimate import EXACT_PLAYERS_CHEAP, PAIRS
from core.explain.shapley.column_game import Game
from core.explain.shapley.values import Shares, shares
from core.explain.text.owen import open_text
from core.messages import clip
from core.results.explanations.rows import ColumnEffect, RowExplanation

EXACT_GAP = 1e-6  # what exact bars may miss the output by, beside 1


def explain_row(
    model: OpenCandidate,
    position: int,
    label: str | None,
    *,
    exact: int,
    pairs: int = PAIRS,
    enough: Callable[[], bool],
) -> tuple[RowExplanation, Game]:
    """One row of the data set as columns, and the game it was, for opening its texts.

    position: the row's place in the data set; the rest as for `explain_frame`
    """
    row = model.rows.loc[[position], model.pipeline.columns_]
    return explain_frame(model, row, label, position=position, exact=exact, pairs=pairs, enough=enough)


def explain_frame(
    model: OpenCandidate,
    row: pd.DataFrame,
    label: str | None,
    *,
    position: int = -1,
    exact: int,
    pairs: int = PAIRS,
    enough: Callable[[], bool],
) -> tuple[RowExplanation, Game]:
    """One row as columns, wherever it comes from, and the game it was.

    Parameters
    ----------
    row : DataFrame of one row
        The candidate's columns.
    label : str or None
        Class to explain; None: the predicted one.
    position : int
        What the row is called in the result.
    exact : int
        Columns whose every coalition is tried, where the model's form gives no exact values.
    pairs : int
        Pairs of orders sampled at most, where there are more columns.
    enough : callable () → bool
        True stops the sampling.
    """
    began = time.monotonic()
    called, _place = model.label(row)
    label, place = model.label(row, label)
    game = model.game(row, place)
    exact = EXACT_PLAYERS_CHEAP if game.evaluator.cheap else exact
    found = _closed(game) or shares(
        game.values, len(game.players), seed=model.seed, pairs=pairs, exact=exact, enough=enough
    )
    explanation = RowExplanation(
        row=position,
        label=label,
        called=called,
        base=found.base,
        output=found.output,
        columns=_effects(row, game, found),
        error=found.base + float(found.values.sum()) - found.output,
        evaluations=game.evaluations,
        seconds=time.monotonic() - began,
    )
    return explanation, game


def _effects(row: pd.DataFrame, game: Game, found: Shares) -> list[ColumnEffect]:
    """Each column with its cell and its value, the largest first."""
    effects = [
        ColumnEffect(name=name, shown=_cell(row[name].iloc[0]), value=value, low=value - reach, high=value + reach)
        for name, value, reach in zip(game.players, found.values, found.reach, strict=True)
    ]
    return sorted(effects, key=lambda one: -abs(one.value))


def _closed(game: Game) -> Shares | None:
    """Exact values by the model's form, if they sum to the output."""
    values = game.closed()
    if values is None:
        return None
    n = len(game.players)
    base, output = game.values(np.array([[False] * n, [True] * n]))
    if abs(base + values.sum() - output) > EXACT_GAP * max(1.0, abs(output)):
        return None  # beyond where log-odds can be told apart
    return Shares(float(base), float(output), values, np.zeros(n))


def open_texts(
    model: OpenCandidate,
    row: RowExplanation,
    game: Game,
    *,
    texts: int,
    few: bool = False,
    enough: Callable[[], bool],
    opened: Callable[[], None] = lambda: None,
) -> None:
    """Open the row's text columns into words, with at most about `texts` masked texts each.

    few: only as many as come to the usual error where it was learned to explain the column
    opened: called after each text
    """
    began = time.monotonic()
    for effect in row.columns:
        column = model.schema.column(effect.name)
        if column is None or column.role != "text":
            continue
        model.context.check()
        learned = model.learned(effect.name)
        with model.not_cached():
            effect.parts = open_text(
                game,
                effect.name,
                effect.value,
                column.language,
                seed=model.seed,
                texts=texts,
                enough=enough,
                learned=learned,
                few=few,
            )
        effect.learned = learned is not None and any(part.high > part.low for part in effect.parts)
        if effect.parts:
            effect.shown = str(game.row[effect.name].iloc[0])  # as it stands: the parts say where in it they are
        row.evaluations = game.evaluations
        row.seconds += time.monotonic() - began
        began = time.monotonic()
        opened()


def _cell(value: object) -> str:
    return "" if pd.isna(value) else clip(shown(value), 200)
