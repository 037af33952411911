"""The job that learns to explain a text column of a candidate, so that its words need few questions afterwards."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
import pandas as pd

from core.data.duplicates import near_duplicates
from core.data.schema import write_model
from core.explain.amortized import explainer
from core.explain.amortized.accuracy import tried
from core.explain.amortized.estimate import HELD_OUT_ROWS, LEARNED_ROWS
from core.explain.amortized.lessons import LEAST_WORDS, PAIRS, Lessons
from core.explain.amortized.training import Learning
from core.explain.global_.sample import open_sample
from core.explain.open_candidate import OpenCandidate
from core.explain.text.spans import pieces
from core.explain.text.word_game import is_read
from core.job_params import LearnParams
from core.jobs.context import Context
from core.messages import UnusableData, _, say
from core.results.explanations.amortized import LEARNED_FILE, LearnedWords, learned_place
from core.run_jobs import for_its_run, open_bundle

LEAST_TEXTS = 40
TRIED_FROM = 0.93  # of the bar
ENCODERS = {"en": "minilm"}  # what a network is made from, by the texts' language
ANY_LANGUAGE = "e5"


@for_its_run
def learn_words(params: dict[str, Any], context: Context) -> None:
    """Learn to explain the words of one text column (job kind ``learn-words``).

    What was learned is kept beside the candidate, where it was found to be of use explanations on the same scale use it
    from then on; ``learned.json`` says how far it is off.

    Raises
    ------
    UnusableData
        No language model reads the column, it has too few texts, or the candidate was removed or trained again
        meanwhile.
    """
    wanted = LearnParams.model_validate(params)
    context.progress(say(_("Opening the model")), 0.01)
    model = open_sample(
        context, wanted.run, wanted.candidate, LEARNED_ROWS, output=wanted.output, seed=wanted.seed
    ).model
    work = Work(wanted, model)
    work.go()
    bundle, _dataset = open_bundle(context, wanted.run, wanted.candidate)  # says so if it is not there any more
    if bundle.manifest.fingerprint != work.result.bundle:
        raise UnusableData(_("“{name}” was trained again meanwhile."), _("Learn again."), name=wanted.candidate)
    work.keep()
    write_model(work.result, context.folder / LEARNED_FILE)


class Work:
    """One network under way.

    Attributes
    ----------
    result : LearnedWords
        How far it is off, once it was tried.
    """

    def __init__(self, wanted: LearnParams, model: OpenCandidate) -> None:
        self.wanted, self.model, self.context = wanted, model, model.context
        self.began = time.monotonic()
        self.weights: dict[str, np.ndarray] = {}
        column = read_column(model, wanted.column)
        found = model.schema.column(column)
        language = found.language if found else ""
        texts = model.rows[column].fillna("").astype(str).tolist()
        kinds = near_duplicates.groups(
            texts
        )  # a text that is nearly another's double is not learned from if that one is held out
        long = [len(pieces(text, language)) >= LEAST_WORDS for text in texts]
        different = list(dict.fromkeys(kinds[long].tolist()))
        if len(different) < LEAST_TEXTS:
            raise UnusableData(
                _("“{column}” has too few different texts of {n} words or more to learn from."),
                _("Explain rows without it: a text is opened by asking about parts of it."),
                column=column,
                n=LEAST_WORDS,
            )
        held = np.isin(kinds, different[: min(HELD_OUT_ROWS, len(different) // 5)])
        first = held & long & ~pd.Series(kinds).where(long).duplicated().to_numpy()
        self.held = Lessons(model, column, model.rows[first], wanted.seed + 1)
        self.lessons = Lessons(model, column, model.rows[~held], wanted.seed)
        self.result = LearnedWords(
            run=wanted.run,
            candidate=wanted.candidate,
            column=column,
            output=wanted.output,
            classes=[""] if model.manifest.task == "regression" else list(model.manifest.classes),
            language=language,
            base=ENCODERS.get(language, ANY_LANGUAGE),
            bundle=model.manifest.fingerprint,
            n_texts=min(len(self.lessons.places), wanted.lessons),
            error=math.nan,
            spread=math.nan,
            noise=math.nan,
        )

    def go(self) -> None:
        """Learn, and try it on texts it has not seen."""
        with self.model.not_cached():
            self.weights = self._learn()
            tried(self.result, self.weights, self.held, self.wanted.seed, self._trying)
        self.result.seconds = time.monotonic() - self.began

    def keep(self) -> None:
        """Put it where explanations of this model look for it."""
        assert self.model.learned_folder is not None
        folder = learned_place(self.model.learned_folder, self.result.column, self.result.output)
        explainer.save(folder, self.result, self.weights)

    def _learn(self) -> dict[str, np.ndarray]:
        wanted, result = self.wanted, self.result
        self.context.progress(say(_("Asking the model about parts of texts")), 0.02)
        learning = Learning(self.lessons, result.base, wanted.lessons, self.context.threads, wanted.seed)
        result.revision = learning.source.revision
        for step in learning.steps():
            result.n_lessons = learning.n_read(step.number)
            result.evaluations = result.n_lessons * (2 * PAIRS + 2)
            result.losses.append(step.loss)
            text = _("Learning to explain: {n:,} of {all:,} texts")
            share = 0.02 + (TRIED_FROM - 0.02) * step.number / step.n_steps
            self.context.progress(say(text, n=result.n_lessons, all=wanted.lessons), share)
        return learning.weights()

    def _trying(self, share: float) -> None:
        text = _("Trying it on texts it has not learned from")
        self.context.progress(say(text), TRIED_FROM + (1 - TRIED_FROM) * share)


def read_column(model: OpenCandidate, wanted: str | None) -> str:
    """The text column to learn: the one asked for, else the first one that a language model reads.

    Raises
    ------
    UnusableData
        None is, so that words are cheap anyway, or this one is not.
    """
    row = model.rows.iloc[[0]]
    game = model.game(row, model.label(row)[1])
    texts = [column.name for column in model.schema.columns if column.role == "text" and column.name in game.players]
    read = [name for name in texts if is_read(game.evaluator, game.players.index(name))]
    if not read or (wanted is not None and wanted not in read):
        raise UnusableData(
            _("No language model reads “{column}” here, so its words are explained fast as it is."),
            _("Choose a candidate with an LLM encoder."),
            column=wanted or (texts[0] if texts else model.manifest.candidate),
        )
    return wanted or read[0]
