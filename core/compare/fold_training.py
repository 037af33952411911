"""One candidate fitted on some rows: listened to, checkpointed, its curve written; and on one fold, with its files."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from core.catalog import fusion
from core.compare.estimator import Estimator
from core.compare.files import folds, replay
from core.compare.files.curves import curve_of
from core.compare.files.run_key import RunKeys
from core.compare.prepare import Prepared
from core.data.splits.inner import fit_with
from core.encode.batches import progress_listener
from core.encode.finetuning.checkpoints import checkpoint_to
from core.fuse.auto.choice import Automatic
from core.fuse.costs import facts_of
from core.fuse.ensemble import aligned
from core.fuse.predictor import Predictor
from core.fuse.setting import Setting
from core.messages import Message
from core.names import parse
from core.results.comparison import CandidateResult, candidate_folder


class OutOfTime(Exception):
    """The time budget is used up; not an error."""


class FoldTrainer:
    """Trains candidates of one comparison.

    Parameters
    ----------
    run : Path
        The run's folder.
    say : callable (stage)
        Reports progress; may raise to stop the work.
    """

    def __init__(
        self,
        prepared: Prepared,
        setting: Setting,
        run: Path,
        estimator: Estimator,
        keys: RunKeys,
        say: Callable[[Message], None],
    ) -> None:
        self.prepared, self.setting, self.run = prepared, setting, run
        self.estimator, self.keys, self.say = estimator, keys, say

    def fold(
        self, candidate: Predictor, line: CandidateResult, number: int, stage: Message, *, limited: bool
    ) -> folds.FoldResult:
        """A candidate on one fold: what lies there already, else trained and written.

        limited: whether the time budget may end the training.

        Raises
        ------
        OutOfTime
            It goes on where it was once there is more time.
        """
        path = candidate_folder(self.run, line.name) / "folds" / f"{number}.npz"
        if (known := folds.load(path)) is not None:
            self.estimator.probed(line.name, known.fit_seconds)  # sets the pace of what is still to come
            self.estimator.finished(line.name, None)
            _note(line, number, known)
            return known
        self.keys.write(line.name)
        train, test = self.prepared.folds[number]
        began = time.monotonic()
        fitted = self.fitted(candidate, line.name, str(number), train, stage, limited=limited)
        fit_seconds = time.monotonic() - began
        with self._heard(line.name, stage, limited=limited):
            prediction, probabilities = fitted.predict_both(self.prepared.X.iloc[test])
        full = aligned(probabilities, fitted, self.prepared.classes)
        took = time.monotonic() - began
        result = folds.FoldResult(test, prediction, full, fit_seconds, fitted.settings_, fitted.trials_)
        if number == 0:
            told = facts_of(fitted, self.prepared.X.iloc[train], self.prepared.X.iloc[test], fit_seconds)
            result = replace(result, **told)
        folds.save(result, path)
        self.estimator.finished(line.name, took)
        _note(line, number, result)
        return result

    def search(
        self, candidate: Automatic, line: CandidateResult, stage: Message
    ) -> tuple[list[folds.FoldResult], Automatic]:
        """A search on all rows, once: what it held back itself is what it is scored by, fold by fold.

        Returns
        -------
        the folds of which it told something
        what was found, fitted
        """
        place = candidate_folder(self.run, line.name) / "folds"
        shutil.rmtree(place, ignore_errors=True)  # another search may have told of more of them
        self.keys.write(line.name)
        began, prepared = time.monotonic(), self.prepared
        every = np.arange(len(prepared.y))
        fitted = self.fitted(candidate, line.name, replay.ALL, every, stage, folds=prepared.folds)
        assert isinstance(fitted, Automatic)
        fit_seconds, held = time.monotonic() - began, fitted.held_out_
        made: list[folds.FoldResult] = []
        for train, test in prepared.folds:
            mine = np.isin(held.rows, test)
            if not mine.any():
                continue
            rows, said = held.rows[mine], held.said[mine]
            prediction = said if prepared.task == "regression" else fitted.classes_[said.argmax(axis=1)]
            full = None if prepared.task == "regression" else aligned(said, fitted, prepared.classes)
            result = folds.FoldResult(rows, prediction, full, fit_seconds, fitted.settings_, fitted.trials_)
            if not made:
                told = facts_of(fitted, prepared.X.iloc[train], prepared.X.iloc[rows], fit_seconds)
                result = replace(result, **told)
            folds.save(result, place / f"{len(made)}.npz")
            _note(line, len(made), result)
            made.append(result)
        replay.record(place, fitted)
        self.estimator.finished(line.name, time.monotonic() - began)
        return made, fitted

    def fitted(
        self,
        candidate: Predictor,
        name: str,
        fold: str,
        rows: np.ndarray,
        stage: Message,
        *,
        limited: bool = False,
        **more: Any,
    ) -> Predictor:
        """A candidate fitted on some rows; `fold`: its number, or `replay.ALL`; `more`: what else its `fit` takes."""
        fresh = replay.as_before(candidate, self.setting.plan.replay.get(name, {}).get(fold))
        place = candidate_folder(self.run, name)
        under_way = checkpoint_to(place / "training" / f"{fold}.safetensors")
        unlabelled = fusion(parse(name).family).uses_unlabelled
        with self._heard(name, stage, limited=limited), curve_of(place, fold), under_way:
            made: Predictor = fit_with(fresh, *self.prepared.given(rows, unlabelled), **more)
        return made

    @contextmanager
    def _heard(self, name: str, stage: Message, *, limited: bool) -> Iterator[None]:
        """What is told within moves the bar, and is a place to stop."""

        def heard(done: float, total: float) -> None:
            self.estimator.under_way(name, done / max(1e-9, total))
            if limited and self.estimator.left() + self.estimator.slack() < 0:
                raise OutOfTime
            self.say(stage)

        with progress_listener(heard):
            yield


def _note(line: CandidateResult, number: int, fold: folds.FoldResult) -> None:
    """What the first fold tells about the candidate."""
    if number == 0:
        line.ms_per_row, line.flow = fold.ms_per_row, fold.flow
