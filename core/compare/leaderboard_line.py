"""One line of the leaderboard from its folds: scores, costs, settings, doubts; written beside its predictions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from core.catalog import METRICS, fusion
from core.compare.files import folds as fold_files
from core.compare.finish import describe
from core.compare.prepare import Prepared
from core.data.schema import read_model, write_model
from core.evaluate.metrics import point
from core.evaluate.verdict.checks import checks
from core.fuse.auto.choice import Automatic
from core.fuse.costs import encoder_megabytes, memory_megabytes
from core.fuse.predictor import Predictor
from core.fuse.setting import Setting, encoders_of, learns, needed_to_predict
from core.fuse.zero_shot import ZeroShot
from core.messages import UnusableData, _, say
from core.models.factory import in_force
from core.results.comparison import CandidateResult, Comparison, Detail, LearningPoint, candidate_folder
from core.workspace import folder_bytes

UNTRAINED = {"dummy", "zero-shot"}  # no row's weight could change them


class Scorer:
    """Fills lines in; everything a comparison's candidates share is given once.

    Parameters
    ----------
    run : Path
        The run's folder.
    """

    def __init__(self, result: Comparison, prepared: Prepared, setting: Setting, run: Path) -> None:
        self.result, self.prepared, self.setting, self.run = result, prepared, setting, run

    def score(self, line: CandidateResult, folds: list[fold_files.FoldResult], learning: list[LearningPoint]) -> None:
        """Scores and costs of a candidate whose folds are all there; its ``detail.json`` and predictions.

        Raises
        ------
        UnusableData
            The ranking metric is not defined on the rows held back.
        """
        line.fold_scores = [self._point(fold) for fold in folds]
        place = candidate_folder(self.run, line.name)
        known = self.prepared
        frame = fold_files.write_predictions(
            folds, known.rows, known.units, known.y, known.classes, place / "predictions.parquet"
        )
        detail = describe(line.name, frame, self.result)
        if self.result.metric not in detail.scores:
            raise UnusableData(
                _("The held-out rows don't allow {metric}: they are all alike in “{target}”."),
                _("Hold back more rows, or hold them back in another way."),
                metric=say(METRICS[self.result.metric].in_sentence),
                target=self.result.target,
            )
        encode_seconds = self._encode_seconds(line, folds[0].teacher_ms_per_row)
        line.scores = detail.scores
        line.fit_seconds = float(np.mean([fold.fit_seconds for fold in folds])) + encode_seconds
        line.size_mb = self.megabytes(line)
        detail.fit_seconds, detail.encode_seconds = line.fit_seconds, encode_seconds
        detail.ms_per_row, detail.peak_memory_mb = line.ms_per_row, memory_megabytes()
        detail.settings = self._settings(line, folds)
        detail.trials = [{"fold": number, **trial} for number, fold in enumerate(folds) for trial in fold.trials]
        detail.learning, detail.advice = learning, folds[0].advice
        if line.mode != "dummy":
            detail.warnings = list(checks(detail, self.result.metric, self.result.task).values())
        line.status = "ok"
        write_model(_as_noted(detail, place), place / "detail.json")

    def note_fit(self, line: CandidateResult, fitted: Predictor, kept: Predictor) -> None:
        """What the fit on all rows adds to the details: what PCA kept, the size, a rule of choice, the advice."""
        place = candidate_folder(self.run, line.name)
        detail = read_model(Detail, place / "detail.json")
        if detail is None:
            return
        if isinstance(kept, ZeroShot):
            detail.warnings += list(kept.notes().values())
        else:
            detail.pca = {column: str(note) for column, note in kept.notes().items()}
        detail.size_mb = line.size_mb = self.megabytes(line)
        detail.rule = fitted.rule(line.ms_per_row) if isinstance(fitted, Automatic) else None
        detail.advice = kept.advice()
        write_model(detail, place / "detail.json")

    def megabytes(self, line: CandidateResult) -> float | None:
        """All that is needed to predict, the pretrained encoder included; None until the candidate is kept."""
        bundle = candidate_folder(self.run, line.name) / "bundle"
        if not bundle.exists():
            return None
        return (
            encoder_megabytes(needed_to_predict(line.name, self.setting), self.setting.plan.language_model)
            + folder_bytes(bundle) / 1e6
        )

    def _point(self, fold: fold_files.FoldResult) -> float:
        return point(
            self.result.metric,
            self.result.task,
            self.prepared.y[fold.test],
            fold.prediction,
            fold.probabilities,
            self.prepared.classes,
            positive=self.prepared.positive,
        )

    def _settings(self, line: CandidateResult, folds: list[fold_files.FoldResult]) -> dict[str, Any]:
        plan, family = self.setting.plan, fusion(line.mode)
        chosen: dict[str, Any] = dict(plan.model_settings.get(line.model, {}))
        if family.takes_model:
            chosen = in_force(line.model, chosen, plan.balanced and self.result.task != "regression")
        if line.mode not in UNTRAINED:
            chosen["balanced"] = plan.balanced
        if folds[0].settings:
            chosen["found by search"] = [fold.settings for fold in folds]
        return chosen

    def _encode_seconds(self, line: CandidateResult, teacher_ms: float) -> float:
        """What encoding the training rows costs without a cache, by the measured cost per row; 0 where none is due.

        teacher_ms: for each of them, where a language model is asked about these rows alone
        """
        frozen = any(not learns(choice) for choice in encoders_of(line.name, self.setting).values())
        if not frozen or fusion(line.mode).costly or line.ms_per_row is None or not line.model:
            return 0.0  # a costly family encodes as it fits
        n_train = float(np.mean([len(train) for train, _test in self.prepared.folds]))
        return (line.ms_per_row + teacher_ms) * n_train / 1000


def _as_noted(detail: Detail, place: Path) -> Detail:
    """With what the fit on all rows said before the comparison was cut off, if that fit is kept."""
    earlier = read_model(Detail, place / "detail.json") if (place / "bundle").exists() else None
    if earlier is None:
        return detail
    warnings = [*detail.warnings, *(one for one in earlier.warnings if one not in detail.warnings)]
    kept = {name: getattr(earlier, name) for name in ("size_mb", "peak_memory_mb", "pca", "rule", "advice")}
    return detail.model_copy(update=kept | {"warnings": warnings})
