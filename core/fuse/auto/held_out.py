"""What a search says of rows that had no part in what it says of them: neither in a fit nor in the choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.data.splits.inner import Dependence, inner_folds
from core.fuse.auto.mixture import Mixer, Screened, mixed_of

PARTS = 5  # the choice is made so often, each time without one of as many parts of the rows; of fewer rows, row by row


@dataclass(frozen=True)
class HeldOut:
    """Predictions that a search can be scored by.

    Attributes
    ----------
    rows : int array, shape (n,)
        Sorted places in the rows that were searched on.
    said : array, shape (n, k) or (n,)
        Probabilities in the order of the classes, or numbers.
    """

    rows: np.ndarray
    said: np.ndarray


def held_out(
    found: Mapping[str, Screened],
    chosen: Mapping[str, float],
    rows: np.ndarray,
    mixer: Mixer,
    seed: int,
    dependence: Dependence,
) -> HeldOut:
    """Say of each row what is chosen by the other rows alone.

    The best of many is ahead by chance, too: weights that were chosen on the rows they are scored on flatter. So rows
    are divided into parts (what depends on each other stays in one), and each part is mixed by weights that the others
    chose. Of rows that a chosen candidate was not tried on nothing is said. Where rows are ordered by time, weights for
    earlier ones may be chosen on later ones; no candidate was fitted on those.

    References
    ----------
    Tsamardinos, Greasidou and Borboudakis, "Bootstrapping the out-of-sample predictions for efficient and accurate
    cross-validation", Machine Learning 107, 2018 (why the choice has to be made without the rows that judge it).
    """
    for name in chosen:
        rows = rows[found[name].knows(rows)]
    if len(rows) == 1:
        return HeldOut(rows, mixed_of(chosen, found, rows))
    said = np.full((len(rows), *next(iter(found.values())).said.shape[1:]), np.nan)
    everywhere = {name: one for name, one in found.items() if one.knows(rows).all()}
    bound = Dependence(dependence.groups).take(rows)
    for _others, part in inner_folds(mixer.task, mixer.truth[rows], seed, min(PARTS, len(rows)), bound):
        others = np.delete(rows, part)
        weights, _measured = mixer.choose(found, others)
        known = np.all([found[name].knows(rows[part]) for name in weights], axis=0)
        said[part[known]] = mixed_of(weights, found, rows[part[known]])
        if not known.all():
            weights, _measured = mixer.choose(everywhere, others)
            said[part[~known]] = mixed_of(weights, everywhere, rows[part[~known]])
    told = np.isfinite(said if said.ndim == 1 else said[:, 0])
    return HeldOut(rows[told], said[told])
