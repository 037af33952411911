"""A run of the language lab: models trained in turns on one text, so that their curves grow side by side, then judged.

Everything is written where a page can watch it (`core.results.language.laboratory` says what lies where). A run that
was stopped goes on from its checkpoints; what it had learned can be used meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from safetensors import __version__ as safetensors_version

from core import catalog
from core.catalog.language_models import ARCHITECTURES, Architecture, usual_vocabulary
from core.data.schema import read_model
from core.job_params import LanguageModelParams
from core.jobs.context import Context
from core.language.corpus import Corpus
from core.language.judging.judge import Yardstick, judge
from core.language.judging.rivals import rivals
from core.language.ngram import KneserNey
from core.language.saved_models import load
from core.language.tokens import Tokens
from core.language.training import parallel_check, rate_finder
from core.language.training.data_parallel import Shared, helped
from core.language.training.loop import Training
from core.language.training.round_robin import TRAINED, TrainingSlot, checkpoint, cut, in_turns, keep, write
from core.language.training.validation import validation_part
from core.messages import Cancelled, UnknownChoice, UnusableData, _, say
from core.results.language.laboratory import (
    LAB_FILE,
    JudgeSettings,
    LabModel,
    LabResult,
    ModelCard,
)

PROMPT_LETTERS = 12  # of a document, up to the end of the word
TUNING = "core.language.training.lora:in_run"  # loaded when it is asked for: peft takes seconds
DECODERS = ("transformer", "lstm", "ngram")


def run(wanted: LanguageModelParams, corpus: Corpus, context: Context) -> LabResult:
    """Train and judge the models asked for.

    Raises
    ------
    Cancelled
        What was learned so far is kept, and can be asked and gone on from.
    UnknownChoice, UnusableData
    """
    chosen = [_architecture(name, wanted) for name in wanted.models]
    _same_run(wanted, chosen, corpus, context.folder)
    tokens = _tokens(wanted, chosen, corpus, context.folder)
    result = _begun(wanted, corpus, tokens, chosen, context.folder)
    pupils = []
    for line, architecture in zip(result.models, chosen, strict=True):
        if line.judged is not None:
            continue
        if architecture.kind == "ngram":
            _count(line, architecture, corpus, tokens, wanted, context)
        else:
            pupils.append(_pupil(line, architecture, corpus, tokens, wanted, context.folder))
        write(result, context.folder)
    try:
        _experiments(pupils, result, wanted, corpus, tokens, context)
        with _helped(pupils, corpus, context):
            in_turns(pupils, result, context)
        _judge(result, corpus, context)
    except Cancelled:
        for line in result.models:
            line.status = "cancelled" if line.status == "running" else line.status
        write(result, context.folder)
        raise
    if wanted.tune and not result.tuned:
        result.tuned.append(catalog.load(TUNING)(wanted, corpus, result.settings, context))
        write(result, context.folder)
    context.progress(say(_("Done")), 1.0)
    return result


def _architecture(name: str, wanted: LanguageModelParams) -> Architecture:
    known = {one: made for one, made in ARCHITECTURES.items() if made.kind in DECODERS}
    if name not in known:
        raise UnknownChoice(
            _("“{name}” is not a language model that can be trained here."),
            _("Choose one of: {known}."),
            name=name,
            known=list(known),
        )
    made = known[name]
    rate = wanted.learning_rate if wanted.learning_rate is not None else made.learning_rate
    return replace(made, learning_rate=rate)


def _tokens(wanted: LanguageModelParams, chosen: list[Architecture], corpus: Corpus, folder: Path) -> Tokens:
    """One tokeniser for all models of a run; kept, since not every kind is learned the same way twice."""
    path = folder / "tokenizer.json"
    if not path.is_file():
        usual = usual_vocabulary(corpus.counts.train_bytes, corpus.counts.language)
        vocabulary = wanted.vocabulary or max(one.vocabulary or usual for one in chosen)
        Tokens.train(wanted.tokenizer, corpus.train, vocabulary).save(path)
    return Tokens.load(path)


def _same_run(wanted: LanguageModelParams, chosen: list[Architecture], corpus: Corpus, folder: Path) -> None:
    """A run is gone on with on its own text only: another split would judge it on what it has learned from.

    Raises
    ------
    UnusableData
        The folder holds a run on another text, or with another seed, tokeniser or other models.
    """
    found = read_model(LabResult, folder / LAB_FILE)
    if found is None:
        return
    names = [one.name for one in chosen]
    before = (found.digest, found.seed, found.tokenizer, [one.name for one in found.models])
    if before != (_digest(corpus), wanted.seed, wanted.tokenizer, names):
        raise UnusableData(
            _("The run in this folder is on another text, or with another seed, tokeniser or other models."),
            _("Choose another place, or train anew."),
        )


def _digest(corpus: Corpus) -> str:
    """What tells a text and its split from another."""
    parts = (corpus.train, corpus.validation, corpus.test)
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()


def _begun(
    wanted: LanguageModelParams, corpus: Corpus, tokens: Tokens, chosen: list[Architecture], folder: Path
) -> LabResult:
    found = read_model(LabResult, folder / LAB_FILE)
    if found is not None:
        return found
    if not chosen:
        raise UnusableData(_("No model was chosen."), _("Choose at least one."))
    result = LabResult(
        corpus=corpus.name,
        counts=corpus.counts,
        digest=_digest(corpus),
        tokenizer=wanted.tokenizer,
        vocabulary=tokens.size,
        budget_seconds=None if wanted.steps else wanted.budget_seconds,
        seed=wanted.seed,
        settings=JudgeSettings(texts=wanted.texts, seed=wanted.seed),
        models=[LabModel(name=one.name, label=say(one.label)) for one in chosen],
    )
    write(result, folder)
    return result


def _count(
    line: LabModel,
    architecture: Architecture,
    corpus: Corpus,
    tokens: Tokens,
    wanted: LanguageModelParams,
    context: Context,
) -> None:
    """Fit the n-gram model: at once."""
    context.progress(say(_("Counting n-grams")), 0.0)
    line.status = "running"
    began = time.monotonic()
    model = KneserNey(tokens, architecture.order).fit(tokens.encode_all(corpus.train))
    seconds = time.monotonic() - began
    n_tokens = sum(len(one) + 1 for one in tokens.encode_all(corpus.train))
    line.card = _card(architecture, corpus, tokens, wanted).model_copy(
        update={
            "n_grams": model.n_grams,
            "train_seconds": seconds,
            "tokens_read": n_tokens,
            "tokens_per_second": n_tokens / max(seconds, 1e-9),
            "validation_bits_per_byte": model.bits_per_byte(validation_part(tokens, corpus.validation)),
        }
    )
    keep(line, model, context.folder, None)


def _pupil(
    line: LabModel,
    architecture: Architecture,
    corpus: Corpus,
    tokens: Tokens,
    wanted: LanguageModelParams,
    folder: Path,
) -> TrainingSlot:
    made = partial(Shared, rank=0, total=wanted.processes) if wanted.processes > 1 else Training
    training = made(
        architecture,
        tokens,
        corpus.train,
        corpus.validation,
        seconds=wanted.budget_seconds,
        steps=wanted.steps,
        seed=wanted.seed,
    )
    if training.resume(checkpoint(folder, line)):
        cut(folder, line.name, training.progress.step)
    line.status, line.reason, line.hint = "running", None, None
    line.card = _card(architecture, corpus, tokens, wanted).model_copy(
        update={"parameters": sum(weight.numel() for weight in training.network.parameters())}
    )
    now = training.progress
    return TrainingSlot(line, architecture, training, training.run(), [], _prompt(corpus), now.seconds, now.seconds)


@contextmanager
def _helped(pupils: list[TrainingSlot], corpus: Corpus, context: Context) -> Iterator[None]:
    """Start the processes that take part in the training, if there are to be any."""
    shared = {
        checkpoint(context.folder, one.line): one.training
        for one in pupils
        if isinstance(one.training, Shared) and not one.training.progress.done
    }
    if not shared:
        yield
        return
    context.progress(say(_("Starting {n} processes"), n=next(iter(shared.values())).total), 0.0)
    with (
        tempfile.TemporaryDirectory(prefix="amalgam-") as place,
        helped(list(shared.values()), corpus.train, list(shared), Path(place), context.check),
    ):
        yield


def _prompt(corpus: Corpus) -> str:
    """The first words of a document that is not trained on: a long one, so that there is something to go on with."""
    document = max(corpus.validation, key=len)
    return document[: document.find(" ", PROMPT_LETTERS)] if " " in document[PROMPT_LETTERS:] else document[:4]


def _experiments(
    pupils: list[TrainingSlot],
    result: LabResult,
    wanted: LanguageModelParams,
    corpus: Corpus,
    tokens: Tokens,
    context: Context,
) -> None:
    """What is shown beside the training: the learning-rate finder, and several processes against one."""
    for pupil in pupils:
        name, label = pupil.line.name, say(pupil.architecture.label)
        if wanted.find_rate and not any(one.model == name for one in result.finders):
            context.progress(say(_("Looking for a learning rate for {model}"), model=label), 0.0)
            result.finders.append(rate_finder.find(pupil.training, tell=lambda step, curve: context.check()))
            write(result, context.folder)
        if wanted.processes > 1 and not any(one.model == name for one in result.parallel):
            stage = say(_("Training {model} on {n} processes and on one"), model=label, n=wanted.processes)
            context.progress(stage, 0.0)
            result.parallel.append(
                parallel_check.check(
                    pupil.architecture,
                    tokens,
                    corpus.train,
                    n_processes=wanted.processes,
                    seed=wanted.seed,
                    stopped=context.check,
                )
            )
            write(result, context.folder)


def _judge(result: LabResult, corpus: Corpus, context: Context) -> None:
    """Every model by the same yardstick."""
    yardstick = Yardstick(corpus, result.settings)
    for number, line in enumerate(result.models):
        if line.judged is not None:
            continue
        model = load(context.folder / "models" / line.name)
        stage = say(_("Judging {model}"), model=line.label or line.name)
        line.judged = judge(
            model, corpus, result.settings, _told(context, stage, number, len(result.models)), yardstick
        )
        line.judged.model = line.name
        line.status = "ok"
        write(result, context.folder)
        shutil.rmtree(checkpoint(context.folder, line), ignore_errors=True)
    result.rivals = rivals(result)
    write(result, context.folder)


def _told(context: Context, stage: Any, number: int, total: int) -> Callable[[float], None]:
    return lambda share: context.progress(stage, TRAINED + (1 - TRAINED) * (number + share) / total)


def _card(architecture: Architecture, corpus: Corpus, tokens: Tokens, wanted: LanguageModelParams) -> ModelCard:
    return ModelCard(
        name=architecture.name,
        kind=architecture.kind,
        corpus=corpus.name,
        language=corpus.counts.language,
        tokenizer=wanted.tokenizer,
        vocabulary=tokens.size,
        context=architecture.context,
        seed=wanted.seed,
        versions={"torch": torch.__version__, "safetensors": safetensors_version},
    )
