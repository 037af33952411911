"""Automatic choice: candidates race on inner folds in the order of a portfolio; the best, or a mixture, is fitted once.

A candidate is begun only if there is time for it, and for fitting whatever may be chosen on all rows afterwards.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from core.catalog import Task
from core.data.splits.inner import Dependence, fit_with, inner_folds, of_texts
from core.encode.batches import part, progress_listener
from core.fuse.auto.findings import behind, choice, failed, lighter, not_in_time, on_a_part, too_short
from core.fuse.auto.held_out import held_out
from core.fuse.auto.mixture import Mixer
from core.fuse.auto.race import Allowance, Fold, Race
from core.fuse.clock import TooSlow, gives_up, read_ahead, running
from core.fuse.costs import TIMED_ROWS
from core.fuse.ensemble import Ensemble
from core.fuse.predictor import FAULTS, Predictor, as_frame
from core.messages import AmalgamError, Cancelled, Message, UnknownChoice, _, say
from core.models.scaled import factor_of, restored

BUDGET_SECONDS = 300.0
FOLDS = 5
READING = 0.5  # of the budget, for texts to be read by frozen encoders
SHORT = 20.0  # seconds in which nothing costly is begun: asking what it takes is a few of them
HOPEFUL = 12.0  # the same per thousand rows
SLOW_MS = 5.0  # to predict a row: from there on a lighter one is named


class Automatic(Predictor):
    """The best of many candidates, or a mixture of a few, chosen on inner folds of the training rows.

    Quick candidates are tried in the order of the portfolio, each on all inner folds unless it is clearly behind on the
    first. A costly one, the first of them that there is time for, comes as soon as an answer is there, if texts tell
    something that the columns don't; it is fitted on the first inner fold, and compared there with the best of the
    others. What is chosen is fitted on all rows; of a costly one for which there is no time, the model of the first
    fold is kept.

    Parameters
    ----------
    cheap, costly : list of (name, Predictor)
        In the order they are tried in; of the costly ones one at most is.
    texts : list of str
        The text columns.
    task, metric, seed
    budget_seconds : float, optional
        For all of it, reading texts and the fit on all rows included; it only decides which candidates are tried. A
        clock of the whole command (`core.fuse.clock`) goes before it.
    only : list of dict, optional
        Try exactly these and look at no clock: the `trials_` of an earlier fit.
    positive : str
        Of two classes, the one that the metric speaks of.
    held : float
        Rows that will be predicted afterwards, per training row: time is kept for reading them.

    Attributes
    ----------
    best_ : Predictor, fitted on all rows
    chosen_ : dict, name → weight
    trials_ : list of ``{"name", "score", "seconds", "folds"}``
        With ``"behind"`` where a candidate was given up, ``"kept"`` where the model of the first fold was kept.
    left_out_ : list of names that there was no time for
    failed_ : dict, name → what was said
        Those that could not be fitted; the others went on.
    held_out_ : HeldOut
        What it says of rows that had no part in that; nothing is scored twice, so nothing has to be fitted twice.
    lighter_ : dict, ``{"name", "score"}``
        The best that needs no language model, where one was chosen that does; else empty.
    allowed_ : float
        Seconds there were for all of it.

    References
    ----------
    Caruana et al., "Ensemble selection from libraries of models", ICML 2004. Maron and Moore, "Hoeffding races", NIPS
    1993 (candidates that are clearly behind are given up).
    """

    def __init__(
        self,
        cheap: list[tuple[str, Predictor]],
        costly: list[tuple[str, Predictor]] | None = None,
        texts: list[str] | None = None,
        task: Task = "multiclass",
        metric: str = "accuracy",
        seed: int = 0,
        budget_seconds: float | None = None,
        only: list[dict[str, Any]] | None = None,
        positive: str = "",
        held: float = 0.0,
    ) -> None:
        self.cheap = cheap
        self.costly = costly
        self.texts = texts
        self.task = task
        self.metric = metric
        self.seed = seed
        self.budget_seconds = budget_seconds
        self.only = only
        self.positive = positive
        self.held = held

    def fit(
        self, X: pd.DataFrame, y: Any, dependence: Dependence | None = None, folds: list[Fold] | None = None
    ) -> Automatic:
        """Search, and fit what was found.

        X: source columns, n rows; y: labels (str) or numbers, shape (n,); dependence: of the rows; without it, rows
        with nearly the same texts are taken to be one group. folds: to search on, else they are laid out here.
        """
        allowance = Allowance()
        X = as_frame(X)
        self.n_features_in_ = X.shape[1]
        y, truth = np.asarray(y), self._coded(y)
        self.unit_ = factor_of(truth) if self.task == "regression" else 1.0  # of errors, until they are told
        bound = of_texts(X, self.texts or []) if dependence is None else dependence
        mixer = Mixer(
            self.task, self.metric, truth, np.asarray(getattr(self, "classes_", [])), self.positive, self.unit_
        )
        folds = folds or inner_folds(self.task, truth, self.seed, FOLDS, bound)
        self.n_folds_ = len(folds)
        self.settings_: dict[str, Any] = {}
        self.unread_: dict[str, float] = {}
        self.too_short_: Message | None = None
        race = Race(X, y, folds, bound, mixer, allowance, self.seed)
        self.share_ = len(race.folds[0][0]) / len(y)  # of the rows, that the first fold is trained on
        if self.only is None:
            pool = self._readable(race)
            self._search(race, pool)
        else:
            self._repeat(race, self.only)
        self.best_, rows = self._chosen(race, mixer)
        self.allowed_, self.left_out_, self.trials_ = allowance.seconds, race.left_out, race.trials
        self.failed_ = {name: str(error) for name, error in race.failed.items()}
        self.held_out_ = held_out(race.found, self.chosen_, rows, mixer, self.seed, bound)
        self.lighter_ = self._lighter(race)
        self.columns_ = self.best_.columns_
        return self

    def predict_both(self, X: pd.DataFrame) -> tuple[np.ndarray, np.ndarray | None]:
        """Prediction and probabilities of what was chosen."""
        check_is_fitted(self, "best_")
        return self.best_.predict_both(X)

    def text_encoders(self) -> dict[str, Any]:
        """Those of what was chosen."""
        return self.best_.text_encoders()

    def networks(self) -> list[Any]:
        """Those of what was chosen."""
        return self.best_.networks()

    def leak_badge(self) -> Literal["", "label-free", "out-of-fold", "fitted-in-fold"]:
        """It learns which one is best, in the fold."""
        return "fitted-in-fold"

    def rule(self, ms_per_row: float | None = None) -> Message:
        """What was chosen, of how many, by what, and what there was no time for.

        ms_per_row: to predict; where that is long, a lighter one is named
        """
        check_is_fitted(self, "chosen_")
        n_folds = max(int(one["folds"]) for one in self.trials_)
        said = choice(len(self.trials_), n_folds, self.chosen_, self.metric, self._told())
        part_of = [one["name"] for one in self.trials_ if one.get("kept") and one["name"] in self.chosen_]
        notes = [
            *on_a_part(part_of, self.share_, self.failed_),
            *behind([one["name"] for one in self.trials_ if one.get("behind")]),
            *failed({name: error for name, error in self.failed_.items() if name not in part_of}),
            *not_in_time(self.unread_, self.left_out_),
            *([] if self.too_short_ is None else [self.too_short_]),
        ]
        if ms_per_row is not None and ms_per_row > SLOW_MS and self.lighter_:
            notes.append(lighter(**self.lighter_, metric=self.metric, ms_per_row=ms_per_row))
        for note in notes:
            said = say(_("{what} {hint}"), what=said, hint=note)
        return said

    # The search

    def _readable(self, race: Race) -> list[tuple[str, Predictor]]:
        """The cheap candidates whose texts could be read in time; sets how long everything may take."""
        clock, own = running(), BUDGET_SECONDS if self.budget_seconds is None else self.budget_seconds
        wanted = {name: candidate.frozen_work(race.X) for name, candidate in self.cheap}
        works = {work.key: work for some in wanted.values() for work in some}
        in_all = clock.left() if clock is not None and clock.fits else own
        readings = read_ahead(list(works.values()), READING * in_all, self.seed)
        unread = {one.work.key for one in readings if not one.done}
        self.unread_ = {one.work.model: one.seconds for one in readings if not one.done}
        afterwards = sum(one.per_text * (self.held * one.n_texts + TIMED_ROWS) for one in readings if one.done)
        used = race.allowance.used()
        race.allowance.seconds = (own if clock is None else used + clock.take(own - used)) - afterwards
        readable = {name: not any(work.key in unread for work in some) for name, some in wanted.items()}
        race.left_out += [name for name, _candidate in self.cheap if not readable[name]]
        return [(name, candidate) for name, candidate in self.cheap if readable[name]] or self.cheap[:1]

    def _search(self, race: Race, pool: list[tuple[str, Predictor]]) -> None:
        """What promises most for its time first."""
        first = {
            bool(one.leak_badge()): name for name, one in reversed(pool)
        }  # of those that read texts, and of others
        order = sorted(pool, key=lambda entry: entry[0] not in first.values())
        self._quick(race, order[: len(first)], pool)
        asked = list(self.costly or []) if self._hopeful(race) else []
        early = bool(asked) and self._texts_tell(race)
        if early:
            self._costly(race, asked)
        self._quick(race, order[len(first) :], pool)
        if asked and not early:
            self._costly(race, asked)
        for name, candidate in asked:
            if name in race.found:
                race.more_folds(name, candidate)
        if self.costly and not asked:
            race.left_out += [name for name, _candidate in self.costly]
        if not race.found:
            left = max(0.0, race.allowance.left())
            name, needed = race.enter_fastest(dict(pool))
            self.too_short_ = too_short(name, needed, left) if needed > left else None

    def _quick(self, race: Race, some: list[tuple[str, Predictor]], pool: list[tuple[str, Predictor]]) -> None:
        for name, candidate in some:
            with part(len(race.trials), max(len(pool), len(race.trials) + 1)):
                race.enter(name, candidate, race.allowance.seconds)

    def _costly(self, race: Race, asked: list[tuple[str, Predictor]]) -> None:
        """The first that there is time for: those behind it are lighter forms of it."""
        for name, candidate in asked:
            race.enter_costly(name, candidate)
            if name in race.found:
                break

    def _hopeful(self, race: Race) -> bool:
        """Whether to ask a costly candidate what it takes: not if an earlier fit knows that it is too much."""
        clock, left, n_rows = running(), race.allowance.left(), len(race.y)
        known = clock.measured if clock is not None else {}
        told = [known[name][0] / known[name][1] * n_rows for name, _one in self.costly or [] if name in known]
        return bool(self.costly) and left >= max(SHORT, HOPEFUL * n_rows / 1000, min(told, default=0.0))

    def _texts_tell(self, race: Race) -> bool:
        """Whether one that reads texts errs no more than the best of columns alone; so where none was tried."""
        reads = {name for name, one in self.cheap if one.leak_badge()}
        tried = [trial["name"] for trial in race.trials if trial["name"] in reads]
        without = min((one.error for name, one in race.found.items() if name not in reads), default=float("inf"))
        return not tried or any(race.found[name].error <= without for name in tried if name in race.found)

    def _repeat(self, race: Race, trials: list[dict[str, Any]]) -> None:
        """What an earlier search tried, to the same end."""
        every = dict([*self.cheap, *(self.costly or [])])
        costly = {name for name, _candidate in self.costly or []}
        for place, trial in enumerate(trials):
            if (name := trial["name"]) not in every:
                raise UnknownChoice(_("“{name}” was tried before, and is not among the candidates now."), name=name)
            n_folds = trial.get("folds", 1 if name in costly else self.n_folds_)
            with part(place, len(trials)):
                race.again(name, every[name], n_folds, behind=trial.get("behind", False), kept=name in costly)
            if trial.get("kept"):
                race.trials[-1]["kept"] = True

    # The end

    def _chosen(self, race: Race, mixer: Mixer) -> tuple[Predictor, np.ndarray]:
        """What is chosen, fitted; one that can't be fitted on all rows is left out of another choice.

        →  the predictor, and the rows it was chosen by
        """
        every = dict([*self.cheap, *(self.costly or [])])
        fitted: dict[str, Predictor] = {}
        while race.found:
            found = race.found
            rows = race.rows if len(found) > 1 else race.rows[next(iter(found.values())).knows(race.rows)]
            self.chosen_, self.measured_ = mixer.choose(found, rows)
            missing = [name for name in self.chosen_ if name not in fitted]
            for name in sorted(missing, key=race.models.__contains__):  # what is quick first: time is kept for it
                with race.spared(name):
                    fitted[name] = (self._slow if name in race.models else self._on_all_rows)(name, every[name], race)
            if self.chosen_.keys() <= fitted.keys():
                return self._as_one([(name, every[name], fitted[name]) for name in self.chosen_], race), rows
        raise list(race.failed.values())[-1]

    def _as_one(self, members: list[tuple[str, Predictor, Predictor]], race: Race) -> Predictor:
        """One predictor that knows every class, of members by name: as they were built, and fitted."""
        known, (_name, _built, first) = getattr(self, "classes_", None), members[0]
        if len(members) == 1 and (known is None or len(first.classes_) == len(known)):
            return first
        named = [(name, built) for name, built, _fitted in members]
        fitted = [one for _name, _built, one in members]
        return Ensemble(named, list(self.chosen_.values()), self.task).of_fitted(fitted, race.X.shape[1], known)

    def _slow(self, name: str, candidate: Predictor, race: Race) -> Predictor:
        """A costly one on all rows if it can be had; else its model of the first fold, and a note in its trial."""
        trial = next(one for one in race.trials if one["name"] == name)
        if self.only is not None:
            return race.models[name] if trial.get("kept") else self._on_all_rows(name, candidate, race)
        left = race.allowance.left()
        if race.on_all_rows(name) <= left:
            try:
                with progress_listener(gives_up(left)):
                    return self._on_all_rows(name, candidate, race)
            except TooSlow:
                pass
            except Cancelled:
                raise
            except (AmalgamError, *FAULTS) as error:
                race.failed[name] = error
        trial["kept"] = True
        return race.models[name]

    def _on_all_rows(self, name: str, candidate: Predictor, race: Race) -> Predictor:
        made: Predictor = fit_with(clone(candidate), race.X, race.y, race.dependence)
        return made

    # Small parts

    def _lighter(self, race: Race) -> dict[str, Any]:
        """The best that needs no language model, where one was chosen that does."""
        needs = {name for name, one in self.cheap if one.frozen_work(race.X.head(1))}
        needs |= {name for name, _one in self.costly or []}
        others = [one for one in race.trials if one["name"] not in needs]  # given up beside a better one, too
        if needs.isdisjoint(self.chosen_) or not others:
            return {}
        rows = race.folds[0][1]  # that all of them were tried on
        on_first = {name: race.mixer.score(one.said[rows], rows) for name, one in race.found.items()}
        best = max(others, key=lambda one: on_first.get(one["name"], float(one["score"])))
        return {"name": best["name"], "score": float(best["score"])}

    def _told(self) -> dict[str, Any]:
        """What was measured, its squared errors in the target's own unit."""
        unit = getattr(self, "unit_", 1.0)  # one kept by an earlier version has none
        errors = {name: self.measured_[name] for name in ("single_error", "error") if name in self.measured_}
        return {**self.measured_, **{name: float(restored(restored(one, unit), unit)) for name, one in errors.items()}}
