"""Where shap's Tree explainer answers the very question: trees whose every feature is a column of its own."""

from __future__ import annotations

import numpy as np
import scipy.sparse

from core.explain.against_shap import explainers
from core.explain.against_shap.explainers import Answer
from core.explain.shapley import tree_shap
from core.explain.shapley.candidate_evaluators import Assembled
from core.explain.shapley.column_game import Game
from core.explain.shapley.linear_and_kernel import last_step

SUMS = 1e-6  # what base and bars may miss the output by, beside 1


def by_trees(game: Game, hidden: np.ndarray, output: float) -> Answer | None:
    """`shap.explainers.Tree` on the candidate's trees; None where its values are not those of the columns.

    It must be a single tree or an ensemble that adds up on the scale that is explained, without a gap in its features,
    and no column may have two features (a category's one-hot columns): values of features don't sum to the value of
    their column.

    Parameters
    ----------
    hidden : int array
        The background's places, 1 and on, each as often as it counts.
    output : float
        What the model says of the row; base and values must sum to it.
    """
    told = game.evaluator
    if not isinstance(told, Assembled) or told.head is not None:
        return None
    step, owners = last_step(told.model), told.features.owners
    found = None if step is None else tree_shap.trees_of(step)
    scale = game.output if told.n_classes else "number"
    if found is None or found.scale != scale or len(np.unique(owners)) < len(owners):
        return None
    if told.n_classes and game.place not in told.known:
        return None
    matrix = told.features.matrix
    rows = np.asarray(matrix.toarray() if scipy.sparse.issparse(matrix) else matrix, dtype=float)
    if not np.isfinite(rows).all():
        return None
    if isinstance(step, (*tree_shap.SINGLE, *tree_shap.FORESTS)):
        rows = rows.astype(np.float32).astype(float)  # as they were given to it
    own = int(np.flatnonzero(told.known == game.place)[0]) if told.n_classes else 0
    several = scale == "probability"
    shares = explainers.trees(step, rows[0], rows[hidden], own if several else None)
    sign = -1.0 if scale == "margin" and own == 0 else 1.0
    values = np.zeros(len(game.players))
    np.add.at(values, owners, sign * shares.values)
    base = sign * shares.base
    if abs(base + values.sum() - output) > SUMS * max(1.0, abs(output)):
        return None
    return Answer(base, output, values, np.zeros(len(values)))
