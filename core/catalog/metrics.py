"""The scores, each with what it means in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.messages import _


@dataclass(frozen=True)
class Metric:
    """A score, and what it means in one sentence."""

    name: str
    label: str
    about: str
    higher_is_better: bool
    unit: Literal["share", "target", "nats", "none"] = "share"
    phrase: str = ""  # within a sentence, where that differs from the label

    @property
    def in_sentence(self) -> str:
        return self.phrase or self.label

    @property
    def in_points(self) -> bool:
        """Whether gains are told in points, hundredths of a share; R² is no share of rows, and may be below 0."""
        return self.unit == "share" and self.name != "r2"


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "accuracy", _("Accuracy"), _("The share of rows that were predicted correctly."), True, phrase=_("accuracy")
        ),
        Metric(
            "balanced_accuracy",
            _("Balanced accuracy"),
            _("The share predicted correctly within each class, averaged: rare classes count as much as others."),
            True,
            phrase=_("balanced accuracy"),
        ),
        Metric(
            "precision",
            _("Precision (macro)"),
            _("Of the rows the model called a class, the share that were it; averaged over the classes."),
            True,
            phrase=_("precision (macro)"),
        ),
        Metric(
            "recall",
            _("Recall (macro)"),
            _("Of the rows of a class, the share found; averaged over the classes."),
            True,
            phrase=_("recall (macro)"),
        ),
        Metric(
            "f1",
            _("F1 (macro)"),
            _("The harmonic mean of precision and recall, averaged over the classes: high only if both are."),
            True,
        ),
        Metric(
            "roc_auc",
            _("ROC AUC"),
            _("How often a random row of the class gets a higher probability than a random other row; 0.5 is chance."),
            True,
        ),
        Metric(
            "average_precision",
            _("Average precision"),
            _(
                "The area under the precision-recall curve: how clean the top of the ranking is. Chance gives the "
                "share of the class."
            ),
            True,
            phrase=_("average precision"),
        ),
        Metric(
            "log_loss",
            _("Log loss"),
            _("How surprised the model's probabilities were by the truth; 0 is perfect. Confident mistakes cost most."),
            False,
            "nats",
            phrase=_("log loss"),
        ),
        Metric(
            "brier",
            _("Brier score"),
            _("The mean squared distance between predicted probabilities and what happened; 0 is perfect."),
            False,
            "none",
        ),
        Metric(
            "r2",
            _("R²"),
            _("The share of the target's ups and downs that is explained; 0 is no better than the mean, 1 is perfect."),
            True,
        ),
        Metric(
            "rmse",
            _("RMSE"),
            _("The typical error in the target's unit; large errors count more (root mean squared error)."),
            False,
            "target",
        ),
        Metric(
            "mae",
            _("MAE"),
            _("The mean size of the error in the target's unit (mean absolute error)."),
            False,
            "target",
        ),
    )
}
