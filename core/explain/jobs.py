"""The job that explains a kept candidate: single rows into columns and words, the whole data into ranked columns."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd

from core.bundle import Bundle
from core.data import table
from core.data.schema import write_model
from core.evaluate.points import point
from core.evaluate.result import ColumnEffect, Explanation, Importance, Interval, RowExplanation, WordEffect
from core.explain.estimate import BACKGROUND, WHOLE_ROWS, WORD_TEXTS
from core.explain.game import Game
from core.explain.permutation import importances
from core.explain.shapley import shares
from core.explain.words import open_text
from core.fuse.columns import word
from core.jobs.context import Context
from core.messages import UnusableData, _, clip, say
from core.plan import ExplainParams
from core.runs import open_bundle

PERMUTED_ROWS = 300


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
    rows = table.load(context.workspace.dataset_folder(dataset))
    _Work(wanted, opened, rows, context).go()


class _Work:
    """One explanation under way."""

    def __init__(self, wanted: ExplainParams, opened: Bundle, rows: pd.DataFrame, context: Context) -> None:
        self.wanted, self.opened, self.rows, self.context = wanted, opened, rows, context
        self.pipeline = opened.pipeline
        self.pipeline.use_cache(str(context.workspace.cache_folder))
        kept = opened.background if opened.background is not None else rows.head(0)
        self.background = kept.sample(min(BACKGROUND, len(kept)), random_state=wanted.seed)
        self.began = time.monotonic()
        self.regression = opened.manifest.task == "regression"
        self.result = Explanation(
            run=wanted.run,
            candidate=wanted.candidate,
            unit=opened.manifest.target if self.regression else "probability",
            background_rows=len(self.background),
            n_rows=0,
            permutation_metric=opened.manifest.metric,
        )

    def go(self) -> None:
        positions = [position for position in self.wanted.rows if position in self.rows.index]
        for number, position in enumerate(positions):
            share = 0.05 + 0.45 * number / len(positions)
            self.context.progress(say(_("Opening row {row} into columns and words"), row=position + 1), share)
            self.result.rows.append(self._row(position, words=True))
            self._write()
        if self.wanted.whole:
            self._whole()
        self.result.seconds = time.monotonic() - self.began
        self._write()

    def _row(self, position: int, *, words: bool) -> RowExplanation:
        began = time.monotonic()
        row = self.rows.loc[[position], self.pipeline.columns_]
        label, place = self._label(row)
        game = Game(lambda frame: self._output(frame, place), row, self.background)
        found = shares(game.values, len(game.players), seed=self.wanted.seed)
        effects = []
        for name, value, reach in zip(game.players, found.values, found.reach, strict=True):
            column = self.opened.schema.column(name)
            effect = ColumnEffect(
                name=name, shown=_cell(row[name].iloc[0]), value=value, low=value - reach, high=value + reach
            )
            if words and column is not None and column.role == "text":
                self.context.check()
                self.pipeline.use_cache(None)  # masked texts are not worth keeping
                effect.parts = open_text(
                    game, name, float(value), column.language, seed=self.wanted.seed, texts=WORD_TEXTS
                )
                self.pipeline.use_cache(str(self.context.workspace.cache_folder))
            effects.append(effect)
        return RowExplanation(
            row=position,
            label=label,
            base=found.base,
            output=found.output,
            columns=sorted(effects, key=lambda one: -abs(one.value)),
            error=found.base + float(found.values.sum()) - found.output,
            evaluations=game.evaluations,
            seconds=time.monotonic() - began,
        )

    def _whole(self) -> None:
        random = np.random.default_rng(self.wanted.seed)
        order = random.permutation(self.rows.index.to_numpy())
        found: list[RowExplanation] = []
        for number, position in enumerate(order[:WHOLE_ROWS]):
            self.context.progress(
                say(_("Ranking the columns: row {n} of {all}"), n=number + 1, all=min(WHOLE_ROWS, len(order))),
                0.5 + 0.35 * number / WHOLE_ROWS,
            )
            if found and time.monotonic() - self.began > self.wanted.budget_seconds:
                self.result.warnings.append(
                    say(_("The time allowed {n} rows for the ranking instead of {all}."), n=number, all=WHOLE_ROWS)
                )
                break
            found.append(self._row(int(position), words=False))
        self.result.n_rows = len(found)
        self.result.shapley = _ranked(found)
        self.result.words = _words(self.result.rows)
        self._write()
        self.context.progress(say(_("Shuffling each column in turn")), 0.87)
        self._permute(order[:PERMUTED_ROWS])

    def _permute(self, positions: np.ndarray) -> None:
        manifest = self.opened.manifest
        rows = self.rows.loc[np.sort(positions)]
        rows = rows[rows[manifest.target].notna()]
        truth = (
            rows[manifest.target].to_numpy(dtype=float)
            if self.regression
            else np.asarray([word(value) for value in rows[manifest.target].tolist()], dtype=object)
        )

        def score(frame: pd.DataFrame) -> float:
            prediction, probabilities = self.pipeline.both(frame)
            return point(manifest.metric, manifest.task, truth, prediction, probabilities, manifest.classes)

        self.result.permutation = importances(
            score, rows[self.pipeline.columns_], seed=self.wanted.seed, check=self.context.check
        )

    def _label(self, row: pd.DataFrame) -> tuple[str, int]:
        if self.regression:
            return "", 0
        classes = self.opened.manifest.classes
        asked = self.wanted.label or ""
        label = asked if asked in classes else str(self.pipeline.predict(row)[0])
        return label, classes.index(label)

    def _output(self, frame: pd.DataFrame, place: int) -> np.ndarray:
        prediction, probabilities = self.pipeline.both(frame)
        return prediction if probabilities is None else probabilities[:, place]

    def _write(self) -> None:
        write_model(self.result, self.context.folder / "explanation.json")


def _ranked(rows: list[RowExplanation]) -> list[Importance]:
    """Mean absolute Shapley value per column, largest first, with the interval of the mean over rows."""
    sizes: dict[str, list[float]] = {}
    for row in rows:
        for column in row.columns:
            sizes.setdefault(column.name, []).append(abs(column.value))
    found = []
    for name, values in sizes.items():
        mean = float(np.mean(values))
        reach = 1.96 * float(np.std(values, ddof=1)) / np.sqrt(len(values)) if len(values) > 1 else 0.0
        found.append(Importance(name=name, value=Interval(mean=mean, low=max(0.0, mean - reach), high=mean + reach)))
    return sorted(found, key=lambda one: -one.value.mean)


def _words(rows: list[RowExplanation]) -> list[WordEffect]:
    """The words of the opened rows, by their mean effect."""
    seen: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        for column in row.columns:
            for part in column.parts:
                seen.setdefault((column.name, part.text), []).append(part.value)
    found = [
        WordEffect(column=column, text=text, n_rows=len(values), value=float(np.mean(values)))
        for (column, text), values in seen.items()
    ]
    return sorted(found, key=lambda one: -abs(one.value))[:40]


def _cell(value: object) -> str:
    return "" if pd.isna(value) else clip(str(value), 200)
