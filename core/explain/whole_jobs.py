"""The job that says what a candidate looks at over many rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from core.data.schema import write_model
from core.evaluate.explanation import RowExplanation, WholeExplanation
from core.evaluate.points import point
from core.explain import whole
from core.explain.estimate import EXACT_PLAYERS_WHOLE, PERMUTED_ROWS, WHOLE_ROWS, WHOLE_WORD_TEXTS
from core.explain.game import Game
from core.explain.opened import Opened, opened
from core.explain.permutation import importances
from core.explain.rows import explain_row, open_texts
from core.fuse.columns import word
from core.jobs.context import Context
from core.messages import _, say
from core.plan import WholeParams

RANKED_UNTIL, SHUFFLED_UNTIL = 0.6, 0.8  # of the time allowed


def explain_whole(params: dict[str, Any], context: Context) -> None:
    """Explain one candidate over many rows (job kind ``explain-whole``); writes ``whole.json`` as it goes."""
    wanted = WholeParams.model_validate(params)
    context.progress(say(_("Opening the model")), 0.02)
    Work(wanted, opened(context, wanted.run, wanted.candidate, output=wanted.output, seed=wanted.seed)).go()


class Work:
    """One explanation under way.

    Every sampling has a fixed order and a fixed end; the time allowed only decides how far it gets.
    """

    def __init__(self, wanted: WholeParams, model: Opened) -> None:
        self.wanted, self.model, self.context = wanted, model, model.context
        self.began = time.monotonic()
        self.result = WholeExplanation(
            run=wanted.run,
            candidate=wanted.candidate,
            output=wanted.output,
            unit=model.unit,
            background_rows=len(model.background),
            n_rows=0,
            permutation_metric=model.manifest.metric,
        )

    def go(self) -> None:
        """What there is stands in the file after each step."""
        found = self._rank()
        self.context.progress(say(_("Shuffling each column in turn")), 0.6)
        self._permute()
        self._collect_words(found)
        self._write()

    def _rank(self) -> list[tuple[RowExplanation, Game]]:
        random = np.random.default_rng(self.wanted.seed)
        chosen = random.permutation(self.model.rows.index.to_numpy())[:WHOLE_ROWS]
        over = self._over(RANKED_UNTIL)
        found: list[tuple[RowExplanation, Game]] = []
        for number, position in enumerate(chosen):
            self.context.progress(
                say(_("Ranking the columns: row {n} of {all}"), n=number + 1, all=len(chosen)),
                0.05 + 0.55 * number / len(chosen),
            )
            if found and over():
                self.result.warnings.append(
                    say(_("The time allowed {n} rows for the ranking instead of {all}."), n=number, all=len(chosen))
                )
                break
            label = self.wanted.label
            found.append(explain_row(self.model, int(position), label, exact=EXACT_PLAYERS_WHOLE, enough=over))
            self.result.n_rows = len(found)
            self.result.shapley = whole.ranked([row for row, _game in found])
            self._write()
        return found

    def _collect_words(self, found: list[tuple[RowExplanation, Game]]) -> None:
        """Open the texts of the ranked rows too, as many as the time allows."""
        over = self._over(1.0)
        done: list[RowExplanation] = []
        for number, (row, game) in enumerate(found):
            if over():
                break
            self.context.progress(
                say(_("Opening row {row} into columns and words"), row=row.row + 1), 0.8 + 0.2 * number / len(found)
            )
            open_texts(self.model, row, game, texts=WHOLE_WORD_TEXTS, enough=over)
            done.append(row)
        self.result.words = whole.words(done)

    def _permute(self) -> None:
        rows, manifest = self._scored_rows(), self.model.manifest
        truth = (
            rows[manifest.target].to_numpy(dtype=float)
            if manifest.task == "regression"
            else np.asarray([word(value) for value in rows[manifest.target].tolist()], dtype=object)
        )

        def score(frame: pd.DataFrame) -> float:
            prediction, probabilities = self.model.pipeline.both(frame)
            return point(manifest.metric, manifest.task, truth, prediction, probabilities, manifest.classes)

        self.result.permutation = importances(
            score,
            rows[self.model.pipeline.columns_],
            seed=self.wanted.seed,
            check=self.context.check,
            enough=self._over(SHUFFLED_UNTIL),
        )

    def _scored_rows(self) -> pd.DataFrame:
        """Some rows whose truth is known, from the test file if there is one: those the model has not seen."""
        rows = self.model.rows if self.model.held_out is None else self.model.held_out
        known = rows[rows[self.model.manifest.target].notna()]
        return known.sample(min(PERMUTED_ROWS, len(known)), random_state=self.wanted.seed).sort_index()

    def _over(self, share: float) -> Callable[[], bool]:
        """Whether this share of the time allowed is used up."""
        return lambda: time.monotonic() - self.began > share * self.wanted.budget_seconds

    def _write(self) -> None:
        self.result.seconds = time.monotonic() - self.began
        write_model(self.result, self.context.folder / "whole.json")
