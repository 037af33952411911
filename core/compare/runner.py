"""One comparison under way: the contrast first, then what the time allows, then what is kept; files as they come."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from core.catalog import METRICS, fusion
from core.compare.encode_once import Encodings
from core.compare.estimator import Estimator, guess
from core.compare.files import folds, replay
from core.compare.files.run_key import RunKeys
from core.compare.finish import differences, ladder, learning_curve, priced
from core.compare.fold_training import FoldTrainer, OutOfTime
from core.compare.leaderboard_line import Scorer
from core.compare.prepare import Prepared
from core.compare.schedule import first_of, order
from core.data.schema import read_model, write_model
from core.evaluate.intervals import uncertainty
from core.evaluate.verdict.rival import finished, signed_score
from core.evaluate.verdict.verdict import verdict
from core.fuse.asked import spending
from core.fuse.auto.choice import Automatic
from core.fuse.candidates import build
from core.fuse.joint.estimator import Joint
from core.fuse.predictor import FAULTS, Predictor
from core.fuse.setting import Setting, Skipped, encoders_of, sees
from core.jobs.context import Context
from core.messages import AmalgamError, Cancelled, Message, _, say
from core.names import parse
from core.results.comparison import CandidateResult, Comparison, Detail, LearningPoint, candidate_folder
from core.results.soft_tree import TREE_FILE

log = logging.getLogger(__name__)
INTERNAL_ERROR = _("It stopped with an internal error ({error}); the log has the details.")
Keep = Callable[[Predictor, Path, Prepared, CandidateResult, str], None]


class Run:
    """One comparison under way.

    Parameters
    ----------
    folder : Path
        The run's folder.
    keep : callable, optional
        Called with each candidate refitted on all rows.
    first : str
        A candidate that is trained before the others that are not of the contrast.
    began : float
        Second of `time.monotonic` from which the budget counts.
    """

    def __init__(
        self,
        result: Comparison,
        prepared: Prepared,
        setting: Setting,
        folder: Path,
        context: Context,
        keep: Keep | None,
        first: str,
        began: float,
    ) -> None:
        self.result, self.prepared, self.setting = result, prepared, setting
        self.folder, self.context, self.keep, self.first = folder, context, keep, first
        self.built: dict[str, Predictor] = {}
        self.folds: dict[str, list[folds.FoldResult]] = {}
        self.endpoint_before = result.endpoint
        self.scorer = Scorer(result, prepared, setting, folder)
        self.searches = setting.plan.validation.kind == "search"
        self.searched: Automatic | None = None
        self.estimator = Estimator(
            1 if self.searches else len(prepared.folds),
            keep is not None and setting.plan.bundles and not self.searches,
            setting.plan.budget_seconds,
            result.spent_seconds + time.monotonic() - began,
            growth=len(prepared.y) / max(1, len(prepared.folds[0][0])),
        )
        self.keys = RunKeys(prepared, setting, folder)
        self.trainer = FoldTrainer(prepared, setting, folder, self.estimator, self.keys, self._say)

    @spending.counting()
    def go(self) -> Comparison:
        try:
            self._build()
            self._foretell()
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
        if not any((candidate_folder(self.folder, name) / "folds").exists() for name in self.built):
            self.estimator.spent_seconds -= self.result.spent_seconds  # nothing of earlier attempts is taken up
        for name in self.built:
            if (candidate_folder(self.folder, name) / "bundle").exists():
                self.estimator.refitted(name)
        self.contrast = first_of(list(self.built), self.prepared.task)
        self.estimator.must(self.contrast)
        self.encodings = Encodings(self.built, self.prepared)
        self.estimator.expect_encoding(self.encodings.seconds())
        self._write()

    def _foretell(self) -> None:
        """Ask the costly candidates what they will take, so that the time left is about right from the start.

        Within a budget each is asked at its turn: what has to be trained in any case comes first.
        """
        if self.setting.plan.budget_seconds is None:
            for name in self.built:
                begun = (candidate_folder(self.folder, name) / "folds" / "0.json").exists()  # what it took is known
                if fusion(parse(name).family).costly and not begun:
                    stage = say(_("Measuring how long {name} takes"), name=self._label(name))
                    self.context.progress(stage, 0.0)  # without the time left: what is shown once hardly rises later
                    self._probe(name)

    def _candidates(self) -> None:
        lines = {line.name: line for line in self.result.candidates if line.name in self.built}
        began, trained_before = self.estimator.spent(), all(map(self._trained, self.contrast))
        for name in self.contrast:
            self._candidate(lines[name])
        if not trained_before:
            self.result.contrast_seconds = self.estimator.spent() - began
        self._note_long_contrast()
        if self.contrast and len(lines) > len(self.contrast):
            self._conclude()  # what there is to say so far can be read while the rest is trained,
            self._keep_finished()  # and who has read enough can cancel, and still explain and use a model
        for name in order(list(lines), self.setting.n_rows, self.prepared.task, self.first):
            if name not in self.contrast:
                self._candidate(lines[name])

    def _note_long_contrast(self) -> None:
        seconds, budget = self.result.contrast_seconds, self.setting.plan.budget_seconds
        if self.contrast and seconds is not None and budget is not None and seconds > budget:
            text = _(
                "What it takes to judge the language model took {n:,.0f} s, more than the {budget:,.0f} s allowed; it "
                "is trained in any case."
            )
            self.result.warnings.append(say(text, n=seconds, budget=budget))

    def _encode(self, line: CandidateResult) -> None:
        """Encode what this candidate needs beforehand.

        Raises
        ------
        OutOfTime
        """

        def report(stage: Message, remaining_seconds: float) -> None:
            self.estimator.expect_encoding(remaining_seconds)
            if self._limited(line.name) and self._out_of_time():
                raise OutOfTime
            self._say(stage)

        self.encodings.encode_for(line.name, report)
        self.estimator.expect_encoding(self.encodings.seconds())

    def _candidate(self, line: CandidateResult) -> None:
        if self._limited(line.name) and self.estimator.left() > 0:
            self._probe(line.name)
        if (reason := self._no_time(line)) is not None:
            self._leave_out(line, reason)
            return
        line.status = "running"
        self._write()
        try:
            if not self._trained(line.name):
                self._encode(line)
            if self.searches:
                self._search(line)
            for number in range(0 if self.searches else len(self.prepared.folds)):
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
        except FAULTS as error:
            log.exception("candidate %s", line.name)
            line.status = "failed"
            line.reason = say(INTERNAL_ERROR, error=str(error)[:200])
        if line.status != "ok":  # type: ignore[comparison-overlap]  # the scorer sets it
            self.estimator.drop(line.name)
        self._write()

    def _search(self, line: CandidateResult) -> None:
        """A search is fitted once, on all rows; it is scored by what it held back itself."""
        candidate, stage = self.built[line.name], say(_("Searching"))
        assert isinstance(candidate, Automatic)
        self._say(stage)
        self.folds[line.name], self.searched = self.trainer.search(candidate, line, stage)
        scored = [(train, test) for train, test in self.prepared.folds if np.isin(test, self._scored(line.name)).any()]
        self.result.folds, self.result.inflation = len(scored), uncertainty.inflation(scored)

    def _scored(self, name: str) -> np.ndarray:
        return np.concatenate([fold.test for fold in self.folds[name]])

    def _probe(self, name: str) -> None:
        """Estimate a costly candidate from a few real steps; what fails in them says so when it is trained."""
        if self._trained(name):
            return
        train = self.prepared.folds[0][0]
        given = self.prepared.training(train, fusion(parse(name).family).uses_unlabelled)
        try:
            estimate = self.built[name].estimate_seconds(*given)
        except Cancelled:
            raise
        except (AmalgamError, OSError, *FAULTS):
            return
        if estimate is not None:
            self.estimator.probed(name, estimate)

    def _limited(self, name: str) -> bool:
        """Whether the time budget has a say in this candidate: not in the contrast's, nor in the only one's."""
        others = self.contrast or finished(self.result)
        return self.setting.plan.budget_seconds is not None and name not in self.contrast and bool(others)

    def _trained(self, name: str) -> bool:
        """Whether all of its folds are there already."""
        folder = candidate_folder(self.folder, name) / "folds"
        return all((folder / f"{number}.json").exists() for number in range(len(self.prepared.folds)))

    def _no_time(self, line: CandidateResult, slack: float = 0.0) -> Message | None:
        """Why the time budget does not allow this candidate, or the rest of it; None if it does.

        slack: seconds it may need beyond the budget, so that what is nearly finished is not thrown away.
        """
        if not self._limited(line.name) or self._trained(line.name):
            return None
        needed, room = self._needed(line.name), self.estimator.room(line.name)
        if line.name == self.first:
            room = self.estimator.left()  # the time was given for it; others are kept as far as more is left
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

    def _needed(self, name: str) -> float:
        """Seconds until a candidate is finished and kept, the reading of its texts included."""
        return self.estimator.needed(name) + self.encodings.seconds_for(name)

    def _leave_out(self, line: CandidateResult, reason: Message) -> None:
        line.status, line.reason = "cancelled", reason
        line.needed_seconds = line.needed_seconds or self._needed(line.name)
        self.folds.pop(line.name, None)
        self.estimator.drop(line.name)
        self._write()

    def _place(self, name: str, number: int) -> dict[str, Any]:
        return {"name": self._label(name), "fold": number + 1, "folds": len(self.prepared.folds)}

    def _learning(self, line: CandidateResult) -> list[LearningPoint]:
        if not self.setting.plan.learning_curve or line.mode == "dummy":
            return []
        drawn = read_model(Detail, candidate_folder(self.folder, line.name) / "detail.json")
        if drawn is not None and drawn.learning:
            return drawn.learning
        if self._limited(line.name) and self._out_of_time():
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

    def _rank(self, line: CandidateResult) -> float:
        return signed_score(line, self.result.metric)

    def _keep_finished(self) -> list[CandidateResult]:
        """Fit the finished candidates on all rows and hand them over to be kept: the best one, then as time allows.

        Returns
        -------
        list of CandidateResult
            For which there was no time.
        """
        if self.keep is None or not self.setting.plan.bundles:
            return []
        lines = sorted(finished(self.result), key=lambda line: (line.name != self.result.best, self._refit_cost(line)))
        return [line for line in lines if not self._kept(line)]

    def _refit(self) -> None:
        if not_kept := self._keep_finished():
            text = _("Scored, but not kept for use, for lack of time: {names}.")
            self.result.warnings.append(say(text, names=[line.label(self.result.task) for line in not_kept]))
        self._write()

    def _refit_cost(self, line: CandidateResult) -> float:
        return self.estimator.refit_seconds(line.name)

    def _kept(self, line: CandidateResult) -> bool:
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
            fitted: Predictor = self.searched or self.trainer.fitted(
                self.built[line.name], line.name, replay.ALL, known, stage
            )
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
        if (now := spending.so_far()) is not None:
            self.result.endpoint = now if self.endpoint_before is None else self.endpoint_before + now
        write_model(self.result, self.folder / "result.json")


def _reason(error: AmalgamError) -> Message:
    return error.message if error.hint is None else say(_("{what} {hint}"), what=error.message, hint=error.hint)
