"""A kept candidate opened to be explained: its model, the rows it is asked about, and a background."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from core.bundles.bundle import Bundle
from core.bundles.manifest import Manifest
from core.compare.target_rows import as_predicted
from core.data import table
from core.explain import output as outputs
from core.explain.amortized.explainer import Learned, open_learned
from core.explain.background import chosen
from core.explain.shapley.candidate_evaluators import evaluator_of
from core.explain.shapley.column_game import Game, stacked
from core.explain.shapley.memory import remember
from core.jobs.context import Context
from core.messages import UnusableData, _
from core.plan import TargetAs
from core.results.explanations.amortized import LEARNED_FILE, learned_folder, learned_place
from core.results.explanations.rows import Output
from core.run_jobs import open_bundle


class OpenCandidate:
    """A fitted candidate with what explaining it needs.

    Parameters
    ----------
    bundle : Bundle
    rows : DataFrame
        Rows that may be explained: the candidate's columns and, where it is known, the target; the index is a row's
        place in the data set.
    context : Context
        Asked before every call of the model: raises to stop.
    output : {"margin", "probability"}
        Of a class; a regression's output is its target.
    seed : int
    held_out : DataFrame, optional
        Rows of a separate test file.
    learned_folder : Path, optional
        Where what was learned about explaining this candidate lies.

    Attributes
    ----------
    background : DataFrame
        Up to `BACKGROUND` rows that a hidden column takes its values from.
    weights : array, shape (k,)
        How much each of them counts, sum 1.
    """

    def __init__(
        self,
        bundle: Bundle,
        rows: pd.DataFrame,
        context: Context,
        *,
        output: Output = "margin",
        seed: int = 0,
        held_out: pd.DataFrame | None = None,
        learned_folder: Path | None = None,
    ) -> None:
        if bundle.background is None or not bundle.pipeline.columns_:
            raise UnusableData(
                _("“{name}” looks at no columns, so there is nothing to explain."),
                _("Choose another candidate."),
                name=bundle.manifest.candidate,
            )
        self.bundle, self.rows, self.context = bundle, bundle.masked(rows), context
        self.pipeline, self.manifest, self.schema = bundle.pipeline, bundle.manifest, bundle.schema
        self.output, self.seed = output, seed
        self.held_out = None if held_out is None else bundle.masked(held_out)
        self.learned_folder = learned_folder
        self._learned: dict[Path, tuple[int, Learned | None]] = {}  # with the time it was written
        self.cache = str(context.workspace.cache_folder)
        self.pipeline.use_cache(self.cache)
        for encoder in self.pipeline.text_encoders().values():
            remember(encoder)
            if hasattr(encoder, "progress"):
                encoder.progress = lambda done, all_texts: context.check()
        kept = bundle.background.reset_index(drop=True)
        said = self.outputs(kept)
        places, self.weights = chosen(said if said.ndim == 1 else outputs.margin(said))
        self.background = kept.iloc[places].reset_index(drop=True)
        self._said_last = said[places[-1:]]  # of the background's last row
        self._called: tuple[pd.DataFrame, np.ndarray] | None = None  # the row asked about last, and what was said of it

    @property
    def unit(self) -> str:
        """What the output's numbers are called."""
        return outputs.unit(self.manifest.task, self.manifest.target, self.output)

    def learned(self, column: str) -> Learned | None:
        """What was learned about explaining this column's words, if anything was that is of use."""
        if self.learned_folder is None:
            return None
        folder = learned_place(self.learned_folder, column, self.output)
        try:
            written = (folder / LEARNED_FILE).stat().st_mtime_ns
        except FileNotFoundError:
            return None
        if folder not in self._learned or self._learned[folder][0] != written:
            self._learned[folder] = written, open_learned(folder, self.manifest.fingerprint)
        return self._learned[folder][1]

    def label(self, row: pd.DataFrame, asked: str | None = None) -> tuple[str, int]:
        """The class to explain and its place: the one asked for, else the one predicted for this row."""
        if self.manifest.task == "regression":
            return "", 0
        classes = self.manifest.classes
        if asked not in classes:
            self.context.check()
            prediction, probabilities = self.pipeline.predict_both(row)
            assert probabilities is not None
            self._called, asked = (row[self.pipeline.columns_], probabilities), str(prediction[0])
        return asked, classes.index(asked)

    def outputs(self, frame: pd.DataFrame) -> np.ndarray:
        """What the model says of these rows: probabilities (n, k), or numbers (n,)."""
        self.context.check()
        prediction, probabilities = self.pipeline.predict_both(frame)
        return np.asarray(prediction, dtype=float) if probabilities is None else probabilities

    def value(self, frame: pd.DataFrame, place: int) -> np.ndarray:
        """The output that is explained, of the class at this place.  n rows  →  (n,)"""
        return outputs.of(self.outputs(frame), place, self.output)

    def game(self, row: pd.DataFrame, place: int) -> Game:
        """One row (a table of one row, the candidate's columns) against the background, for the class at this place."""
        row = row[self.pipeline.columns_]
        return Game(
            lambda frame: self.value(frame, place),
            row,
            self.background,
            self.weights,
            evaluator=evaluator_of(self.pipeline, stacked(row, self.background), self.outputs, self._said_ends(row)),
            place=place,
            output=self.output,
            check=self.context.check,
        )

    def _said_ends(self, row: pd.DataFrame) -> np.ndarray:
        """What the model says of this row and of the background's last."""
        known = self._called
        said = known[1] if known is not None and row.equals(known[0]) else self.outputs(row)
        return np.concatenate([said, self._said_last])

    @contextmanager
    def not_cached(self) -> Iterator[None]:
        """Masked texts are not worth keeping, unless what is said of them was paid for."""
        if self.manifest.asked:
            yield
            return
        self.pipeline.use_cache(None)
        try:
            yield
        finally:
            self.pipeline.use_cache(self.cache)


def open_candidate(
    context: Context, run: str, candidate: str, *, output: Output = "margin", seed: int = 0
) -> OpenCandidate:
    """A kept candidate of this owner's run, with the rows of the data set it was trained on.

    Raises
    ------
    UnusableData
        It was not kept, or it looks at no columns.
    """
    bundle, dataset = open_bundle(context, run, candidate)
    needed = list(dict.fromkeys([*bundle.pipeline.columns_, bundle.manifest.target]))
    folder = context.workspace.dataset_folder(dataset)
    held_out = None
    if (folder / "test.parquet").exists():
        rows = table.load(folder, test=True)
        held_out = with_truth(rows[needed], bundle.manifest) if set(needed) <= set(rows.columns) else None
    rows = with_truth(table.load(folder, columns=needed), bundle.manifest)
    kept = learned_folder(context.workspace.run_folder(run), candidate)
    return OpenCandidate(bundle, rows, context, output=output, seed=seed, held_out=held_out, learned_folder=kept)


def with_truth(rows: pd.DataFrame, manifest: Manifest) -> pd.DataFrame:
    """Rows of the data set with their target as the model learned it: ranges, one label, rare classes merged."""
    if manifest.target_as == TargetAs():
        return rows
    made = as_predicted(rows[manifest.target], manifest.target_as, manifest.classes)
    return rows.assign(**{manifest.target: made})
