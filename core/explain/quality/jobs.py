"""The job that says how far a candidate's explanations can be trusted: faithful, stable, learned from the labels?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from core.data.schema import read_model, write_model
from core.explain.global_.estimate import EXACT_PLAYERS_WHOLE
from core.explain.global_.sample import open_sample
from core.explain.open_candidate import OpenCandidate
from core.explain.quality.agreement import Values, correlation, overlap, same, values_of
from core.explain.quality.estimate import DRAWS, FIT_ROWS, STEPS, TRUST_TEXTS, testing_seconds
from core.explain.quality.label_test import Refitted, dependence_of, refit
from core.explain.quality.perturbation_curve import RowWalk, over_rows, perturbation_curve, together
from core.explain.row.rows import explain_frame, open_texts
from core.explain.shapley.column_game import Game
from core.explain.shapley.values import never
from core.explain.text.spans import masked, pieces
from core.job_params import TrustParams
from core.jobs.context import Context
from core.messages import _, _n, say
from core.results.comparison import CandidateResult, Comparison
from core.results.explanations.quality import TRUST_FILE, Agreement, ExplainedTrust, How, What
from core.results.explanations.quality_checks import KINDS, findings
from core.results.explanations.rows import RowExplanation
from core.run_jobs import for_its_run

FIRST: dict[What, int] = {"words": 3, "columns": 1}  # what is spoken of: without so many of them
FEWEST_ROWS = 5  # are explained however long it takes
OPENED = 0.04  # of the bar


@for_its_run
def explain_trust(params: dict[str, Any], context: Context) -> None:
    """Test a candidate's explanations on a sample of rows (job kind ``explain-trust``).

    Writes ``trust.json`` as it goes. The rows are those of a separate test file where there is one, else random rows of
    the table. Classes are explained as the probability of what the row was called.
    """
    wanted = TrustParams.model_validate(params)
    context.progress(say(_("Opening the model")), 0.02)
    n = wanted.rows + FIT_ROWS
    sample = open_sample(context, wanted.run, wanted.candidate, n, output="probability", seed=wanted.seed)
    sample.model.learned_folder = None  # the models trained again have learned nothing about themselves either
    random = np.random.default_rng(wanted.seed)
    rows = sample.scored.iloc[random.permutation(len(sample.scored))[: wanted.rows]]
    Work(wanted, sample.model, rows).go()


class Work:
    """One test under way.

    Row by row, so that there is something to see soon; the time allowed only decides how many rows there are.
    """

    def __init__(self, wanted: TrustParams, model: OpenCandidate, rows: pd.DataFrame) -> None:
        self.wanted, self.model, self.rows, self.context = wanted, model, rows, model.context
        self.columns = list(model.pipeline.columns_)
        self.regression = model.manifest.task == "regression"
        self.walks: dict[What, list[RowWalk]] = {"words": [], "columns": []}
        self.alike: dict[tuple[What, How], list[tuple[float, float]]] = {}  # rows' correlation and overlap
        self.gaps: dict[What, list[float]] = {"words": [], "columns": []}
        self.exact: dict[What, bool] = {"words": True, "columns": True}
        self.began = time.monotonic()
        self.result = ExplainedTrust(
            run=wanted.run,
            candidate=wanted.candidate,
            classes=[] if self.regression else list(model.manifest.classes),
            target=model.manifest.target,
            n_wanted=len(rows),
            seeds=wanted.seeds,
            draws=DRAWS,
            texts=TRUST_TEXTS,
        )

    def go(self) -> None:
        """Train again, then every row; what there is stands in the file after each."""
        result = read_model(Comparison, self.context.workspace.run_folder(self.wanted.run) / "result.json")
        line = result.candidate(self.wanted.candidate) if result else None
        began = time.monotonic()
        refitted = self._train(line, result.n_rows if result else FIT_ROWS)
        self.began = time.monotonic()
        trained, ms = self.began - began, (line.ms_per_row if line else None) or 1.0
        before = OPENED + (1 - OPENED) * trained / (trained + testing_seconds(len(self.columns), len(self.rows), ms))
        with self.model.not_cached():
            for number in range(len(self.rows)):
                if number >= FEWEST_ROWS and self._gone() > self.wanted.budget_seconds:
                    text = _n(
                        "The time allowed {n} row instead of {all}.", "The time allowed {n} rows instead of {all}."
                    )
                    self.result.notes.append(say(text, n=number, all=len(self.rows)))
                    self._write()
                    break
                stage = say(_("Testing the explanation of row {n} of {all}"), n=number + 1, all=len(self.rows))
                self.context.progress(stage, before + (1 - before) * number / len(self.rows))
                self._row(self.rows.iloc[[number]], refitted, number)
                self.result.n_rows = number + 1
                self._write()

    def _train(self, line: CandidateResult | None, n_learned: int) -> Refitted:
        """Train again, on no more rows than the candidate itself learned from."""
        self.context.progress(say(_("Training again, with the true labels and with shuffled ones")), OPENED)
        others = self.model.rows[~self.model.rows.index.isin(self.rows.index)]
        others = others.iloc[:n_learned]
        bound = dependence_of(others, self.wanted.run, self.context)
        found = refit(self.model, others, line, self.wanted.seed, bound)
        self.result.fit_rows, self.result.shuffles = found.n_rows, len(found.shuffled)
        self.result.not_refitted = found.reason
        return found

    def _row(self, row: pd.DataFrame, refitted: Refitted, number: int) -> None:
        row = row[self.columns]
        label, place = self.model.label(row)
        passes = [self._explained(self.model, row, label, self.wanted.seed + one) for one in range(self.wanted.seeds)]
        (first, game), values = passes[0], [values_of(found, self.columns) for found, _game in passes]
        self._walk(first, game, row, place, number)
        self._seeds(values)
        if refitted.again is None or not self._knows(refitted, label):
            return
        again = self._again(refitted.again, row, label)
        shuffled = [self._again(one, row, label) for one in refitted.shuffled]
        for what in KINDS:
            here = values[0][what].values
            true = correlation(here, again[what].values, sizes=True)
            random = [correlation(here, one[what].values, sizes=True) for one in shuffled]
            if np.isfinite([true, *random]).all():
                self._keep(what, "again", true, overlap(here, again[what].values))
                tops = [overlap(here, one[what].values) for one in shuffled]
                self._keep(what, "shuffled", float(np.mean(random)), float(np.mean(tops)))
                self.gaps[what].append(true - float(np.mean(random)))

    def _knows(self, refitted: Refitted, label: str) -> bool:
        """Whether the class was among the rows that were trained on."""
        return self.regression or (refitted.again is not None and label in refitted.again.manifest.classes)

    def _explained(self, model: OpenCandidate, row: pd.DataFrame, label: str, seed: int) -> tuple[RowExplanation, Game]:
        model.seed = seed
        found, game = explain_frame(model, row, label or None, exact=EXACT_PLAYERS_WHOLE, enough=never)
        open_texts(model, found, game, texts=TRUST_TEXTS, enough=never)
        return found, game

    def _again(self, model: OpenCandidate, row: pd.DataFrame, label: str) -> dict[What, Values]:
        with model.not_cached():
            found, _game = self._explained(model, row, label, self.wanted.seed)
        return values_of(found, self.columns)

    def _walk(self, found: RowExplanation, game: Game, row: pd.DataFrame, place: int, number: int) -> None:
        bars = {one.name: one for one in found.columns}
        sides: dict[What, tuple[Callable[[np.ndarray], np.ndarray], list[float]]] = {
            "columns": (game.values, [bars[name].value for name in self.columns])
        }
        opened = [name for name in self.columns if bars[name].parts]
        words = [part.value for name in opened for part in bars[name].parts if part.level == "word"]
        sides["words"] = (lambda kept: self._with_words(row, opened, kept, place), words)
        for what, (worth, values) in sides.items():
            if len(values) < 2:
                continue
            self.walks[what].append(
                perturbation_curve(
                    worth,
                    np.asarray(values),
                    np.random.default_rng([self.wanted.seed, number]),
                    steps=STEPS if what == "words" else min(STEPS, len(values)),
                    draws=DRAWS,
                    first=FIRST[what],
                    distance=self.regression,
                )
            )

    def _with_words(self, row: pd.DataFrame, columns: list[str], kept: np.ndarray, place: int) -> np.ndarray:
        """What the model says of the row with these words of its texts.  bool (m, words)  →  (m,)"""
        tried = row.loc[row.index.repeat(len(kept))].reset_index(drop=True)
        start = 0
        for name in columns:
            text, column = str(row[name].iloc[0]), self.model.schema.column(name)
            spans = pieces(text, column.language if column else "")
            inside = kept[:, start : start + len(spans)]
            tried[name] = pd.array([masked(text, spans, one) for one in inside], dtype=row[name].dtype)
            start += len(spans)
        return self.model.value(tried, place)

    def _seeds(self, values: list[dict[What, Values]]) -> None:
        for what in KINDS:
            pairs = [(one[what].values, other[what].values) for one, other in combinations(values, 2)]
            self.exact[what] &= all(one[what].exact for one in values) and all(same(*pair) for pair in pairs)
            self._keep(
                what,
                "seeds",
                float(np.mean([correlation(*pair) for pair in pairs])),
                float(np.mean([overlap(*pair) for pair in pairs])),
            )

    def _keep(self, what: What, how: How, alike: float, top: float) -> None:
        if np.isfinite(alike):
            self.alike.setdefault((what, how), []).append((alike, top))

    def _agreements(self) -> Iterator[Agreement]:
        for what in KINDS:
            for how in ("seeds", "again", "shuffled"):
                found = np.asarray(self.alike.get((what, how), []), dtype=float).reshape(-1, 2)
                if not len(found):
                    continue
                tops = found[np.isfinite(found[:, 1]), 1]
                yield Agreement(
                    what=what,
                    how=how,
                    n_rows=len(found),
                    correlation=over_rows(found[:, 0], self.wanted.seed),
                    top=over_rows(tops, self.wanted.seed) if len(tops) else None,
                    exact=how == "seeds" and self.exact[what],
                )

    def _gone(self) -> float:
        return time.monotonic() - self.began

    def _write(self) -> None:
        result, seed = self.result, self.wanted.seed
        result.walks = [
            together(what, self.walks[what], first=FIRST[what], distance=self.regression, seed=seed)
            for what in KINDS
            if self.walks[what]
        ]
        result.agreements = list(self._agreements())
        result.gaps = {what: over_rows(np.asarray(some), seed) for what, some in self.gaps.items() if some}
        result.findings = findings(result)
        result.seconds = self._gone()
        write_model(result, self.context.folder / TRUST_FILE)
