"""The job in which a candidate's classical model says of itself what there is to see in it."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import Pipeline
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from core.data.schema import write_model
from core.explain.model_internals import features, training_rows, trees
from core.explain.model_internals.linear import linear
from core.explain.open_candidate import OpenCandidate, open_candidate
from core.fuse.ensemble import Ensemble
from core.fuse.joint.estimator import Joint
from core.fuse.logged import Logged
from core.fuse.predictor import Predictor
from core.job_params import OwnParams
from core.jobs.context import Context
from core.messages import Message, _, say
from core.models.additive import AdditiveClassifier, AdditiveRegressor
from core.models.calibrated import Calibrated
from core.models.neighbours import Bayes, FewRows, FewRowsClassifier
from core.models.scaled import Rescaled, restored, unscaled
from core.results.explanations.model_internals import OWN_FILE, Feature, OwnExplanation
from core.run_jobs import for_its_run

SINGLE = (DecisionTreeClassifier, DecisionTreeRegressor)
FORESTS = (ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor)
HISTOGRAMS = (HistGradientBoostingClassifier, HistGradientBoostingRegressor)


@for_its_run
def model_itself(params: dict[str, Any], context: Context) -> None:
    """Look into a candidate's own model (job kind ``model-itself``); writes ``own.json``."""
    wanted = OwnParams.model_validate(params)
    began = time.monotonic()
    context.progress(say(_("Opening the model")), 0.05)
    model = open_candidate(context, wanted.run, wanted.candidate, seed=wanted.seed)
    result = Work(wanted, model).go()
    result.seconds = time.monotonic() - began
    write_model(result, context.folder / OWN_FILE)


class Work:
    """One look into a model."""

    def __init__(self, wanted: OwnParams, model: OpenCandidate) -> None:
        self.wanted, self.opened, self.context = wanted, model, model.context
        self.notes: list[Message] = []
        self.candidate = self._member(model.pipeline)
        fitted, self.factor = unscaled(self.candidate)
        self.model = unwrapped(fitted)
        self.classes = self._classes()
        self.result = OwnExplanation(
            run=wanted.run,
            candidate=wanted.candidate,
            kind="none",
            model=type(self.model).__name__ if self.model is not None else type(self.candidate).__name__,
            classes=self.classes,
            target=model.manifest.target,
        )

    def go(self) -> OwnExplanation:
        """All that this kind of model has to show."""
        if self.model is None:
            self._no_classical_model()
        else:
            self._look()
            in_own_unit(self.result, self.factor)
        self.result.notes = self.notes
        return self.result

    def _look(self) -> None:
        self.context.progress(say(_("Reading the model")), 0.3)
        known = features.features(self.candidate, int(self.model.n_features_in_))
        if any(one.kind == "advice" for one in known):
            self.notes.append(say(_("Beside the columns, this model sees the language model's advice.")))
        if isinstance(self.model, SINGLE + FORESTS + HISTOGRAMS) or hasattr(self.model, "booster_"):
            self._trees(known)
        elif isinstance(self.model, SVC | SVR):
            self.result.kind = "support-vectors"
        elif isinstance(self.model, KNeighborsClassifier | KNeighborsRegressor):
            self.result.kind = "neighbours"
            if getattr(self.candidate.model_, "vote_weights_", None) is not None:
                self.notes.append(say(_("A neighbour's vote counts more the rarer its class is.")))
        elif hasattr(self.model, "coef_"):
            self._linear(known)
        elif isinstance(self.model, GaussianNB):
            text = _("Naive Bayes keeps a mean and a variance of each feature for each class: no rule to be read.")
            self.notes.append(say(text))
        elif isinstance(self.model, AdditiveClassifier | AdditiveRegressor):
            text = _("A sum of curves, one for each number: “The whole data” draws them, as partial dependence.")
            self.notes.append(say(text))
        self._rows()

    def _no_classical_model(self) -> None:
        if isinstance(self.candidate, Joint):
            self.result.kind = "network"
            text = _("Here one network does it all, trained end to end: it has no coefficients or rules of its own.")
            self.notes.append(say(text))
        else:
            self.notes.append(say(_("No classical model decides here, so there is none to look into.")))

    def _member(self, candidate: Predictor) -> Predictor:
        """The candidate itself; of a mixture, the member that weighs most."""
        if hasattr(candidate, "best_"):
            return self._member(candidate.best_)
        if isinstance(candidate, Logged):
            text = _("It learned log(1 + {target}): its numbers here are logarithms, and its answers are taken back.")
            self.notes.append(say(text, target=self.opened.manifest.target))
            return self._member(candidate.candidate_)
        if not isinstance(candidate, Ensemble):
            return candidate
        place = int(np.argmax(candidate.weights))
        text = _("This is a mixture of {n} models. Shown is the one that weighs most, {share:.0%}: {name}.")
        share, name = candidate.weights[place], candidate.members[place][0]
        self.notes.append(say(text, n=len(candidate.weights), share=float(share), name=name))
        return self._member(candidate.members_[place])

    def _classes(self) -> list[str]:
        """Classes in the order of the model's own."""
        if self.opened.manifest.task == "regression" or self.model is None:
            return []
        every = [str(label) for label in self.candidate.classes_]
        return [every[int(code)] for code in getattr(self.model, "classes_", range(len(every)))]

    def _trees(self, known: list[Feature]) -> None:
        own = self.classes[1:] if len(self.classes) == 2 else self.classes
        gains = trees.gains(self.model, len(known))
        self.result.importances = features.shares(gains, known)
        self.result.trees, self.result.n_trees = trees.first_trees(self.model, known, self.classes, own)
        single, forest = isinstance(self.model, SINGLE), isinstance(self.model, FORESTS)
        self.result.kind = "tree" if single else "forest" if forest else "boosting"

    def _linear(self, known: list[Feature]) -> None:
        weights = np.atleast_2d(self.model.coef_)
        if hasattr(self.candidate, "factors_"):
            weights = weights * self.candidate.factors_
            self.notes.append(say(_("Coefficients are after weighing by relevance, which the language model judged.")))
        background = self.opened.bundle.background
        made = training_rows.features_of(self.candidate, background)
        if made.shape[1] < weights.shape[1]:  # the advice of a language model is made anew for each row
            weights, known = weights[:, : made.shape[1]], known[: made.shape[1]]
        several = len(self.classes) > 2
        unit = "target" if not self.classes else "margin"
        if isinstance(self.model, LogisticRegression):
            unit = "score" if several else "log-odds"
        intercepts = np.broadcast_to(np.atleast_1d(self.model.intercept_).astype(float), (len(weights),))
        self.result.linear = linear(weights, intercepts, known, self.classes or [""], unit, made)
        self.result.kind = "linear"

    def _rows(self) -> None:
        """The training rows nearest to the chosen one, and support vectors."""
        if getattr(self.candidate, "features_", None) is None:
            return
        self.context.progress(say(_("Looking for similar rows")), 0.5)
        run = self.context.workspace.run(self.wanted.run, self.context.owner)
        columns = list(self.candidate.columns_)
        rows = training_rows.training(self.context, self.wanted.run, run.dataset, columns) if run else None
        if self.result.kind == "support-vectors":
            self.result.vectors = training_rows.vectors(self.model, self.classes, rows)
        if rows is None or self.wanted.row not in self.opened.rows.index:
            return
        self.result.neighbours = training_rows.neighbours(
            self.candidate,
            self.model,
            rows,
            self.opened.rows.loc[[self.wanted.row]],
            self.opened.manifest.target,
            votes=self.result.kind == "neighbours",
            seed=self.wanted.seed,
        )


def in_own_unit(found: OwnExplanation, factor: float) -> None:
    """Bring what a model of a divided target says of numbers to the target's own unit."""
    if factor == 1:
        return

    def own(number: float) -> float:
        return float(restored(number, factor))

    for node in (node for tree in found.trees for node in tree.nodes):
        node.number = None if node.number is None else own(node.number)
    if found.linear is not None:
        found.linear.intercepts = {label: own(number) for label, number in found.linear.intercepts.items()}
        for one in found.linear.coefficients:
            one.value, one.effect = own(one.value), own(one.effect)
            one.per_unit = None if one.per_unit is None else own(one.per_unit)
        for block in found.linear.blocks:
            block.effect = own(block.effect)
    if found.vectors is not None:
        found.vectors.cap = own(found.vectors.cap)
        for vector in found.vectors.heaviest:
            vector.weight = None if vector.weight is None else own(vector.weight)


def unwrapped(model: Any) -> Any:
    """The estimator itself, without what makes its input dense, its margins probabilities or its target divided."""
    if isinstance(model, Rescaled):
        return unwrapped(model.estimator)
    if isinstance(model, Pipeline):
        return unwrapped(model[-1])
    if isinstance(model, CalibratedClassifierCV):
        return unwrapped(model.calibrated_classifiers_[0].estimator)
    if isinstance(model, Calibrated | FewRows | FewRowsClassifier | Bayes):
        return unwrapped(model.estimator_)
    return model
