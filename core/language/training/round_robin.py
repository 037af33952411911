"""Networks trained in turns, each for some seconds, so that their curves grow side by side where a page looks.

`core.results.language.laboratory` says what lies where.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.catalog.language_models import Architecture
from core.data.schema import write_model
from core.jobs.context import Context
from core.language.decoding.sample import samples
from core.language.model import LanguageModel
from core.language.saved_models import save
from core.language.training.loop import Step, Training, Validated
from core.messages import _, say
from core.results.language.laboratory import (
    LAB_FILE,
    Decoding,
    LabModel,
    LabResult,
    LiveLine,
    SampleLine,
    StepLine,
    ValidationLine,
    live_file,
    read_curve,
)
from core.workspace import folder_bytes

TURN_SECONDS = 4.0  # that a model trains before the next one's turn
LINE_SECONDS = 0.5  # between two lines of a curve
CHECKPOINT_SECONDS = 20.0
SAMPLE_LOOKS = 4  # looks at validation text from one sample to the next
SAMPLE = Decoding(max_tokens=60)
TRAINED = 0.8  # share of a run that is training; the rest is judging


@dataclass
class TrainingSlot:
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


def in_turns(pupils: list[TrainingSlot], result: LabResult, context: Context) -> None:
    """Train each for some seconds, again and again, until all are done."""
    going = list(pupils)
    try:
        while going:
            for pupil in list(going):
                more = _turn(pupil, pupils, context)
                if not more:
                    going.remove(pupil)
                    _finish(pupil, context.folder)
                write(result, context.folder)
    finally:
        for pupil in going:  # stopped, or failed: nothing is lost
            _checkpoint(pupil, context.folder)


def _turn(pupil: TrainingSlot, pupils: list[TrainingSlot], context: Context) -> bool:
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


def _share(pupils: list[TrainingSlot]) -> float:
    """How much of the training is done."""
    states = [one.training.progress for one in pupils]
    return sum(min(1.0, one.step / one.n_steps) if one.n_steps else 0.0 for one in states) / len(states)


def _step_line(pupil: TrainingSlot, step: Step, folder: Path) -> None:
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


def _look(pupil: TrainingSlot, look: Validated, folder: Path) -> None:
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
        keep(pupil.line, pupil.training.model, folder, pupil.architecture)
    if pupil.looks % SAMPLE_LOOKS == 1:
        text = _sample(pupil)
        _say(folder, pupil.line.name, SampleLine(step=look.step, seconds=look.seconds, prompt=pupil.prompt, text=text))


def _sample(pupil: TrainingSlot) -> str:
    """What it writes on; where a document ends early, the next one, as it reads them one after another."""
    text, prompt, left = "", pupil.prompt, SAMPLE.max_tokens
    while left > 0:
        settings = SAMPLE.model_copy(update={"max_tokens": left, "seed": left})
        pieces = list(samples(pupil.training.model, prompt, settings))
        text = (text.rstrip() + "\n\n" if text else "") + "".join(piece.text for piece in pieces)
        prompt, left = "", left - len(pieces)
    return text.rstrip()


def _finish(pupil: TrainingSlot, folder: Path) -> None:
    """Trained: the best weights are kept. The checkpoint says so, until it has been judged, too."""
    pupil.training.keep_best()
    _update(pupil)
    keep(pupil.line, pupil.training.model, folder, pupil.architecture)
    _checkpoint(pupil, folder)


def _update(pupil: TrainingSlot) -> None:
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


def checkpoint(folder: Path, line: LabModel) -> Path:
    """Where a run keeps what this model's training goes on from."""
    return folder / "checkpoints" / line.name


def _checkpoint(pupil: TrainingSlot, folder: Path) -> None:
    pupil.training.save(checkpoint(folder, pupil.line))
    pupil.kept_at = pupil.training.progress.seconds


def keep(line: LabModel, model: LanguageModel, folder: Path, architecture: Architecture | None) -> None:
    """Write a model with its card, so that it can be asked."""
    place = folder / "models" / line.name
    assert line.card is not None
    save(place, model, line.card, architecture)  # type: ignore[arg-type]
    line.card = line.card.model_copy(update={"size_bytes": folder_bytes(place)})


def cut(folder: Path, name: str, step: int) -> None:
    """Drop the lines of a curve that a resumed training will write again."""
    curve = read_curve(folder, name)
    lines: list[StepLine | ValidationLine | SampleLine] = [*curve.steps, *curve.validations, *curve.samples]
    kept = sorted((one for one in lines if one.step <= step), key=lambda one: one.step)
    live_file(folder, name).write_text("".join(one.model_dump_json() + "\n" for one in kept), encoding="utf-8")


def _say(folder: Path, name: str, line: LiveLine) -> None:
    with live_file(folder, name).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line.model_dump(mode="json"), ensure_ascii=False) + "\n")


def write(result: LabResult, folder: Path) -> None:
    """Write how the run stands."""
    write_model(result, folder / LAB_FILE)
