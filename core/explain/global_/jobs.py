"""The job that says what a candidate looks at over many rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from core.data.schema import write_model
from core.evaluate.metrics import point
from core.explain.global_ import partial_dependence
from core.explain.global_ import words as whole
from core.explain.global_.estimate import EFFECT_ROWS, EXACT_PLAYERS_WHOLE, WHOLE_ROWS, WHOLE_WORD_TEXTS
from core.explain.global_.permutation_importance import importances
from core.explain.global_.rows import Found, RowsOpened, cells_of, write_frame
from core.explain.global_.sample import open_sample
from core.explain.open_candidate import OpenCandidate
from core.explain.row.rows import explain_row, open_texts
from core.fuse.columns import word
from core.job_params import WholeParams
from core.jobs.context import Context
from core.messages import _, _n, say
from core.results.explanations.global_explanation import WholeExplanation, of_class, ranked
from core.results.explanations.rows import RowExplanation
from core.run_jobs import for_its_run

RANKED_UNTIL, SHUFFLED_UNTIL, DRAWN_UNTIL = 0.5, 0.65, 0.75  # of the time allowed; words take the rest


@for_its_run
def explain_whole(params: dict[str, Any], context: Context) -> None:
    """Explain one candidate over many rows (job kind ``explain-whole``).

    Writes, as it goes, ``whole.json``, ``whole_rows.parquet`` (see `core.results.explanations.global_explanation`) and
    ``effects.parquet`` (see `core.explain.global_.partial_dependence`).
    """
    wanted = WholeParams.model_validate(params)
    context.progress(say(_("Opening the model")), 0.02)
    sample = open_sample(context, wanted.run, wanted.candidate, WHOLE_ROWS, output=wanted.output, seed=wanted.seed)
    Work(wanted, *sample).go()


class Work:
    """One explanation under way.

    Every sampling has a fixed order and a fixed end; the time allowed only decides how far it gets.
    """

    def __init__(self, wanted: WholeParams, model: OpenCandidate, scored: pd.DataFrame, unseen: bool) -> None:
        self.wanted, self.model, self.scored, self.context = wanted, model, scored, model.context
        self.began = time.monotonic()
        self.rows = RowsOpened(model)
        self.result = WholeExplanation(
            run=wanted.run,
            candidate=wanted.candidate,
            output=wanted.output,
            unit=model.unit,
            background_rows=len(model.background),
            n_rows=0,
            classes=self.rows.classes,
            exact=self.rows.exact,
            permutation_metric=model.manifest.metric,
            permutation_unseen=unseen,
        )

    def go(self) -> None:
        """What there is stands in the files after each step."""
        found = self._rank()
        self.context.progress(say(_("Shuffling each column in turn")), RANKED_UNTIL)
        self._permute()
        self._write()
        self._draw_effects(found)
        self._open_words(found)
        self._write()

    def _rank(self) -> Found:
        found = self.rows.open(self._keep, self._over(RANKED_UNTIL))
        n_wanted = len(self.model.rows)
        if len(found.rows) < n_wanted:
            text = _n(
                "The time allowed {n} row for the ranking instead of {all}.",
                "The time allowed {n} rows for the ranking instead of {all}.",
            )
            self.result.warnings.append(say(text, n=len(found.rows), all=n_wanted))
        if not self.rows.exact:
            self.rows.look_at_pairs(found, self._over(RANKED_UNTIL))
        self.result.pairs, self.result.pair_columns = found.interactions(), found.pair_columns
        self.result.pair_rows = sum(len(block) for block in found.pairs_)
        self._write()
        return found

    def _keep(self, found: Found) -> None:
        n_done, n_all = len(found.rows), len(self.model.rows)
        rows = found.frame(cells_of(self.model.rows.loc[found.rows, self.rows.columns], self.model.schema))
        write_frame(rows, self.context.folder / "whole_rows.parquet")
        self.result.n_rows = n_done
        self.result.shapley = ranked(of_class(rows, None))
        self._write()
        self.context.progress(
            say(_("Ranking the columns: row {n} of {all}"), n=n_done, all=n_all),
            0.05 + 0.45 * min(1.0, max(n_done / n_all, self._gone() / RANKED_UNTIL)),
        )

    def _permute(self) -> None:
        rows, manifest = self.scored, self.model.manifest
        truth = (
            rows[manifest.target].to_numpy(dtype=float)
            if manifest.task == "regression"
            else np.asarray([word(value) for value in rows[manifest.target].tolist()], dtype=object)
        )

        def score(frame: pd.DataFrame) -> float:
            prediction, probabilities = self.model.pipeline.predict_both(frame)
            return point(
                manifest.metric,
                manifest.task,
                truth,
                prediction,
                probabilities,
                manifest.classes,
                positive=manifest.positive,
            )

        self.result.permutation = importances(
            score,
            rows[self.rows.columns],
            seed=self.wanted.seed,
            check=self.context.check,
            enough=self._over(SHUFFLED_UNTIL),
        )

    def _draw_effects(self, found: Found) -> None:
        """Partial dependence of each column that is no text, the one that matters most first."""
        over = self._over(DRAWN_UNTIL)
        lines: list[pd.DataFrame] = []
        rows = self.model.rows.loc[found.rows[:EFFECT_ROWS], self.rows.columns]
        for name in [one.name for one in self.result.shapley]:
            column = self.model.schema.column(name)
            if column is None or column.role == "text" or (lines and over()):
                continue
            self.context.progress(say(_("Drawing the effect of “{column}”"), column=name), SHUFFLED_UNTIL)
            cells = partial_dependence.places(self.model.rows[name], ordered=column.role in {"number", "date"})
            if len(cells) < 2:
                continue
            outputs = partial_dependence.effect(
                lambda frame: self.rows.outputs(self.model.outputs(frame)), rows, name, cells
            )
            words = cells_of(cells.to_frame(name), self.model.schema)
            lines.append(
                partial_dependence.lines(outputs, name, [int(row) for row in rows.index], words, self.rows.classes)
            )
            self.result.effects.append(name)
        if lines:
            write_frame(pd.concat(lines, ignore_index=True), self.context.folder / "effects.parquet")
        self._write()

    def _open_words(self, found: Found) -> None:
        """Open the texts of the ranked rows too, as many as the time allows, each for what the row was called."""
        roles = {column.role for column in self.model.schema.columns}
        over = self._over(1.0)
        done: list[RowExplanation] = []
        for number, position in enumerate(found.rows if "text" in roles else []):
            if number and over():
                break
            self.context.progress(
                say(_("Opening row {row} into columns and words"), row=position + 1),
                DRAWN_UNTIL + (1 - DRAWN_UNTIL) * number / len(found.rows),
            )
            row, game = explain_row(self.model, position, None, exact=EXACT_PLAYERS_WHOLE, enough=over)
            open_texts(self.model, row, game, texts=WHOLE_WORD_TEXTS, few=True, enough=over)
            done.append(row)
        self.result.words, self.result.word_rows = whole.words(done), len(done)
        self.result.word_learned = any(column.learned for row in done for column in row.columns)

    def _gone(self) -> float:
        """The share of the time allowed that is used up."""
        return (time.monotonic() - self.began) / self.wanted.budget_seconds

    def _over(self, share: float) -> Callable[[], bool]:
        """Whether this share of the time allowed is used up."""
        return lambda: self._gone() > share

    def _write(self) -> None:
        self.result.seconds = time.monotonic() - self.began
        write_model(self.result, self.context.folder / "whole.json")
