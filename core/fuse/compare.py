"""The comparison: every candidate on the same folds, results on disk as they come.

Files of finished folds are never computed again, so a comparison that was cancelled or cut off goes on where it was.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.catalog import METRICS, fusion
from core.data.schema import Schema, write_model
from core.encode.batches import heard_by
from core.encode.checkpoints import kept_in
from core.evaluate import uncertainty
from core.evaluate.ranking import metric_for
from core.evaluate.result import Candidate as Line
from core.evaluate.result import Comparison, LearningPoint
from core.evaluate.soft_tree import TREE_FILE
from core.evaluate.verdict import verdict
from core.fuse import fold_files, replay, schedule
from core.fuse.auto import Automatic
from core.fuse.candidates import build
from core.fuse.costs import facts_of
from core.fuse.curve_files import curve_of
from core.fuse.encode_once import Encodings
from core.fuse.ensemble import aligned
from core.fuse.finish import differences, learning_curve
from core.fuse.joint.estimator import Joint
from core.fuse.lines import Scorer, candidate_folder
from core.fuse.predictor import Predictor
from core.fuse.prepare import Prepared, prepare
from core.fuse.setting import Setting, Skipped, encoders_of
from core.jobs.context import Context
from core.messages import AmalgamError, Cancelled, Message, _, say
from core.names import model_of, parse
from core.plan import Plan
from core.workspace import folder_bytes

log = logging.getLogger(__name__)
VERSIONS = ("scikit-learn", "torch", "transformers", "lightgbm", "numpy", "pandas")
INTERNAL_ERROR = _("It stopped with an internal error ({error}); the log has the details.")
Keep = Callable[[Predictor, Path, Prepared, Line, str], None]


def compare(
    table: pd.DataFrame,
    schema: Schema,
    plan: Plan,
    folder: Path,
    context: Context,
    *,
    test_table: pd.DataFrame | None = None,
    keep: Keep | None = None,
    dataset_hash: str = "",
) -> Comparison:
    """Score every candidate of a plan on the same folds.

    Parameters
    ----------
    table : DataFrame
        The data set; its index is the position of each row.
    folder : Path
        ``plan.json``, ``result.json`` and ``candidates/`` are written here; what is there already is not made again.
    keep : callable (fitted candidate, folder, prepared, line), optional
        Called with each candidate refitted on all rows.

    Raises
    ------
    UnusableData, UnknownChoice
        The plan does not fit the data or the catalogue.
    Cancelled
        The user cancelled; what was finished is in ``result.json``.
    """
    context.progress(say(_("Laying out the folds")), 0.0)
    for text in plan.candidates:
        parse(text)
    prepared = prepare(table, schema, plan, test_table)
    metric, reason = metric_for(prepared.task, prepared.y)
    folder.mkdir(parents=True, exist_ok=True)
    write_model(plan, folder / "plan.json")
    result = Comparison(
        task=prepared.task,
        target=plan.target,
        metric=metric,
        metric_reason=reason,
        classes=prepared.classes,
        n_rows=len(prepared.y),
        folds=len(prepared.folds),
        seed=plan.seed,
        method=uncertainty.METHOD,
        inflation=uncertainty.inflation(prepared.folds),
        excluded=prepared.excluded,
        candidates=[_line(text) for text in dict.fromkeys(plan.candidates)],
        warnings=prepared.warnings,
        plan_digest=plan.digest(),
        dataset_hash=dataset_hash,
        versions={name: version(name) for name in VERSIONS},
    )
    setting = Setting(
        prepared.schema,
        plan,
        prepared.task,
        metric,
        context.workspace.cache_folder,
        threads=context.threads,
        n_rows=len(prepared.folds[0][0]),
    )
    return _Run(result, prepared, setting, folder, context, keep).go()


def _line(text: str) -> Line:
    name = parse(text)
    family = fusion(name.family)
    model = model_of(name) if family.takes_model or family.heads else ""
    return Line(name=text, mode=name.family, encoder=name.encoder, model=model, status="waiting")


class OutOfTime(Exception):
    """The time budget is used up; not an error."""


class _Run:
    """One comparison under way."""

    def __init__(
        self,
        result: Comparison,
        prepared: Prepared,
        setting: Setting,
        folder: Path,
        context: Context,
        keep: Keep | None,
    ) -> None:
        self.result, self.prepared, self.setting = result, prepared, setting
        self.folder, self.context, self.keep = folder, context, keep
        self.built: dict[str, Predictor] = {}
        self.folds: dict[str, list[fold_files.FoldResult]] = {}
        self.scorer = Scorer(result, prepared, setting, folder)
        keeps = keep is not None and setting.plan.bundles
        self.forecast = schedule.Forecast(len(prepared.folds), keeps, setting.plan.budget_seconds)

    def go(self) -> Comparison:
        try:
            self._build()
            self._candidates()
            self._conclude()
            self._refit()
        except Cancelled:
            for line in self.result.candidates:
                if line.status in {"waiting", "running"}:
                    line.status = "cancelled"
            self._conclude()
            raise
        return self.result

    def _build(self) -> None:
        for line in self.result.candidates:
            try:
                made = build(line.name, self.setting)
            except AmalgamError as error:
                line.status, line.reason = "failed", _reason(error)
                continue
            if isinstance(made, Skipped):
                line.status, line.reason = "skipped", made.reason
                continue
            self.built[line.name] = made
            self.forecast.expect(line.name, schedule.guess(line.name, self.setting.n_rows))
            choices = encoders_of(line.name, self.setting)
            line.encoder = line.encoder or ", ".join(sorted({choice.name for choice in choices.values()}))
            line.leak_badge = made.leak_badge()
        self._write()

    def _candidates(self) -> None:
        lines = {line.name: line for line in self.result.candidates if line.name in self.built}
        self.encodings = Encodings(self.built, self.prepared)
        self.forecast.expect_encoding(self.encodings.seconds())
        # what needs no encoder does not wait for one, and what is cheap does not wait for what is costly
        for costly, waits in ((False, False), (False, True), (True, False), (True, True)):
            names = [
                name
                for name, line in lines.items()
                if self.encodings.wanted_by(name) == waits and fusion(line.mode).costly == costly
            ]
            for name in schedule.order(names, self.setting.n_rows):
                self._candidate(lines[name])

    def _encode(self, line: Line) -> None:
        """Encode what this candidate needs beforehand.

        Raises
        ------
        OutOfTime
        """

        def report(stage: Message, remaining_seconds: float) -> None:
            self.forecast.expect_encoding(remaining_seconds)
            if self._out_of_time():
                raise OutOfTime
            self._say(stage)

        self.encodings.encode_for(line.name, report)
        self.forecast.expect_encoding(self.encodings.seconds())

    def _candidate(self, line: Line) -> None:
        if (reason := self._no_time(line)) is not None:
            self._leave_out(line, reason)
            return
        line.status = "running"
        self._write()
        try:
            self._encode(line)
            for number in range(len(self.prepared.folds)):
                self._say(say(_("Training {name}, fold {fold} of {folds}"), **self._place(line.name, number)))
                self.folds.setdefault(line.name, []).append(self._fold(line, number))
                if number == 0 and (reason := self._no_time(line)) is not None:
                    self._leave_out(line, reason)
                    return
            self.scorer.score(line, self.folds[line.name], self._learning(line))
        except Cancelled:
            raise
        except OutOfTime:
            self._leave_out(line, say(_("The time budget was used up while its texts were read.")))
            return
        except AmalgamError as error:
            line.status, line.reason = "failed", _reason(error)
        except (ValueError, ArithmeticError, RuntimeError, TypeError, KeyError, IndexError) as error:
            log.exception("candidate %s", line.name)
            line.status = "failed"
            line.reason = say(INTERNAL_ERROR, error=str(error)[:200])
        if line.status != "ok":
            self.forecast.drop(line.name)
        self._write()

    def _no_time(self, line: Line) -> Message | None:
        """Why the time budget does not allow this candidate, or the rest of it; None if it does."""
        if self._out_of_time():
            return say(_("The time budget was used up before its turn."))
        done = len(self.folds.get(line.name, []))
        if self.setting.plan.budget_seconds is None or not self._finished():
            return None
        if done:
            needed = self.forecast.fold_seconds(line.name) * (len(self.prepared.folds) - done)
        else:
            train = self.prepared.folds[0][0]
            given = self.prepared.training(train, fusion(line.mode).uses_unlabelled)
            estimate = self.built[line.name].estimate_seconds(*given)
            needed = 0.0 if estimate is None else estimate * len(self.prepared.folds)
        if needed <= self.forecast.left():
            return None
        return say(
            _("It would take about {needed:,.0f} s more, and {left:,.0f} s of the time budget are left."),
            needed=needed,
            left=max(0.0, self.forecast.left()),
        )

    def _leave_out(self, line: Line, reason: Message) -> None:
        line.status, line.reason = "cancelled", reason
        self.folds.pop(line.name, None)
        self.forecast.drop(line.name)
        self._write()

    def _place(self, name: str, number: int) -> dict[str, Any]:
        return {"name": self._label(name), "fold": number + 1, "folds": len(self.prepared.folds)}

    def _fold(self, line: Line, number: int) -> fold_files.FoldResult:
        path = candidate_folder(self.folder, line.name) / "folds" / f"{number}.npz"
        if finished := fold_files.load(path):
            self.forecast.finished(line.name, None)
            _note(line, number, finished)
            return finished
        train, test = self.prepared.folds[number]
        began = time.monotonic()
        stage = say(_("Training {name}, fold {fold} of {folds}"), **self._place(line.name, number))
        fitted = self._fitted(line.name, str(number), train, stage)
        fit_seconds = time.monotonic() - began
        with self._heard(stage):
            prediction, probabilities = fitted.both(self.prepared.X.iloc[test])
        full = aligned(probabilities, fitted, self.prepared.classes)
        took = time.monotonic() - began
        result = fold_files.FoldResult(test, prediction, full, fit_seconds, fitted.settings_, fitted.trials_)
        if number == 0:
            told = facts_of(fitted, self.prepared.X.iloc[train], self.prepared.X.iloc[test], fit_seconds)
            result = replace(result, **told)
        fold_files.save(result, path)
        self.forecast.finished(line.name, took)
        _note(line, number, result)
        return result

    def _fitted(self, name: str, fold: str, rows: Any, stage: Message) -> Predictor:
        """A candidate fitted on some rows."""
        fresh = replay.as_before(self.built[name], self.setting.plan.replay.get(name, {}).get(fold))
        place = candidate_folder(self.folder, name)
        under_way = kept_in(place / "training" / f"{fold}.safetensors")
        with self._heard(stage), curve_of(place, fold), under_way:
            return fresh.fit(*self.prepared.training(rows, fusion(parse(name).family).uses_unlabelled))

    @contextmanager
    def _heard(self, stage: Message) -> Iterator[None]:
        """What is told within moves the bar, and is a place to stop."""

        def heard(done: float, total: float) -> None:
            self.forecast.under_way(done / max(1e-9, total))
            self._say(stage)

        with heard_by(heard):
            yield

    def _learning(self, line: Line) -> list[LearningPoint]:
        if not self.setting.plan.learning_curve or line.mode == "dummy":
            return []
        return learning_curve(
            self.built[line.name],
            self.prepared,
            self.result.metric,
            seed=self.setting.plan.seed,
            unlabelled=fusion(line.mode).uses_unlabelled,
            check=lambda: self._say(say(_("Learning curve of {name}"), name=self._label(line.name))),
        )

    def _conclude(self) -> None:
        differences(self.result, self.prepared, self.folds)
        if finished := self._finished():
            best = max(finished, key=lambda line: line.scores[self.result.metric].mean)
            self.result.best = best.name
        self.result.verdict = verdict(self.result)
        self._write()

    def _refit(self) -> None:
        """Fit every finished candidate on all rows, the best one first, and hand it over to be kept.

        Where the time is used up, a costly candidate that is not the best one is not kept.
        """
        if self.keep is None or not self.setting.plan.bundles:
            return
        lines = sorted(self._finished(), key=lambda line: line.name != self.result.best)
        known = np.flatnonzero(self.prepared.rows >= 0)
        for line in lines:
            target = candidate_folder(self.folder, line.name) / "bundle"
            if not target.exists():
                if line.name != self.result.best and fusion(line.mode).costly and self._out_of_time():
                    self.forecast.drop(line.name)
                    continue
                stage = say(_("Fitting {name} on all rows"), name=self._label(line.name))
                self._say(stage)
                fitted = self._fitted(line.name, replay.ALL, known, stage)
                replay.record(candidate_folder(self.folder, line.name) / "folds", fitted)
                best = fitted.best_ if isinstance(fitted, Automatic) else fitted
                best.use_cache(None)
                if isinstance(best, Joint) and (tree := best.tree()) is not None:
                    write_model(tree, candidate_folder(self.folder, line.name) / TREE_FILE)
                self.keep(best, target, self.prepared, line, self.result.metric)
                self.scorer.note_fit(line, fitted, best)
            line.size_mb = (line.size_mb or 0.0) + folder_bytes(target) / 1e6
            self.forecast.finished(line.name, None)
            self._write()

    def _finished(self) -> list[Line]:
        return [line for line in self.result.candidates if line.status == "ok" and line.scores]

    def _out_of_time(self) -> bool:
        return self.forecast.left() <= 0 and bool(self._finished())

    def _say(self, stage: Message) -> None:
        finding = None
        if finished := self._finished():
            best = max(finished, key=lambda line: line.scores[self.result.metric].mean)
            finding = say(
                _("Best so far: {name}, {metric} {score:.3f}"),
                name=self._label(best.name),
                metric=say(METRICS[self.result.metric].in_sentence),
                score=best.scores[self.result.metric].mean,
            )
        self.context.progress(stage, self.forecast.share(), finding)

    def _label(self, name: str) -> Message | str:
        line = self.result.candidate(name)
        return name if line is None else line.label(self.result.task)

    def _write(self) -> None:
        write_model(self.result, self.folder / "result.json")


def _reason(error: AmalgamError) -> Message:
    return error.message if error.hint is None else say(_("{what} {hint}"), what=error.message, hint=error.hint)


def _note(line: Line, number: int, fold: fold_files.FoldResult) -> None:
    """What the first fold tells about the candidate."""
    if number == 0:
        line.ms_per_row, line.flow = fold.ms_per_row, fold.flow
