"""Doing a text task: each way in turn, its answers kept as they come, then scored against the reference column."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pandas as pd
from pydantic import ValidationError

from core import catalog
from core.catalog.text_tasks.every import TextTask, Way
from core.data.schema import read_model, write_model
from core.files import written_whole
from core.jobs.context import Context
from core.jobs.failures import bug
from core.messages import AmalgamError, Cancelled, UnusableData, _, say
from core.results.text_tasks.options import TaskOptions
from core.results.text_tasks.task import Shown, TaskResult, WayResult
from core.text_tasks.base import Answer, Scoring, Tools
from core.text_tasks.inputs import Inputs

SHOW_SECONDS = 0.5


def run(
    task: TextTask, inputs: Inputs, ways: list[str], options: TaskOptions, context: Context, seed: int = 0
) -> TaskResult:
    """Answer every text in every way asked for.

    A way that can't work says why and the others go on; so they do after a bug, which is raised at the end. What an
    earlier attempt finished is not done again; what a cancelled way had answered so far is kept.

    Raises
    ------
    Cancelled
    AmalgamError
        No way worked; the first one's reason.
    """
    chosen = [task.way(name) for name in ways] or [way for way in task.ways if way.usual]
    result = _begun(task, inputs, chosen, options, context.folder, seed)
    failures: list[AmalgamError] = []
    bugs: list[Exception] = []
    for number, way in enumerate(chosen):
        line = result.way(way.name)
        if line is None or line.status == "ok":
            continue
        try:
            _one(task, way, line, inputs, options, result, context, (number, len(chosen)))
        except Cancelled:
            line.status = "cancelled"
            write_model(result, context.folder / "task.json")
            raise
        except AmalgamError as error:
            line.status, line.reason, line.hint = "failed", error.message, error.hint
            failures.append(error)
        except (MemoryError, OSError):  # the machine's limits: the next way would meet them, too
            raise
        except Exception as error:
            told = bug(type(error).__name__)
            line.status, line.reason, line.hint = "failed", told.message, told.hint
            bugs.append(error)
        result.best = _best(task, result)
        write_model(result, context.folder / "task.json")
    if bugs:
        raise bugs[0]
    if failures and not any(line.status == "ok" for line in result.ways):
        raise failures[0]
    return result


def options_of(task: TextTask, chosen: dict[str, object]) -> TaskOptions:
    """A task's options, checked.

    Raises
    ------
    UnusableData
    """
    kind: Any = catalog.load(task.options)
    try:
        return cast("TaskOptions", kind.model_validate(chosen))
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "extra_forbidden":
            raise UnusableData(
                _("This task has no setting “{name}”."),
                _("The settings of this task are: {known}."),
                name=first["loc"][0],
                known=list(kind.model_fields),
            ) from None
        raise UnusableData(
            _("“{name}” can't be set like that: {what}"),
            _("The settings of this task are: {known}."),
            name=".".join(str(part) for part in first["loc"]),
            what=first["msg"],
            known=list(kind.model_fields),
        ) from None


def _begun(
    task: TextTask, inputs: Inputs, ways: list[Way], options: TaskOptions, folder: Path, seed: int
) -> TaskResult:
    found = read_model(TaskResult, folder / "task.json")
    if found is not None and [line.way for line in found.ways] == [way.name for way in ways]:
        for line in found.ways:
            if line.status != "ok":
                line.status = "waiting"
        return found
    result = TaskResult(
        task=task.name,
        source=inputs.source,
        dataset=inputs.dataset,
        column=inputs.column,
        reference=inputs.reference,
        language=options.language or inputs.language,
        n_rows=len(inputs.texts),
        n_documents=len(inputs.documents),
        ways=[WayResult(way=way.name) for way in ways],
        options=options.model_dump(mode="json"),
        seed=seed,
    )
    write_model(result, folder / "task.json")
    return result


def _one(
    task: TextTask,
    way: Way,
    line: WayResult,
    inputs: Inputs,
    options: TaskOptions,
    result: TaskResult,
    context: Context,
    place: tuple[int, int],
) -> None:
    """Let one way answer, and score it."""
    number, n_ways = place
    stage = say(_("{task}: {way}"), task=say(task.label), way=say(way.label))

    def share(done: float) -> None:
        context.progress(stage, (number + min(1.0, max(0.0, done))) / n_ways)

    line.status, line.reason, line.hint = "running", None, None
    write_model(result, context.folder / "task.json")
    share(0.0)
    references = inputs.references or [None] * len(inputs.texts)
    tools = Tools(
        context.workspace.models_folder,
        context.workspace.cache_folder,
        context.threads,
        result.seed,
        result.language,
        references,
        inputs.documents,
        share,
        context.cancelled,
        sender=inputs.sender(context),
    )
    began = time.monotonic()
    found = list(_kept(catalog.load(way.run)(inputs.texts, options, tools), inputs, references, way, context))
    context.check()
    line.seconds, line.n_answers, line.model = time.monotonic() - began, len(found), tools.model
    scoring = Scoring(
        inputs.texts, found, references, options, result.language, tools.groups, inputs.documents, tools, result.seed
    )
    line.n_scored = len(scoring.scored())
    line.scores = catalog.load(task.score)(scoring)
    line.notes, line.groups, line.status = tools.notes, tools.groups, "ok"
    _finish(found, inputs, references, way, context.folder)


def _kept(
    coming: Iterator[Answer], inputs: Inputs, references: list[str | None], way: Way, context: Context
) -> Iterator[Answer]:
    """Pass answers on, each written down as it comes."""
    path = context.folder / f"answers-{way.name}.partial.jsonl"
    with path.open("w", encoding="utf-8") as file:
        shown_at = time.monotonic()
        for place, answer in enumerate(coming):
            shown = Shown(
                row=inputs.rows[place],
                text=inputs.texts[place],
                reference=references[place],
                answer=answer.text,
                data=answer.data,
            )
            file.write(shown.model_dump_json() + "\n")
            if time.monotonic() - shown_at > SHOW_SECONDS:
                file.flush()
                shown_at = time.monotonic()
            context.check()
            yield answer


def _finish(found: list[Answer], inputs: Inputs, references: list[str | None], way: Way, folder: Path) -> None:
    """All answers of a way in one table, whole or not at all."""
    frame = pd.DataFrame(
        {
            "row": inputs.rows,
            "text": inputs.texts,
            "reference": references,
            "answer": [answer.text for answer in found],
            "data": [json.dumps(answer.data.model_dump(mode="json"), ensure_ascii=False) for answer in found],
        }
    )
    with written_whole(folder / f"answers-{way.name}.parquet") as place:
        frame.to_parquet(place, index=False)
    (folder / f"answers-{way.name}.partial.jsonl").unlink(missing_ok=True)


def _best(task: TextTask, result: TaskResult) -> str | None:
    """The way with the best first score; None where nothing could be scored."""
    for score in task.scores:
        known = [line for line in result.ways if line.status == "ok" and score.name in line.scores]
        if known:
            sign = 1 if score.higher_is_better else -1
            return max(known, key=lambda line: sign * line.scores[score.name].mean).way
    return None
