"""The comparison: every candidate on the same folds, results on disk as they come.

Files of finished folds are never computed again, so a comparison that was cancelled or cut off goes on where it was;
files that were made from other rows or settings are not taken up (`core.fuse.run_key`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.catalog import METRICS, fusion
from core.data.schema import Schema, read_model, write_model
from core.evaluate import uncertainty
from core.evaluate.ranking import metric_for
from core.evaluate.result import Candidate as Line
from core.evaluate.result import Comparison, LearningPoint, candidate_folder
from core.evaluate.rival import finished, signed_score
from core.evaluate.soft_tree import TREE_FILE
from core.evaluate.verdict import verdict
from core.fuse import fold_files, replay
from core.fuse.auto import Automatic
from core.fuse.candidates import build
from core.fuse.encode_once import Encodings
from core.fuse.estimator import Estimator, guess
from core.fuse.finish import differences, ladder, learning_curve, priced
from core.fuse.fold_training import FoldTrainer, OutOfTime
from core.fuse.joint.estimator import Joint
from core.fuse.lines import Scorer
from core.fuse.predictor import Predictor
from core.fuse.prepare import Prepared, prepare
from core.fuse.run_key import RunKeys
from core.fuse.schedule import contrast, order
from core.fuse.setting import Setting, Skipped, encoders_of, sees
from core.jobs.context import Context
from core.messages import AmalgamError, Cancelled, Message, _, say
from core.names import model_of, parse
from core.plan import Plan

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
    first: str = "",
) -> Comparison:
    """Score every candidate of a plan on the same folds.

    The contrast (`core.fuse.schedule.contrast`) is trained first and whatever the time budget; the budget decides about
    the rest.

    Parameters
    ----------
    table : DataFrame
        The data set; its index is the position of each row.
    folder : Path
        ``plan.json``, ``result.json`` and ``candidates/`` are written here; what is there already is not made again.
    keep : callable (fitted candidate, folder, prepared, line), optional
        Called with each candidate refitted on all rows.
    first : str, optional
        A candidate that is trained before the others that are not of the contrast.

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
    earlier = read_model(Comparison, folder / "result.json")
    write_model(plan, folder / "plan.json")
    result = Comparison(
        task=prepared.task,
        target=plan.target,
        metric=metric,
        metric_reason=reason,
        classes=prepared.classes,
        positive=prepared.positive,
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
        spent_seconds=0.0 if earlier is None else earlier.spent_seconds,
    )
    setting = Setting(
        prepared.schema,
        plan,
        prepared.task,
        metric,
        context.workspace.cache_folder,
        threads=context.threads,
        n_rows=len(prepared.folds[0][0]),
        positive=prepared.positive,
    )
    return _Run(result, prepared, setting, folder, context, keep, first).go()


def _line(text: str) -> Line:
    name = parse(text)
    family = fusion(name.family)
    model = model_of(name) if family.takes_model or family.heads else ""
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
        first: str,
    ) -> None:
        self.result, self.prepared, self.setting = result, prepared, setting
        self.folder, self.context, self.keep, self.first = folder, context, keep, first
        self.built: dict[str, Predictor] = {}
        self.folds: dict[str, list[fold_files.FoldResult]] = {}
        self.scorer = Scorer(result, prepared, setting, folder)
        self.estimator = Estimator(
            len(prepared.folds),
            keep is not None and setting.plan.bundles,
            setting.plan.budget_seconds,
            result.spent_seconds,
            growth=len(prepared.y) / max(1, len(prepared.folds[0][0])),
        )
        self.keys = RunKeys(prepared, setting, folder)
        self.trainer = FoldTrainer(prepared, setting, folder, self.estimator, self.keys, self._say)

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
            line.sees = sees(parse(line.name), self.prepared.schema)
            try:
                made = build(line.name, self.setting)
            except AmalgamError as error:
                line.status, line.reason = "failed", _reason(error)
                continue
            if isinstance(made, Skipped):
                line.status, line.reason = "skipped", made.reason
                continue
            self.built[line.name] = made
            self.estimator.expect(line.name, guess(line.name, self.setting.n_rows))
            choices = encoders_of(line.name, self.setting)
            line.encoder = line.encoder or ", ".join(sorted({choice.name for choice in choices.values()}))
            line.leak_badge = made.leak_badge()
        self.result.warnings += self.keys.start_anew(self.result.candidates, self.built)
        self.contrast = contrast(list(self.built), self.prepared.task)
        self.encodings = Encodings(self.built, self.prepared)
        self.estimator.expect_encoding(self.encodings.seconds())
        self._write()

    def _candidates(self) -> None:
        lines = {line.name: line for line in self.result.candidates if line.name in self.built}
        for name in self.contrast:
            self._candidate(lines[name])
        if len(lines) > len(self.contrast):
            self._conclude()  # what there is to say so far can be read while the rest is trained
        self._note_long_contrast()
        for name in order(list(lines), self.setting.n_rows, self.prepared.task, self.first):
            if name not in self.contrast:
                self._candidate(lines[name])

    def _note_long_contrast(self) -> None:
        if self.contrast and self.estimator.left() < 0:
            text = _(
                "What it takes to judge the language model took {n:,.0f} s, more than the {budget:,.0f} s allowed; it "
                "is trained in any case."
            )
            self.result.warnings.append(
                say(text, n=self.estimator.spent(), budget=self.setting.plan.budget_seconds or 0.0)
            )

    def _encode(self, line: Line) -> None:
        """Encode what this candidate needs beforehand.

        Raises
        ------
        OutOfTime
        """

        def report(stage: Message, remaining_seconds: float) -> None:
            self.estimator.expect_encoding(remaining_seconds)
            if line.name not in self.contrast and self._out_of_time():
                raise OutOfTime
            self._say(stage)

        self.encodings.encode_for(line.name, report)
        self.estimator.expect_encoding(self.encodings.seconds())

    def _candidate(self, line: Line) -> None:
        self._probe(line.name)
        if (reason := self._no_time(line)) is not None:
            self._leave_out(line, reason)
            return
        line.status = "running"
        self._write()
        try:
            self._encode(line)
            for number in range(len(self.prepared.folds)):
                stage = say(_("Training {name}, fold {fold} of {folds}"), **self._place(line.name, number))
                self._say(stage)
                made = self.trainer.fold(self.built[line.name], line, number, stage, limited=self._limited(line.name))
                self.folds.setdefault(line.name, []).append(made)
                if (reason := self._no_time(line, slack=0.0 if number == 0 else self.estimator.slack())) is not None:
                    self._leave_out(line, reason)
                    return
            self.scorer.score(line, self.folds[line.name], self._learning(line))
        except Cancelled:
            raise
        except OutOfTime:
            self._leave_out(line, say(_("The time budget was used up while it was trained.")))
            return
        except AmalgamError as error:
            line.status, line.reason = "failed", _reason(error)
        except (ValueError, ArithmeticError, RuntimeError, TypeError, KeyError, IndexError) as error:
            log.exception("candidate %s", line.name)
            line.status = "failed"
            line.reason = say(INTERNAL_ERROR, error=str(error)[:200])
        if line.status != "ok":
            self.estimator.drop(line.name)
        self._write()

    def _probe(self, name: str) -> None:
        """Estimate a costly candidate from a few real steps."""
        if not self._limited(name) or not self.estimator.left() > 0 or self._trained(name):
            return
        train = self.prepared.folds[0][0]
        given = self.prepared.training(train, fusion(parse(name).family).uses_unlabelled)
        if (estimate := self.built[name].estimate_seconds(*given)) is not None:
            self.estimator.probed(name, estimate)

    def _limited(self, name: str) -> bool:
        """Whether the time budget has a say in this candidate: not in the contrast's, nor in the only one's."""
        others = self.contrast or finished(self.result)
        return self.setting.plan.budget_seconds is not None and name not in self.contrast and bool(others)

    def _trained(self, name: str) -> bool:
        """Whether all of its folds are there already."""
        folder = candidate_folder(self.folder, name) / "folds"
        return all((folder / f"{number}.json").exists() for number in range(len(self.prepared.folds)))

    def _no_time(self, line: Line, slack: float = 0.0) -> Message | None:
        """Why the time budget does not allow this candidate, or the rest of it; None if it does.

        slack: seconds it may need beyond the budget, so that what is nearly finished is not thrown away.
        """
        if not self._limited(line.name) or self._trained(line.name):
            return None
        needed, room = self.estimator.needed(line.name), self.estimator.room(line.name)
        if needed <= room + slack:
            return None
        line.needed_seconds = needed
        if room <= 0:
            return say(_("The time budget was used up before its turn."))
        return say(
            _("It would take about {needed:,.0f} s more, and {left:,.0f} s of the time budget are left."),
            needed=needed,
            left=room,
        )

    def _leave_out(self, line: Line, reason: Message) -> None:
        line.status, line.reason = "cancelled", reason
        line.needed_seconds = line.needed_seconds or self.estimator.needed(line.name)
        self.folds.pop(line.name, None)
        self.estimator.drop(line.name)
        self._write()

    def _place(self, name: str, number: int) -> dict[str, Any]:
        return {"name": self._label(name), "fold": number + 1, "folds": len(self.prepared.folds)}

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
        if best := max(finished(self.result), key=self._rank, default=None):
            self.result.best = best.name
        self.result.ladder = ladder(self.result, self.prepared, self.folds)
        self.result.verdict = verdict(self.result)
        self._write()

    def _rank(self, line: Line) -> float:
        return signed_score(line, self.result.metric)

    def _refit(self) -> None:
        """Fit the finished candidates on all rows and hand them over to be kept: the best one, then as time allows."""
        if self.keep is None or not self.setting.plan.bundles:
            return
        lines = sorted(finished(self.result), key=lambda line: (line.name != self.result.best, self._refit_cost(line)))
        not_kept = [line for line in lines if not self._kept(line)]
        if not_kept:
            text = _("Scored, but not kept for use, for lack of time: {names}.")
            self.result.warnings.append(say(text, names=[line.label(self.result.task) for line in not_kept]))
        self._write()

    def _refit_cost(self, line: Line) -> float:
        return self.estimator.refit_seconds(line.name)

    def _kept(self, line: Line) -> bool:
        """Fit a candidate on all rows and keep it, if it is the best one or there is time.  →  whether it is kept"""
        place = candidate_folder(self.folder, line.name)
        target = place / "bundle"
        if not target.exists():
            if line.name != self.result.best and self._refit_cost(line) > self.estimator.left():
                self.estimator.drop(line.name)
                return False
            stage = say(_("Fitting {name} on all rows"), name=self._label(line.name))
            self._say(stage)
            known = np.flatnonzero(self.prepared.rows >= 0)
            fitted = self.trainer.fitted(self.built[line.name], line.name, replay.ALL, known, stage)
            replay.record(place / "folds", fitted)
            best = fitted.best_ if isinstance(fitted, Automatic) else fitted
            best.use_cache(None)
            if isinstance(best, Joint) and (tree := best.tree()) is not None:
                write_model(tree, place / TREE_FILE)
            if self.keep is not None:
                self.keep(best, target, self.prepared, line, self.result.metric)
            self.scorer.note_fit(line, fitted, best)
        line.size_mb = self.scorer.megabytes(line)
        priced(self.result)
        self.result.verdict = verdict(self.result)  # it says the size, which is known only now
        self.estimator.refitted(line.name)
        self._write()
        return True

    def _out_of_time(self) -> bool:
        return self.estimator.left() <= 0 and bool(finished(self.result))

    def _say(self, stage: Message) -> None:
        finding = None
        if scored := finished(self.result):
            best = max(scored, key=self._rank)
            finding = say(
                _("Best so far: {name}, {metric} {score:.3f}"),
                name=self._label(best.name),
                metric=say(METRICS[self.result.metric].in_sentence),
                score=best.scores[self.result.metric].mean,
            )
        self.context.progress(stage, self.estimator.share(), finding, self.estimator.shown_seconds())

    def _label(self, name: str) -> Message | str:
        line = self.result.candidate(name)
        return name if line is None else line.label(self.result.task)

    def _write(self) -> None:
        self.result.spent_seconds = self.estimator.spent()
        write_model(self.result, self.folder / "result.json")


def _reason(error: AmalgamError) -> Message:
    return error.message if error.hint is None else say(_("{what} {hint}"), what=error.message, hint=error.hint)
