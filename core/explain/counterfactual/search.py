"""The search for few changes that change a model's answer: all single ones, then the best together, level by level.

It finds small sets, not provably the smallest: from the second change on only the most promising ones are combined.

References
----------
Wachter, Mittelstadt and Russell, "Counterfactual explanations without opening the black box", 2017. Mothilal, Sharma
and Tan, "Explaining machine learning classifiers through diverse counterfactual explanations", FAT* 2020.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.explain.counterfactual.edits import Row, Step, Steps, in_place_of, nearer, values
from core.explain.counterfactual.plausibility import Rows
from core.explain.counterfactual.substitutes import NearWords

MOST_CHANGES = 5
BEAM = 8  # unfinished sets that are taken further
PARTNERS = 24  # single changes each of them is combined with
PER_PLACE = 3  # of them, at most so many that change the same cell or word
REPLACED = 5  # words that replacements are tried for
NEAR = 16  # replacements of each
AT_ONCE = 128  # rows per call: few enough to stop in time


@dataclass(frozen=True)
class Goal:
    """What the answer should become.

    Parameters
    ----------
    score : callable
        What the model says of n rows: classes (n,) or numbers, and probabilities (n, k) or None → how far each is
        past the border, positive where the answer is as wanted.
    """

    score: Callable[[np.ndarray, np.ndarray | None], np.ndarray]


def other_class(classes: Sequence[str], now: str, wanted: str | None) -> Goal:
    """Another class than now, or a certain one."""
    names = list(classes)

    def score(said: np.ndarray, probabilities: np.ndarray | None) -> np.ndarray:
        assert probabilities is not None
        place = names.index(wanted or now)
        others = np.delete(probabilities, place, axis=1).max(axis=1)
        ahead = probabilities[:, place] - others if wanted else others - probabilities[:, place]
        right = said == wanted if wanted else said != now
        return np.where(right, np.maximum(ahead, 1e-9), np.minimum(ahead, 0.0))

    return Goal(score)


def past(threshold: float, now: float) -> Goal:
    """The other side of a number."""
    side = 1.0 if now <= threshold else -1.0
    return Goal(lambda said, _none: side * (said.astype(float) - threshold))


class Search:
    """One search.

    Parameters
    ----------
    predict : callable
        Table of n rows → classes or numbers (n,), and probabilities (n, k) or None.
    rows : Rows
        Training rows: values are taken from them.
    words : dict
        Text column → what may replace its words.
    columns : list of str
        That may change.
    most_words : int
        Of each text.
    enough : callable () → bool
        True ends it.

    Attributes
    ----------
    flips : list of sets of steps
    tried : int
        Rows that went through the model.
    depth : int
    complete : bool
    """

    def __init__(
        self,
        predict: Callable[[pd.DataFrame], tuple[np.ndarray, np.ndarray | None]],
        row: Row,
        goal: Goal,
        rows: Rows,
        words: dict[str, NearWords],
        columns: Sequence[str],
        most_words: int,
        enough: Callable[[], bool],
    ) -> None:
        self.predict, self.row, self.goal, self.rows, self.words = predict, row, goal, rows, words
        self.columns, self.most_words, self.enough = columns, most_words, enough
        self.flips: list[Steps] = []
        self.tried = self.depth = 0
        self.complete = False
        self._known: dict[Steps, float] = {}

    def levels(self, answers: int) -> Iterator[int]:
        """Search on, one more change each time, until there are enough answers or the time is over.  →  the depth"""
        singles = self._singles()
        self._collect(singles)
        if self.enough():
            return
        self.depth = 1
        yield 1
        partners = self._partners(singles)
        level = sorted((frozenset([step]) for step in partners), key=lambda steps: -self._known[steps])
        while self.depth < MOST_CHANGES and len(self.best(answers)) < answers:
            beam = [steps for steps in level if self._known[steps] <= 0][:BEAM]
            wider = dict.fromkeys(steps | {step} for steps in beam for step in partners if self._fits(steps, step))
            if not wider:
                break
            self._look(list(wider))
            level = sorted((steps for steps in wider if steps in self._known), key=lambda steps: -self._known[steps])
            self._collect(level)
            if self.enough():
                return
            self.depth += 1
            yield self.depth
        self.complete = True

    def best(self, answers: int) -> list[Steps]:
        """The fewest and nearest changes first; those that change other things come before more of the same."""
        order = sorted(self.flips, key=lambda steps: (len(steps), self.rows.distance(self.row, steps)))
        chosen: list[Steps] = []
        for shared in (0.5, 1.0):  # of what they change, at most so much in common with any other
            for steps in order:
                if len(chosen) < answers and all(_shared(steps, other) < shared for other in chosen):
                    chosen.append(steps)
        fewest = len(order[0]) if order else 0
        alike = [steps for steps in order if len(steps) == fewest and steps not in chosen]
        chosen += alike[: answers - len(chosen)]
        return sorted(chosen, key=lambda steps: (len(steps), order.index(steps)))

    def refined(self, steps: Steps) -> Steps:
        """Without what is not needed, and each number as near to the row's own as a seen value can be."""
        for step in sorted(steps, key=lambda step: (step.column, step.place)):
            if len(steps) > 1 and self._look([steps - {step}])[0] > 0:
                steps = steps - {step}
        for step in [step for step in steps if step.kind == "value"]:
            between = nearer(self.row, step, self.rows.table)
            low, high = 0, len(between) - 1  # the last one flips
            while low < high:
                middle = (low + high) // 2
                tried = steps - {step} | {Step(step.column, "value", between[middle])}
                low, high = (low, middle) if self._look([tried])[0] > 0 else (middle + 1, high)
            if between:
                steps = steps - {step} | {Step(step.column, "value", between[high])}
        return steps

    def _singles(self) -> list[Steps]:
        found = [step for name in self.columns if name not in self.row.texts for step in self._values(name)]
        if self.most_words:
            texts = [name for name in self.columns if name in self.row.texts]
            deleted = [Step(name, "delete", "", place) for name in texts for place in range(len(self.row.spans[name]))]
            found += deleted
            gains = self._look([frozenset([step]) for step in found])[len(found) - len(deleted) :]
            strongest = [deleted[place] for place in np.argsort(-gains, kind="stable")[:REPLACED]]
            found += [new for step in strongest for new in self._replacements(step)]
        singles = [frozenset([step]) for step in found]
        self._look(singles)
        return [steps for steps in singles if steps in self._known]

    def _values(self, name: str) -> list[Step]:
        return [] if self.row.roles.get(name) == "text" else values(self.row, name, self.rows.table)

    def _replacements(self, step: Step) -> list[Step]:
        piece = self.row.piece(step)
        near = self.words[step.column].near(piece, NEAR)
        return [Step(step.column, "replace", in_place_of(piece, word), step.place) for word in near]

    def _partners(self, singles: list[Steps]) -> list[Step]:
        """The single changes that do most and do not suffice, few for each place."""
        found: list[Step] = []
        counts: dict[tuple[str, int], int] = {}
        for steps in sorted(singles, key=lambda steps: -self._known[steps]):
            (step,) = steps
            if self._known[steps] <= 0 and counts.get(step.where, 0) < PER_PLACE:
                counts[step.where] = counts.get(step.where, 0) + 1
                found.append(step)
        return found[:PARTNERS]

    def _fits(self, steps: Steps, step: Step) -> bool:
        if any(step.where == other.where for other in steps):
            return False
        words = sum(other.column == step.column for other in steps if other.kind != "value")
        return step.kind == "value" or words < self.most_words

    def _collect(self, level: list[Steps]) -> None:
        """Keep those that flip and hold no smaller set that does."""
        for steps in level:
            if self._known[steps] > 0 and not any(known < steps for known in self.flips):
                self.flips.append(steps)

    def _look(self, many: list[Steps]) -> np.ndarray:
        """How far each set is past the border; −∞ where there was no time left to look.  →  (sets,)"""
        new = [steps for steps in dict.fromkeys(many) if steps not in self._known]
        for start in range(0, len(new), AT_ONCE):
            if self.tried and self.enough():
                break
            part = new[start : start + AT_ONCE]
            scores = self.goal.score(*self.predict(self.row.with_steps(part)))
            self._known.update(zip(part, scores.tolist(), strict=True))
            self.tried += len(part)
        return np.asarray([self._known.get(steps, -np.inf) for steps in many])


def _shared(steps: Steps, others: Steps) -> float:
    """Share of the places that two sets both change."""
    mine, theirs = ({step.where for step in one} for one in (steps, others))
    return len(mine & theirs) / max(len(mine), len(theirs))
