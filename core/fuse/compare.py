"""The comparison: every candidate on the same folds, results on disk as they come.

Files of finished folds are never computed again, so a comparison that was cancelled or cut off goes on where it was.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Set
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from core.catalog import METRICS
from core.data.schema import Schema, read_model, write_model
from core.evaluate.checks import checks
from core.evaluate.points import point
from core.evaluate.ranking import metric_for
from core.evaluate.result import Candidate as Line
from core.evaluate.result import Comparison, Detail, LearningPoint, slug
from core.evaluate.verdict import verdict
from core.fuse import fold_files
from core.fuse.auto import Automatic
from core.fuse.candidate import aligned
from core.fuse.candidates import Setting, Skipped, build, encoders_of
from core.fuse.costs import cost_per_row, encoder_megabytes, memory_megabytes
from core.fuse.encode_once import SHARE, encode_once
from core.fuse.finish import describe, differences, learning_curve
from core.fuse.predictor import Predictor
from core.fuse.prepare import Prepared, prepare
from core.jobs.context import Context
from core.messages import AmalgamError, Cancelled, Message, UnusableData, _, say
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
        excluded=prepared.excluded,
        candidates=[_line(text) for text in dict.fromkeys(plan.candidates)],
        warnings=prepared.warnings,
        plan_digest=plan.digest(),
        dataset_hash=dataset_hash,
        versions={name: version(name) for name in VERSIONS},
    )
    setting = Setting(
        prepared.schema, plan, prepared.task, metric, context.workspace.cache_folder, threads=context.threads
    )
    return _Run(result, prepared, setting, folder, context, keep).go()


def _line(text: str) -> Line:
    name = parse(text)
    model = "" if name.family in {"dummy", "auto"} else model_of(name)
    return Line(name=text, mode=name.family, encoder=name.encoder, model=model, status="waiting")


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
        self.began = time.monotonic()
        self.built: dict[str, Predictor | Automatic] = {}
        self.folds: dict[str, list[fold_files.FoldResult]] = {}
        self.steps = self.done = 0
        self.share = self.encoded = 0.0  # of the progress bar: for encoding, and how much of that is done

    def go(self) -> Comparison:
        try:
            self._build()
            frozen = {name: made for name, made in self.built.items() if made.frozen_work(self.prepared.X)}
            self.share = SHARE if frozen else 0.0
            self._candidates(self.built.keys() - frozen.keys())  # what needs no encoder does not wait for one
            self._encode(frozen)
            self._candidates(frozen.keys())
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
            choices = encoders_of(line.name, self.setting)
            line.encoder = line.encoder or ", ".join(sorted({choice.name for choice in choices.values()}))
            line.leak_badge = made.leak_badge()
        self.steps = max(1, len(self.built)) * (len(self.prepared.folds) + (1 if self.keep else 0))
        self._write()

    def _encode(self, wanted: dict[str, Predictor | Automatic]) -> None:
        if self._over_budget():
            return
        start = self._done()
        failed = encode_once(wanted, self.prepared.X, self.context, start=start, width=self.share)
        self.encoded = self.share
        for line in self.result.candidates:
            if line.name in failed:
                line.status, line.reason = "failed", _reason(failed[line.name])
                del self.built[line.name]

    def _candidates(self, names: Set[str]) -> None:
        for line in self.result.candidates:
            if line.name in names and line.name in self.built:
                self._candidate(line)

    def _candidate(self, line: Line) -> None:
        if self._over_budget():
            line.status, line.reason = "cancelled", say(_("The time budget was used up before its turn."))
            return
        line.status = "running"
        self._write()
        try:
            for number in range(len(self.prepared.folds)):
                self._say(say(_("Training {name}, fold {fold} of {folds}"), **self._place(line.name, number)))
                self.folds.setdefault(line.name, []).append(self._fold(line, number))
                self.done += 1
            self._score(line)
        except Cancelled:
            raise
        except AmalgamError as error:
            line.status, line.reason = "failed", _reason(error)
        except (ValueError, ArithmeticError, RuntimeError, TypeError, KeyError, IndexError) as error:
            log.exception("candidate %s", line.name)
            line.status = "failed"
            line.reason = say(INTERNAL_ERROR, error=str(error)[:200])
        self._write()

    def _place(self, name: str, number: int) -> dict[str, Any]:
        return {"name": self._label(name), "fold": number + 1, "folds": len(self.prepared.folds)}

    def _fold(self, line: Line, number: int) -> fold_files.FoldResult:
        path = self._candidate_folder(line.name) / "folds" / f"{number}.npz"
        if finished := fold_files.load(path):
            return finished
        train, test = self.prepared.folds[number]
        X, y = self.prepared.X, self.prepared.y
        began = time.monotonic()
        fitted = clone(self.built[line.name]).fit(X.iloc[train], y[train])
        fit_seconds = time.monotonic() - began
        prediction, probabilities = fitted.both(X.iloc[test])
        full = aligned(probabilities, fitted, self.prepared.classes)
        best = fitted.best_ if isinstance(fitted, Automatic) else fitted
        result = fold_files.FoldResult(test, prediction, full, fit_seconds, best.settings_, best.trials_)
        fold_files.save(result, path)
        if number == 0:
            line.ms_per_row = cost_per_row(best, X.iloc[test])
        return result

    def _score(self, line: Line) -> None:
        folds = self.folds[line.name]
        line.fold_scores = [
            point(
                self.result.metric,
                self.result.task,
                self.prepared.y[fold.test],
                fold.prediction,
                fold.probabilities,
                self.prepared.classes,
            )
            for fold in folds
        ]
        frame = fold_files.write_predictions(
            folds, self.prepared.rows, self.prepared.y, self.prepared.classes, self._predictions_path(line.name)
        )
        detail = describe(line.name, frame, self.result, self.setting.plan.seed)
        if self.result.metric not in detail.scores:
            raise UnusableData(
                _("The held-out rows don't allow {metric}: they are all alike in “{target}”."),
                _("Hold back more rows, or hold them back in another way."),
                metric=say(METRICS[self.result.metric].label),
                target=self.result.target,
            )
        encode_seconds = self._encode_seconds(line)
        line.scores = detail.scores
        line.fit_seconds = float(np.mean([fold.fit_seconds for fold in folds])) + encode_seconds
        line.size_mb = encoder_megabytes(encoders_of(line.name, self.setting))
        detail.fit_seconds, detail.encode_seconds = line.fit_seconds, encode_seconds
        detail.ms_per_row, detail.peak_memory_mb = line.ms_per_row, memory_megabytes()
        detail.settings = self._settings(line, folds)
        detail.trials = [{"fold": number, **trial} for number, fold in enumerate(folds) for trial in fold.trials]
        if self.setting.plan.learning_curve and line.mode != "dummy":
            detail.learning = self._learning(line)
        if line.mode != "dummy":
            detail.warnings = list(checks(detail, self.result.metric, self.result.task).values())
        line.status = "ok"
        write_model(detail, self._candidate_folder(line.name) / "detail.json")

    def _settings(self, line: Line, folds: list[fold_files.FoldResult]) -> dict[str, Any]:
        chosen = {**self.setting.plan.model_settings.get(line.model, {}), "balanced": self.setting.plan.balanced}
        if folds[0].settings:
            chosen["found by search"] = [fold.settings for fold in folds]
        return chosen

    def _encode_seconds(self, line: Line) -> float:
        """What encoding the training rows costs without a cache, from the measured cost per row."""
        if line.leak_badge != "label-free" or line.ms_per_row is None:
            return 0.0
        n_train = float(np.mean([len(train) for train, _test in self.prepared.folds]))
        return line.ms_per_row * n_train / 1000

    def _learning(self, line: Line) -> list[LearningPoint]:
        return learning_curve(
            self.built[line.name],
            self.prepared,
            self.result.metric,
            seed=self.setting.plan.seed,
            check=lambda: self._say(say(_("Learning curve of {name}"), name=self._label(line.name))),
        )

    def _conclude(self) -> None:
        differences(self.result, self.prepared, self.folds, self.setting.plan.seed)
        finished = [line for line in self.result.candidates if line.status == "ok"]
        if finished:
            best = max(finished, key=lambda line: line.scores[self.result.metric].mean)
            self.result.best = best.name
        self.result.verdict = verdict(self.result)
        self._write()

    def _refit(self) -> None:
        """Fit every finished candidate on all rows, the best one first, and hand it over to be kept."""
        if self.keep is None or not self.setting.plan.bundles:
            return
        lines = [line for line in self.result.candidates if line.status == "ok"]
        lines.sort(key=lambda line: line.name != self.result.best)
        known = self.prepared.rows >= 0
        for line in lines:
            target = self._candidate_folder(line.name) / "bundle"
            if not target.exists():
                self._say(say(_("Fitting {name} on all rows"), name=self._label(line.name)))
                fitted = clone(self.built[line.name]).fit(self.prepared.X[known], self.prepared.y[known])
                best = fitted.best_ if isinstance(fitted, Automatic) else fitted
                best.use_cache(None)
                self.keep(best, target, self.prepared, line, self.result.metric)
                self._note_fit(line, fitted, best)
            line.size_mb = (line.size_mb or 0.0) + folder_bytes(target) / 1e6
            self.done += 1
            self._write()

    def _note_fit(self, line: Line, fitted: Predictor | Automatic, best: Predictor) -> None:
        path = self._candidate_folder(line.name) / "detail.json"
        detail = read_model(Detail, path)
        if detail is None:
            return
        detail.pca = {column: str(note) for column, note in best.notes().items()}
        detail.size_mb = (line.size_mb or 0.0) + folder_bytes(self._candidate_folder(line.name) / "bundle") / 1e6
        if isinstance(fitted, Automatic):
            detail.warnings.append(fitted.rule())
        write_model(detail, path)

    def _over_budget(self) -> bool:
        budget = self.setting.plan.budget_seconds
        return budget is not None and bool(self.folds) and time.monotonic() - self.began > budget

    def _say(self, stage: Message) -> None:
        finding = None
        finished = [line for line in self.result.candidates if line.status == "ok" and line.scores]
        if finished:
            best = max(finished, key=lambda line: line.scores[self.result.metric].mean)
            finding = say(
                _("Best so far: {name}, {metric} {score:.3f}"),
                name=self._label(best.name),
                metric=say(METRICS[self.result.metric].label),
                score=best.scores[self.result.metric].mean,
            )
        self.context.progress(stage, min(0.99, self._done()), finding)

    def _done(self) -> float:
        return self.encoded + (1 - self.share) * self.done / self.steps

    def _label(self, name: str) -> Message | str:
        line = self.result.candidate(name)
        return name if line is None else line.label(self.result.task)

    def _candidate_folder(self, name: str) -> Path:
        return self.folder / "candidates" / slug(name)

    def _predictions_path(self, name: str) -> Path:
        return self._candidate_folder(name) / "predictions.parquet"

    def _write(self) -> None:
        write_model(self.result, self.folder / "result.json")


def _reason(error: AmalgamError) -> Message:
    return error.message if error.hint is None else say(_("{what} {hint}"), what=error.message, hint=error.hint)
