"""A run of the language lab: models trained in turns on one text, so that their curves grow side by side, then judged.

Everything is written where a page can watch it (`core.evaluate.language_lab` says what lies where). A run that was
stopped goes on from its checkpoints; what it had learned can be used meanwhile.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import __version__ as safetensors_version

from core import catalog
from core.catalog.language import ARCHITECTURES, Architecture
from core.data.schema import read_model, write_model
from core.evaluate.language_lab import (
    LAB_FILE,
    Decoding,
    JudgeSettings,
    LabModel,
    LabResult,
    LiveLine,
    ModelCard,
    SampleLine,
    StepLine,
    ValidationLine,
    live_file,
    read_curve,
)
from core.jobs.context import Context
from core.language import finder, parallel
from core.language.corpus import Corpus
from core.language.decoding.sample import samples
from core.language.judging.judge import Yardstick, judge
from core.language.model import LanguageModel
from core.language.ngram import KneserNey
from core.language.saved import load, save
from core.language.tokens import Tokens
from core.language.training import Step, Training, Validated, validation_part
from core.messages import Cancelled, UnknownChoice, UnusableData, _, say
from core.plan import LanguageModelParams
from core.workspace import folder_bytes

TURN_SECONDS = 4.0  # that a model trains before the next one's turn
LINE_SECONDS = 0.5  # between two lines of a curve
CHECKPOINT_SECONDS = 20.0
SAMPLE_LOOKS = 4  # looks at validation text from one sample to the next
SAMPLE = Decoding(max_tokens=60)
PROMPT_LETTERS = 12  # of a document, up to the end of the word
TRAINED = 0.8  # share of a run that is training; the rest is judging
TUNING = "core.language.lora:in_run"  # loaded when it is asked for: peft takes seconds
DECODERS = ("transformer", "lstm", "ngram")


@dataclass
class Pupil:
    """A network in training, and what was last written of it."""

    line: LabModel
    architecture: Architecture
    training: Training
    events: Iterator[Step | Validated]
    losses: list[float]
    prompt: str  # that its samples go on from
    line_at: float = 0.0  # seconds of its own training
    kept_at: float = 0.0
    looks: int = 0


def run(wanted: LanguageModelParams, corpus: Corpus, context: Context) -> LabResult:
    """Train and judge the models asked for.

    Raises
    ------
    Cancelled
        What was learned so far is kept, and can be asked and gone on from.
    UnknownChoice, UnusableData
    """
    chosen = [_architecture(name, wanted) for name in wanted.models]
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
        _write(result, context.folder)
    try:
        _experiments(pupils, result, wanted, corpus, tokens, context)
        _in_turns(pupils, result, context)
    except Cancelled:
        for line in result.models:
            line.status = "cancelled" if line.status == "running" else line.status
        _write(result, context.folder)
        raise
    _judge(result, corpus, context)
    if wanted.tune and not result.tuned:
        result.tuned.append(catalog.load(TUNING)(wanted, corpus, result.settings, context))
        _write(result, context.folder)
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
        vocabulary = wanted.vocabulary or max(one.vocabulary for one in chosen)
        Tokens.train(wanted.tokenizer, corpus.train, vocabulary).save(path)
    return Tokens.load(path)


def _begun(
    wanted: LanguageModelParams, corpus: Corpus, tokens: Tokens, chosen: list[Architecture], folder: Path
) -> LabResult:
    found = read_model(LabResult, folder / LAB_FILE)
    if found is not None and [one.name for one in found.models] == [one.name for one in chosen]:
        return found
    if not chosen:
        raise UnusableData(_("No model was chosen."), _("Choose at least one."))
    result = LabResult(
        corpus=corpus.name,
        counts=corpus.counts,
        tokenizer=wanted.tokenizer,
        vocabulary=tokens.size,
        budget_seconds=None if wanted.steps else wanted.budget_seconds,
        seed=wanted.seed,
        settings=JudgeSettings(texts=wanted.texts, seed=wanted.seed),
        models=[LabModel(name=one.name, label=say(one.label)) for one in chosen],
    )
    _write(result, folder)
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
    _keep(line, model, context.folder, None)


def _pupil(
    line: LabModel,
    architecture: Architecture,
    corpus: Corpus,
    tokens: Tokens,
    wanted: LanguageModelParams,
    folder: Path,
) -> Pupil:
    training = Training(
        architecture,
        tokens,
        corpus.train,
        corpus.validation,
        seconds=wanted.budget_seconds,
        steps=wanted.steps,
        seed=wanted.seed,
    )
    if training.resume(folder / "checkpoints" / line.name):
        _cut(folder, line.name, training.progress.step)
    line.status, line.reason, line.hint = "running", None, None
    line.card = _card(architecture, corpus, tokens, wanted).model_copy(
        update={"parameters": sum(weight.numel() for weight in training.network.parameters())}
    )
    now = training.progress
    return Pupil(line, architecture, training, training.run(), [], _prompt(corpus), now.seconds, now.seconds)


def _prompt(corpus: Corpus) -> str:
    """The first words of a document that is not trained on: a long one, so that there is something to go on with."""
    document = max(corpus.validation, key=len)
    return document[: document.find(" ", PROMPT_LETTERS)] if " " in document[PROMPT_LETTERS:] else document[:4]


def _experiments(
    pupils: list[Pupil],
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
            result.finders.append(finder.find(pupil.training, tell=lambda step, curve: context.check()))
            _write(result, context.folder)
        if wanted.processes > 1 and not any(one.model == name for one in result.parallel):
            stage = say(_("Training {model} on {n} processes and on one"), model=label, n=wanted.processes)
            context.progress(stage, 0.0)
            result.parallel.append(
                parallel.check(
                    pupil.architecture,
                    tokens,
                    corpus.train,
                    processes=wanted.processes,
                    seed=wanted.seed,
                    stopped=context.check,
                )
            )
            _write(result, context.folder)


def _in_turns(pupils: list[Pupil], result: LabResult, context: Context) -> None:
    """Train each for some seconds, again and again, until all are done."""
    going = list(pupils)
    try:
        while going:
            for pupil in list(going):
                more = _turn(pupil, pupils, context)
                if not more:
                    going.remove(pupil)
                    _finish(pupil, context.folder)
                _write(result, context.folder)
    finally:
        for pupil in going:  # stopped, or failed: nothing is lost
            _checkpoint(pupil, context.folder)


def _turn(pupil: Pupil, pupils: list[Pupil], context: Context) -> bool:
    """One model's turn.  →  whether there is more to do"""
    until = time.monotonic() + TURN_SECONDS
    stage = say(_("Training {model}"), model=say(pupil.architecture.label))
    for event in pupil.events:
        now = pupil.training.progress
        if isinstance(event, Step):
            pupil.losses.append(event.loss_nats)
            if event.seconds - pupil.line_at >= LINE_SECONDS or now.step == now.n_steps:
                _step_line(pupil, event, context.folder)
                context.progress(stage, TRAINED * _share(pupils))
            context.check()
        else:
            _look(pupil, event, context.folder)
        if time.monotonic() > until and now.n_steps:
            if now.seconds - pupil.kept_at > CHECKPOINT_SECONDS:
                _checkpoint(pupil, context.folder)
            return True
    return False


def _share(pupils: list[Pupil]) -> float:
    """How much of the training is done."""
    states = [one.training.progress for one in pupils]
    return sum(min(1.0, one.step / one.n_steps) if one.n_steps else 0.0 for one in states) / len(states)


def _step_line(pupil: Pupil, step: Step, folder: Path) -> None:
    now = pupil.training.progress
    line = StepLine(
        step=step.number,
        seconds=step.seconds,
        loss_nats=sum(pupil.losses) / len(pupil.losses),
        learning_rate=step.learning_rate,
        tokens=step.tokens,
        tokens_per_second=now.tokens / max(now.seconds, 1e-9),
    )
    pupil.losses, pupil.line_at = [], step.seconds
    _say(folder, pupil.line.name, line)


def _look(pupil: Pupil, look: Validated, folder: Path) -> None:
    """Write down how good it is; keep the model if it is better than ever, so that it can be asked meanwhile."""
    line = ValidationLine(
        step=look.step,
        seconds=look.seconds,
        bits_per_byte=look.bits_per_byte,
        loss_nats=look.loss_nats,
        best=look.best,
    )
    _say(folder, pupil.line.name, line)
    pupil.looks += 1
    if look.best:
        _update(pupil)
        _keep(pupil.line, pupil.training.model, folder, pupil.architecture)
    if pupil.looks % SAMPLE_LOOKS == 1:
        text = "".join(piece.text for piece in samples(pupil.training.model, pupil.prompt, SAMPLE))
        _say(folder, pupil.line.name, SampleLine(step=look.step, seconds=look.seconds, prompt=pupil.prompt, text=text))


def _finish(pupil: Pupil, folder: Path) -> None:
    """Trained: the best weights are kept, the checkpoint is not needed any more."""
    pupil.training.keep_best()
    _update(pupil)
    _keep(pupil.line, pupil.training.model, folder, pupil.architecture)
    (folder / "checkpoints" / pupil.line.name / "checkpoint.safetensors").unlink(missing_ok=True)


def _update(pupil: Pupil) -> None:
    """The card says what has been done so far."""
    now = pupil.training.progress
    assert pupil.line.card is not None
    pupil.line.card = pupil.line.card.model_copy(
        update={
            "steps": now.step,
            "tokens_read": now.tokens,
            "train_seconds": now.seconds,
            "tokens_per_second": now.tokens / max(now.seconds, 1e-9),
            "validation_bits_per_byte": now.best_bits,
            "early_stopped": now.stopped,
        }
    )


def _checkpoint(pupil: Pupil, folder: Path) -> None:
    pupil.training.save(folder / "checkpoints" / pupil.line.name)
    pupil.kept_at = pupil.training.progress.seconds


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
        _write(result, context.folder)


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


def _keep(line: LabModel, model: LanguageModel, folder: Path, architecture: Architecture | None) -> None:
    place = folder / "models" / line.name
    assert line.card is not None
    save(place, model, line.card, architecture)  # type: ignore[arg-type]
    line.card = line.card.model_copy(update={"size_bytes": folder_bytes(place)})


def _cut(folder: Path, name: str, step: int) -> None:
    """Drop the lines of a curve that a resumed training will write again."""
    curve = read_curve(folder, name)
    lines: list[StepLine | ValidationLine | SampleLine] = [*curve.steps, *curve.validations, *curve.samples]
    kept = sorted((one for one in lines if one.step <= step), key=lambda one: one.step)
    live_file(folder, name).write_text("".join(one.model_dump_json() + "\n" for one in kept), encoding="utf-8")


def _say(folder: Path, name: str, line: LiveLine) -> None:
    with live_file(folder, name).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line.model_dump(mode="json"), ensure_ascii=False) + "\n")


def _write(result: LabResult, folder: Path) -> None:
    write_model(result, folder / LAB_FILE)
