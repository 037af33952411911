"""An explained row put through shap's own explainers, with the same row, background, weights and output.

What is the same on both sides: the fitted candidate; the row; the class and the scale; and the background, in which a
row that stands for many counts as often as it does with us. shap has no weights, so it is given each background row as
often as it stands for one of the rows that the bundle kept (12 rows of different weight become up to 200).

What is not shared: the cells are put together by shap's masker, every made-up row goes through the whole candidate as a
table (not through the shortcuts of `core.explain.shapley.candidate_evaluators`), the average over the background and
the sharing out are shap's. `shap.explainers.Tree` alone reads the features as they are assembled here.

Of a text, its words are hidden by deletion beside the same sets of other columns as with us (`WordGame`), and what lies
between the empty text and the hidden column is shared alike among them, so that they sum to shap's own bar of the text.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np
import pandas as pd
from scipy import stats

from core.explain.against_shap import explainers
from core.explain.against_shap.explainers import FEWEST_ORDERS, Answer
from core.explain.against_shap.trees import by_trees
from core.explain.open_candidate import OpenCandidate
from core.explain.row.estimate import EXACT_PLAYERS, SHAP_ORDERS, SHAP_WORD_ORDERS, SHAP_WORDS
from core.explain.shapley.column_game import Game, distinct, stacked
from core.explain.shapley.evaluators import Table
from core.explain.shapley.values import SURE_PAIRS
from core.explain.text.owen import NARROW as NARROW_WORDS
from core.explain.text.spans import masked
from core.explain.text.word_game import WordGame
from core.results.explanations.rows import ColumnEffect, Part, RowExplanation
from core.results.explanations.shap_check import Beside, ExplainerName, ShapBars, ShapCheck

EXACT_WORDS_CHEAP = 10  # words whose every set is tried where no language model reads them
SURE = 0.95  # of all bars together
PROBES = 8  # times the stacked rows, to learn what a row more costs
SECONDS_PER_CALL = 1.0  # rows per call of the model are chosen so, to be able to stop
Say = Callable[[ExplainerName, str, float], None]  # explainer, text column ("": the columns), share of it done


def quiet(explainer: ExplainerName, column: str, share: float) -> None:
    """Nobody is told."""


def check(
    model: OpenCandidate,
    row: RowExplanation,
    frame: pd.DataFrame,
    *,
    budget_seconds: float,
    seed: int = 0,
    told: Say = quiet,
) -> ShapCheck:
    """Put shap's bars beside those of an explained row.

    Parameters
    ----------
    frame : DataFrame of one row
        The candidate's columns, as they were explained.
    budget_seconds : float
        Where orders are drawn at random, they are drawn for so long at most, four at least.
    seed : int
        Of shap's orders; of ours it was the same, though drawn otherwise.
    told : callable
        Told how far it is.
    """
    explainers.warm()
    began = time.monotonic()
    _label, place = model.label(frame, row.label or None)
    frame = frame[model.pipeline.columns_]
    texts = [column for column in row.columns if _spans(column)]
    side = _Side(model, frame, place, seed, told)
    share = budget_seconds * (0.5 if texts else 1.0)
    result = ShapCheck(
        candidate=model.manifest.candidate,
        row=row.row,
        label=row.label,
        output=model.output,
        unit=model.unit,
        background_rows=len(model.background),
        repeated_rows=len(side.hidden),
        shap_version=explainers.VERSION,
        parts=[side.columns(row, share)],
        ours_seconds=row.seconds,
    )
    for number, column in enumerate(texts):
        left = began + budget_seconds - time.monotonic()
        bar = next(bar for bar in result.parts[0].bars if bar.name == column.name)
        with model.not_cached():
            result.parts.append(side.words(column, bar, max(1.0, left / (len(texts) - number))))
    result.seconds = time.monotonic() - began
    return result


def repeats(weights: np.ndarray, n_rows: int) -> np.ndarray:
    """How often each background row stands there when a weight is a number of rows.  (k,)  →  int (k,)

    n_rows : rows the weights were counted in

    Raises
    ------
    ValueError
        The weights are not such shares.
    """
    counts = np.rint(np.asarray(weights) * n_rows).astype(int)
    if not np.allclose(counts / n_rows, weights, rtol=0, atol=1e-9):
        raise ValueError(f"weights are no shares of {n_rows} rows")
    return counts // gcd(*counts.tolist())


@dataclass
class _Side:
    """One row on shap's side."""

    model: OpenCandidate
    frame: pd.DataFrame
    place: int
    seed: int
    told: Say

    def __post_init__(self) -> None:
        model = self.model
        assert model.bundle.background is not None
        counts = repeats(model.weights, len(model.bundle.background))
        self.hidden = np.repeat(np.arange(1, len(counts) + 1), counts)  # places among the stacked rows; 0: the row
        self.game = model.game(self.frame, self.place)

    def columns(self, row: RowExplanation, budget: float) -> ShapBars:
        """Columns: from the trees where that fits, else every set where they are few, else orders at random."""
        began, n = time.monotonic(), len(self.game.players)
        rows = _Rows(self.model, self.frame, self.place)
        row_code, background = np.zeros(n), np.tile(self.hidden[:, None], (1, n)).astype(float)
        output = float(rows(row_code[None])[0])
        explainer: ExplainerName = "Tree"
        found = by_trees(self.game, self.hidden, output)
        if found is None and n <= EXACT_PLAYERS and 2**n * len(self.game.weights) * rows.per_row <= budget:
            explainer = "Exact"
            rows.all = 2**n * len(self.game.weights)
            rows.told = lambda share: self.told("Exact", "", share)
            found = explainers.exact(rows, row_code, background)
        if found is None:
            explainer = "Permutation"
            found = explainers.permuted(
                rows, row_code, background, seed=self.seed, most=SHAP_ORDERS, enough=lambda: _gone(began) > budget,
                each=lambda done: self.told("Permutation", "", max(done / SHAP_ORDERS, _gone(began) / budget)),
            )  # fmt: skip
        at = {name: number for number, name in enumerate(self.game.players)}
        places = [at[column.name] for column in row.columns]
        bars = _beside(row.columns, [column.name for column in row.columns], found, found.values, places)
        return ShapBars(
            explainer=explainer, bars=bars, ours_base=row.base, base=found.base, ours_output=row.output, output=output,
            evaluations=rows.evaluations, seconds=_gone(began),
        )  # fmt: skip

    def words(self, column: ColumnEffect, bar: Beside, budget: float) -> ShapBars:
        """Words: every set where they are few, else orders at random, or halves of halves where that takes too long."""
        began, spans, n = time.monotonic(), _spans(column), len(_spans(column))
        game = WordGame(self.game, column.name, column.shown, spans, self.seed)
        texts = _Texts(self.model, self.frame, self.place, game)
        ends = texts(np.array([[0.0] * n, [1.0] * n]))
        per_text = _gone(began) / 2
        explainer, found = self._shared(column, texts, budget, per_text)
        values = found.values + (bar.theirs - found.values.sum()) / n
        parts = _words(column)
        bars = _beside(parts, [part.text for part in parts], found, values, range(n), bar.band / n)
        empty, whole = float(ends[0]), float(ends[1])
        return ShapBars(
            column=column.name, explainer=explainer, bars=bars, ours_base=empty, base=empty, ours_output=whole,
            output=whole, evaluations=texts.evaluations, seconds=_gone(began),
        )  # fmt: skip

    def _shared(
        self, column: ColumnEffect, texts: _Texts, budget: float, per_text: float
    ) -> tuple[ExplainerName, Answer]:
        n, began = len(texts.game.spans), time.monotonic()
        if n <= (EXACT_WORDS_CHEAP if texts.game.cheap else SHAP_WORDS):
            texts.all = 2**n
            texts.told = lambda share: self.told("Exact", column.name, share)
            return "Exact", explainers.exact(texts, np.ones(n), np.zeros((1, n)))
        orders = budget / max(per_text * 2 * n, 1e-9)
        if orders < FEWEST_ORDERS:
            texts.all = most = max(2 * n, int(budget / per_text))  # one order and its reverse at least
            texts.told = lambda share: self.told("Partition", column.name, share)
            tree = explainers.balanced(_sentences(column))
            return "Partition", explainers.partitioned(texts, tree, most)
        return "Permutation", explainers.permuted(
            texts, np.ones(n), np.zeros((1, n)), seed=self.seed, most=SHAP_WORD_ORDERS, narrow=NARROW_WORDS,
            enough=lambda: _gone(began) > budget,
            each=lambda done: self.told(
                "Permutation", column.name, max(done / SHAP_WORD_ORDERS, _gone(began) / budget)
            ),
        )  # fmt: skip


class _Told:
    """Counts evaluations and tells how many of all that are known are done."""

    def __init__(self) -> None:
        self.evaluations, self.all = 0, 0
        self.told: Callable[[float], None] = lambda share: None

    def _done(self, n: int) -> None:
        self.evaluations += n
        if self.all:
            self.told(min(1.0, self.evaluations / self.all))


class _Rows(_Told):
    """The output of rows whose cells are named by the stacked row they come from: what shap's masker hands over.

    Equal rows go through the candidate once per call, whole and as a table, a second's worth at a time.
    """

    def __init__(self, model: OpenCandidate, frame: pd.DataFrame, place: int) -> None:
        super().__init__()
        self.all_rows = stacked(frame, model.background)
        self.says = Table(lambda made: model.value(made, place), self.all_rows)
        probe = np.arange(len(self.all_rows))[:, None].repeat(self.all_rows.shape[1], axis=1)
        self._seconds(probe)  # the first call reads the texts
        few, many = self._seconds(probe), np.tile(probe, (PROBES, 1))
        self.per_row = few / len(probe)
        if few < SECONDS_PER_CALL / 2:
            more = self._seconds(many)  # what every call costs, whatever its rows, is in both
            self.per_row = max((more - few) / (len(many) - len(probe)), more / len(many) / 20)

    def __call__(self, places: np.ndarray) -> np.ndarray:
        places = np.rint(places).astype(np.int64)
        first, which = distinct(places, len(self.all_rows))
        at_once = max(16, int(SECONDS_PER_CALL / self.per_row))
        found: list[np.ndarray] = []
        for start in range(0, len(first), at_once):
            some = first[start : start + at_once]
            found.append(self.says.outputs(places[some]))
            self._done(len(some))
        return np.concatenate(found)[which]

    def _seconds(self, places: np.ndarray) -> float:
        began = time.monotonic()
        self.says.outputs(places)
        return _gone(began)


class _Texts(_Told):
    """The output of the row's text without some words, averaged over the same sets of other columns as with us."""

    def __init__(self, model: OpenCandidate, frame: pd.DataFrame, place: int, game: WordGame) -> None:
        super().__init__()
        self.game = game
        self.table = Game(lambda made: model.value(made, place), frame, model.background, model.weights)
        self._known: dict[str, float] = {}

    def __call__(self, kept: np.ndarray) -> np.ndarray:
        texts = [masked(self.game.text, self.game.spans, one > 0.5) for one in kept]
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        at_once = max(1, 256 // len(self.game.shown))
        for start in range(0, len(new), at_once):
            some = new[start : start + at_once]
            beside = np.tile(self.game.shown, (len(some), 1))
            each = [text for text in some for _set in self.game.shown]
            found = self.table.with_texts(beside, self.game.column, each)
            self._known.update(zip(some, (found.reshape(len(some), -1) @ self.game.weights).tolist(), strict=True))
            self._done(len(some))
        return np.asarray([self._known[text] for text in texts])


def _beside(
    ours: Sequence[ColumnEffect | Part],
    names: list[str],
    found: Answer,
    values: np.ndarray,
    places: Sequence[int],
    more: float = 0.0,
) -> list[Beside]:
    """Our bars and shap's; `places` says where ours stand among shap's, `more` what to add to every band."""
    made = []
    for name, bar, at in zip(names, ours, places, strict=True):
        reach, theirs = (bar.high - bar.low) / 2, float(found.reach[at])
        band = more + _band(reach, theirs, found.draws, len(names))
        made.append(
            Beside(
                name=name, ours=bar.value, ours_reach=reach, theirs=float(values[at]), theirs_reach=theirs, band=band
            )
        )
    return made


def _band(ours: float, theirs: float, draws: int, n_bars: int) -> float:
    """How far drawing orders takes two bars apart, so that all `n_bars` stay within with 95 % (Student, Bonferroni).

    ours, theirs : half their 95 % intervals. How many orders ours are of is not kept, so its standard error is taken as
    that of many and its tails as those of the fewest that are believed: if anything too wide.
    """
    df = min([SURE_PAIRS - 1] * (ours > 0) + [draws - 1] * (theirs > 0), default=1)
    of_theirs = theirs / stats.t.ppf(0.975, draws - 1) if theirs > 0 else 0.0
    error = np.hypot(ours / stats.norm.ppf(0.975), of_theirs)
    return float(error * stats.t.ppf(1 - (1 - SURE) / (2 * n_bars), df))


def _words(column: ColumnEffect) -> list[Part]:
    return sorted((part for part in column.parts if part.level == "word"), key=lambda part: part.start)


def _spans(column: ColumnEffect) -> list[tuple[int, int]]:
    """The words of a text that was opened; none where there is but one."""
    words = _words(column)
    return [(part.start, part.end) for part in words] if len(words) > 1 else []


def _sentences(column: ColumnEffect) -> list[int]:
    """How many words each sentence has."""
    words = _words(column)
    ends = [part.end for part in column.parts if part.level == "sentence"] or [len(column.shown)]
    owner = np.searchsorted(ends, [word.end for word in words])
    return [int(n) for n in np.bincount(owner) if n]


def _gone(began: float) -> float:
    return time.monotonic() - began
