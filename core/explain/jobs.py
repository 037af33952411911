"""The job that explains a kept candidate: single rows into columns and words, the whole data into ranked columns."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd

from core.bundle import Bundle
from core.data import table
from core.data.columns import shown
from core.data.schema import write_model
from core.evaluate.points import point
from core.evaluate.result import ColumnEffect, Explanation, RowExplanation
from core.explain import whole
from core.explain.estimate import (
    BACKGROUND,
    EXACT_PLAYERS,
    EXACT_PLAYERS_WHOLE,
    PERMUTED_ROWS,
    WHOLE_ROWS,
    WHOLE_WORD_TEXTS,
    WORD_TEXTS,
)
from core.explain.game import Game
from core.explain.permutation import importances
from core.explain.shapley import shares
from core.explain.words import open_text
from core.fuse.columns import word
from core.jobs.context import Context
from core.messages import UnusableData, _, clip, say
from core.plan import ExplainParams
from core.runs import open_bundle

OPENED_UNTIL, RANKED_UNTIL, SHUFFLED_UNTIL = 0.5, 0.8, 0.9  # of the time allowed, where the whole is wanted too
GAP = 1e-3  # an explanation whose bars miss the output by more says so


def explain(params: dict[str, Any], context: Context) -> None:
    """Explain one candidate of a run (job kind ``explain``); writes ``explanation.json`` as it goes."""
    wanted = ExplainParams.model_validate(params)
    context.progress(say(_("Opening the model")), 0.02)
    opened, dataset = open_bundle(context, wanted.run, wanted.candidate)
    if opened.background is None or not opened.pipeline.columns_:
        raise UnusableData(
            _("“{name}” looks at no columns, so there is nothing to explain."),
            _("Choose another candidate."),
            name=wanted.candidate,
        )
    needed = list(dict.fromkeys([*opened.pipeline.columns_, opened.manifest.target]))
    folder = context.workspace.dataset_folder(dataset)
    work = Work(wanted, opened, table.load(folder, columns=needed), context)
    if (folder / "test.parquet").exists():
        held_out = table.load(folder, test=True)
        work.held_out = held_out[needed] if set(needed) <= set(held_out.columns) else None
    work.go()


class Work:
    """One explanation under way.

    Every sampling has a fixed order and a fixed end; the time allowed only decides how far it gets.
    """

    def __init__(self, wanted: ExplainParams, opened: Bundle, rows: pd.DataFrame, context: Context) -> None:
        self.wanted, self.opened, self.rows, self.context = wanted, opened, rows, context
        self.pipeline, self.manifest = opened.pipeline, opened.manifest
        self.held_out: pd.DataFrame | None = None  # rows of the separate test file
        self.cache = str(context.workspace.cache_folder)
        self.pipeline.use_cache(self.cache)
        for encoder in self.pipeline.text_encoders().values():
            if hasattr(encoder, "progress"):
                encoder.progress = lambda done, all_texts: context.check()
        kept = opened.background if opened.background is not None else rows.head(0)
        self.background = kept.sample(min(BACKGROUND, len(kept)), random_state=wanted.seed)
        self.began = time.monotonic()
        self.result = Explanation(
            run=wanted.run,
            candidate=wanted.candidate,
            unit=self.manifest.target if self.manifest.task == "regression" else "probability",
            background_rows=len(self.background),
            n_rows=0,
            permutation_metric=self.manifest.metric,
        )

    def go(self) -> None:
        """Rows first, then the whole; what there is stands in the file after each step."""
        self._open_rows()
        if self.wanted.whole:
            found = self._rank()
            self.context.progress(say(_("Shuffling each column in turn")), 0.8)
            self._permute()
            self._collect_words(found)
        self._write()

    def _open_rows(self) -> None:
        until = OPENED_UNTIL if self.wanted.whole else 1.0
        for number, position in enumerate(self.wanted.rows):
            if position not in self.rows.index:
                text = _("Row {row} is not in the table any more.")
                self.result.warnings.append(say(text, row=position + 1))
                continue
            self.context.progress(
                say(_("Opening row {row} into columns and words"), row=position + 1),
                0.05 + 0.4 * number / len(self.wanted.rows),
            )
            over = self._over(until * (number + 1) / len(self.wanted.rows))
            row, game = self.row(position, EXACT_PLAYERS, over)
            self.open_texts(row, game, WORD_TEXTS, over)
            self.result.rows.append(row)
            if abs(row.error) > GAP * max(1.0, abs(row.output)):
                text = _("The bars of row {row} miss the output by {gap:.3g}: read them with care.")
                self.result.warnings.append(say(text, row=position + 1, gap=abs(row.error)))
            self._write()

    def _rank(self) -> list[tuple[RowExplanation, Game]]:
        random = np.random.default_rng(self.wanted.seed)
        chosen = random.permutation(self.rows.index.to_numpy())[:WHOLE_ROWS]
        over = self._over(RANKED_UNTIL)
        found: list[tuple[RowExplanation, Game]] = []
        for number, position in enumerate(chosen):
            self.context.progress(
                say(_("Ranking the columns: row {n} of {all}"), n=number + 1, all=len(chosen)),
                0.45 + 0.35 * number / len(chosen),
            )
            if found and over():
                self.result.warnings.append(
                    say(_("The time allowed {n} rows for the ranking instead of {all}."), n=number, all=len(chosen))
                )
                break
            found.append(self.row(int(position), EXACT_PLAYERS_WHOLE, over))
            self.result.n_rows = len(found)
            self.result.shapley = whole.ranked([row for row, _game in found])
            self._write()
        return found

    def _collect_words(self, found: list[tuple[RowExplanation, Game]]) -> None:
        """Open the texts of the ranked rows too, as many as the time allows."""
        over = self._over(1.0)
        opened = list(self.result.rows)
        for number, (row, game) in enumerate(found):
            if over():
                break
            self.context.progress(
                say(_("Opening row {row} into columns and words"), row=row.row + 1), 0.85 + 0.15 * number / len(found)
            )
            self.open_texts(row, game, WHOLE_WORD_TEXTS, over)
            opened.append(row)
        self.result.words = whole.words(opened)

    def _permute(self) -> None:
        rows, task = self._scored_rows(), self.manifest.task
        truth = (
            rows[self.manifest.target].to_numpy(dtype=float)
            if task == "regression"
            else np.asarray([word(value) for value in rows[self.manifest.target].tolist()], dtype=object)
        )

        def score(frame: pd.DataFrame) -> float:
            prediction, probabilities = self.pipeline.both(frame)
            return point(self.manifest.metric, task, truth, prediction, probabilities, self.manifest.classes)

        self.result.permutation = importances(
            score,
            rows[self.pipeline.columns_],
            seed=self.wanted.seed,
            check=self.context.check,
            enough=self._over(SHUFFLED_UNTIL),
        )

    def _scored_rows(self) -> pd.DataFrame:
        """Some rows whose truth is known, from the test file if there is one: those the model has not seen."""
        rows = self.rows if self.held_out is None else self.held_out
        known = rows[rows[self.manifest.target].notna()]
        return known.sample(min(PERMUTED_ROWS, len(known)), random_state=self.wanted.seed).sort_index()

    def row(self, position: int, exact: int, enough: Callable[[], bool]) -> tuple[RowExplanation, Game]:
        """One row as columns, and the game it was, for opening its texts."""
        began = time.monotonic()
        row = self.rows.loc[[position], self.pipeline.columns_]
        label, place = self._label(row)
        game = Game(lambda frame: self._output(frame, place), row, self.background)
        found = shares(game.values, len(game.players), seed=self.wanted.seed, exact=exact, enough=enough)
        effects = [
            ColumnEffect(name=name, shown=_cell(row[name].iloc[0]), value=value, low=value - reach, high=value + reach)
            for name, value, reach in zip(game.players, found.values, found.reach, strict=True)
        ]
        explanation = RowExplanation(
            row=position,
            label=label,
            base=found.base,
            output=found.output,
            columns=sorted(effects, key=lambda one: -abs(one.value)),
            error=found.base + float(found.values.sum()) - found.output,
            evaluations=game.evaluations,
            seconds=time.monotonic() - began,
        )
        return explanation, game

    def open_texts(self, row: RowExplanation, game: Game, texts: int, enough: Callable[[], bool]) -> None:
        """Open the row's text columns into words, with at most about `texts` masked texts each."""
        began = time.monotonic()
        for effect in row.columns:
            column = self.opened.schema.column(effect.name)
            if column is None or column.role != "text":
                continue
            self.context.check()
            with self._not_cached():
                effect.parts = open_text(
                    game, effect.name, effect.value, column.language, seed=self.wanted.seed, texts=texts, enough=enough
                )
            if effect.parts:
                effect.shown = str(game.row[effect.name].iloc[0])  # as it stands: the parts say where in it they are
        row.evaluations = game.evaluations
        row.seconds += time.monotonic() - began

    @contextmanager
    def _not_cached(self) -> Iterator[None]:
        """Masked texts are not worth keeping."""
        self.pipeline.use_cache(None)
        try:
            yield
        finally:
            self.pipeline.use_cache(self.cache)

    def _label(self, row: pd.DataFrame) -> tuple[str, int]:
        """The class to explain and its place: the one asked for, else the predicted one."""
        if self.manifest.task == "regression":
            return "", 0
        classes = self.manifest.classes
        asked = self.wanted.label or ""
        label = asked if asked in classes else str(self.pipeline.predict(row)[0])
        return label, classes.index(label)

    def _output(self, frame: pd.DataFrame, place: int) -> np.ndarray:
        self.context.check()
        if self.manifest.task == "regression":
            return np.asarray(self.pipeline.predict(frame), dtype=float)
        return self.pipeline.predict_proba(frame)[:, place]

    def _over(self, share: float) -> Callable[[], bool]:
        """Whether this share of the time allowed is used up."""
        return lambda: time.monotonic() - self.began > share * self.wanted.budget_seconds

    def _write(self) -> None:
        self.result.seconds = time.monotonic() - self.began
        write_model(self.result, self.context.folder / "explanation.json")


def _cell(value: object) -> str:
    return "" if pd.isna(value) else clip(shown(value), 200)
