"""The job in which the bundled model writes: a free prompt, a summary of a run, or one prediction in words."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from core.data.schema import read_model, write_model
from core.evaluate.result import Answer, Comparison, Explanation
from core.jobs import client
from core.jobs.context import Context
from core.language import facts
from core.language.grounded import checked
from core.language.instruct import ready, writer
from core.messages import Message, UnusableData, _, say, translate
from core.plan import GenerateParams
from core.workspace import checked_id

SHOW_EVERY = 3  # tokens between two looks at the growing answer


def generate(params: dict[str, Any], context: Context) -> None:
    """Write (job kind ``generate``): ``answer.txt`` grows, ``answer.json`` is complete."""
    wanted = GenerateParams.model_validate(params)
    found = _facts(wanted, context)
    known = "\n".join(translate(fact, wanted.language) for fact in found)
    began = time.monotonic()
    if found and not wanted.language.startswith("en"):
        note = say(_("The bundled model writes English only; this text was put together from the results by rules."))
        _finish(context, Answer(text=known, tokens=0, seconds=0.0, stopped="end", warnings=[note]))
        return
    context.progress(say(_("Preparing the language model (once, about half a minute)")), 0.0)
    ready(
        context.workspace.models_folder,
        lambda share: context.progress(say(_("Preparing the language model")), 0.5 * share),
    )
    prompt = wanted.prompt if not found else _prompt(wanted, known)
    text, n_tokens, stopped = _write(prompt, wanted, context, show=not found)
    answer = Answer(text=text, tokens=n_tokens, seconds=time.monotonic() - began, stopped=stopped)
    _finish(context, _grounded(answer, known) if found else answer)


def _write(prompt: str, wanted: GenerateParams, context: Context, *, show: bool) -> tuple[str, int, Any]:
    """Let it write. The growing text is shown only where it needs no check."""
    model = writer(context.workspace.models_folder, context.threads)
    text, ended, number = "", False, 0
    steps = model.write(
        prompt,
        temperature=wanted.temperature if show else 0.0,
        top_p=wanted.top_p,
        max_tokens=wanted.max_tokens,
        seed=wanted.seed,
    )
    for number, (text, ended) in enumerate(steps, start=1):  # noqa: B007
        if number % SHOW_EVERY == 0:
            if show:
                _show(context.folder, text)
            context.progress(
                say(_("Writing: {n} words so far"), n=len(text.split())), 0.5 + 0.5 * number / wanted.max_tokens
            )
    return text, number, "end" if ended else "length"


def _grounded(answer: Answer, known: str) -> Answer:
    """The facts themselves, then of what the model wrote only sentences whose numbers stand in them."""
    kept, numbers, removed = checked(answer.text, known)
    if removed:
        answer.warnings.append(
            say(_("{n} sentences were left out because they held numbers that are not in the results."), n=removed)
        )
    answer.text = f"{known}\n\n{kept}".strip()
    answer.checked_numbers = numbers
    return answer


def _facts(wanted: GenerateParams, context: Context) -> list[Message]:
    if wanted.task == "prompt":
        return []
    if wanted.task == "summary":
        result = read_model(Comparison, _run_folder(context, wanted.run) / "result.json")
        return facts.of_run(result, wanted.candidate or result.best or "") if result else _gone()
    explanation = read_model(Explanation, _explained(context, wanted.explanation) / "explanation.json")
    row = next((one for one in explanation.rows if one.row == wanted.row), None) if explanation else None
    return facts.of_row(row, explanation.unit) if row and explanation else _gone()


def _run_folder(context: Context, run: str | None) -> Path:
    if run is None or context.workspace.run(checked_id(run), context.owner) is None:
        _gone()
    return context.workspace.run_folder(checked_id(str(run)))


def _explained(context: Context, job: str | None) -> Path:
    """An explanation is listed nowhere; it belongs to whoever asked for it."""
    if job is None or client.get(context.workspace, checked_id(job), context.owner) is None:
        _gone()
    return client.folder(context.workspace, str(job))


def _gone() -> list[Message]:
    raise UnusableData(_("What this text should be about is not there any more."), _("Go back and choose it again."))


def _prompt(wanted: GenerateParams, known: str) -> str:
    what = "how well a prediction model works" if wanted.task == "summary" else "why a model made one prediction"
    return (
        f"Here are facts about {what}.\n\n{known}\n\nIn two or three short sentences, explain to a colleague what this "
        "means in practice. Use only these facts. Do not use any numbers."
    )


def _show(folder: Path, text: str) -> None:
    partial = folder / "answer.txt.partial"
    partial.write_text(text, encoding="utf-8")
    partial.replace(folder / "answer.txt")


def _finish(context: Context, answer: Answer) -> None:
    _show(context.folder, answer.text)
    write_model(answer, context.folder / "answer.json")
