"""The work of kind ``generate``: a text that grows in ``answer.txt`` and is complete in ``answer.json``.

A free prompt streams token by token. In a summary, the sentences filled from the data stand first, and each sentence
of the model is shown only after its numbers were found in the data.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any, Literal

from core.data.schema import read_model, write_model
from core.evaluate.result import Answer, Comparison, Detail, Explanation, slug
from core.jobs import client
from core.jobs.context import Context
from core.language import instruct, summary
from core.language.generate import Sampling, Step, write
from core.language.grounding import keep_grounded, sentences
from core.messages import Cancelled, Message, UnusableData, _, say, translate
from core.plan import GenerateParams
from core.workspace import checked_id

MOST_PROMPT_TOKENS = 3000
SHOW_EVERY_SECONDS = 0.15
CALM = 0.3  # a summary is drawn with at most this temperature
HONEST = "You explain results in plain English. You only say what the facts say. You never write numbers."


def generate(params: dict[str, Any], context: Context) -> None:
    """Write what was asked for."""
    wanted = GenerateParams.model_validate(params)
    if wanted.task == "prompt":
        answer = _answered(wanted, context)
    else:
        brief = _brief(wanted, context)
        by_rule = wanted.language.startswith("zh")
        answer = _by_rule(brief, wanted.language) if by_rule else _told(brief, wanted, context)
    _show(answer.text, context.folder)
    write_model(answer, context.folder / "answer.json")
    if answer.stopped == "cancelled":
        raise Cancelled(_("This was cancelled."))


def _answered(wanted: GenerateParams, context: Context) -> Answer:
    if not wanted.prompt.strip():
        raise UnusableData(_("There is nothing to answer yet."), _("Write a question or a task first."))
    folder = _prepared(context)
    tokens = instruct.tokenizer(folder)
    prompt, cut = instruct.fitting(wanted.prompt.strip(), tokens, MOST_PROMPT_TOKENS)
    warnings = []
    if cut:
        text = _("Only the first {n} tokens of the prompt were read.")
        warnings.append(say(text, n=MOST_PROMPT_TOKENS))
    if not prompt.isascii() and sum(not character.isascii() for character in prompt) > len(prompt) / 4:
        warnings.append(say(_("The bundled model was trained on English; it may not understand this.")))
    started = monotonic()
    ids = instruct.conversation([instruct.Turn("user", prompt)], tokens)
    steps = write(folder, tokens, ids, _sampling(wanted), context.threads)
    text, n_tokens, stopped = _streamed(steps, context, wanted.max_tokens)
    return Answer(text=text.strip(), tokens=n_tokens, seconds=monotonic() - started, stopped=stopped, warnings=warnings)


def _streamed(
    steps: Iterator[Step], context: Context, most: int, lead: str = "", brief: summary.Brief | None = None
) -> tuple[str, int, Literal["end", "length", "cancelled"]]:
    """Follow the steps, showing the text as it grows; with a brief, only sentences that are finished and checked."""
    shown_at, step = 0.0, Step("", 0)
    stopped: Literal["end", "length", "cancelled"] = "end"
    for step in steps:
        if context.cancelled():
            stopped = "cancelled"
            break
        if step.stopped:
            stopped = step.stopped
        elif monotonic() - shown_at >= SHOW_EVERY_SECONDS:
            shown_at = monotonic()
            _show(step.text if brief is None else _checked(step.text, lead, brief), context.folder)
            context.report(say(_("Writing")), min(1.0, step.n_tokens / most), None)
    return step.text, step.n_tokens, stopped


def _told(brief: summary.Brief, wanted: GenerateParams, context: Context) -> Answer:
    """The sentences of the brief, and what the model adds to them as far as it can be checked."""
    lead = "\n".join(str(message) for message in brief.lead)
    _show(lead, context.folder)
    folder = _prepared(context)
    tokens = instruct.tokenizer(folder)
    facts, _cut = instruct.fitting("\n".join(fact.text for fact in brief.facts), tokens, MOST_PROMPT_TOKENS)
    turns = [instruct.Turn("system", HONEST), instruct.Turn("user", f"Facts:\n{facts}\n\n{brief.task}")]
    started = monotonic()
    steps = write(folder, tokens, instruct.conversation(turns, tokens), _sampling(wanted, CALM), context.threads)
    text, n_tokens, stopped = _streamed(steps, context, wanted.max_tokens, lead, brief)
    if stopped != "end":
        text = _finished(text)
    kept, _numbers, n_removed = keep_grounded(text, brief.facts, brief.names)
    warnings: list[Message] = []
    if n_removed:
        unfit = _("{n} sentences of the model were left out, because they held numbers that are not in the data.")
        warnings.append(say(unfit, n=n_removed))
    if not kept:
        warnings.append(say(_("Nothing the model wrote could be kept; this text was written by rules.")))
    whole = "\n\n".join(part for part in (lead, " ".join(kept)) if part)
    return Answer(
        text=whole,
        tokens=n_tokens,
        seconds=monotonic() - started,
        stopped=stopped,
        checked_numbers=_numbers_of(brief, _numbers),
        warnings=warnings,
    )


def _by_rule(brief: summary.Brief, language: str) -> Answer:
    text = "\n".join(translate(message, "zh_CN") for message in brief.lead)
    warning = say(_("The bundled model writes English only, so this text was written by rules."))
    numbers = _numbers_of(brief, [])
    return Answer(text=text, tokens=0, seconds=0.0, stopped="end", checked_numbers=numbers, warnings=[warning])


def _numbers_of(brief: summary.Brief, more: list[str]) -> list[str]:
    stated = [number.text for fact in brief.facts for number in summary.stated(fact, brief.names)]
    return list(dict.fromkeys([*stated, *more]))


def _finished(text: str) -> str:
    """Without the sentence that was cut off."""
    parts = sentences(text)
    return "\n".join(parts if text.rstrip().endswith((".", "!", "?")) else parts[:-1])


def _checked(text: str, lead: str, brief: summary.Brief) -> str:
    kept, _numbers, _n_removed = keep_grounded(_finished(text), brief.facts, brief.names)
    return "\n\n".join(part for part in (lead, " ".join(kept)) if part)


def _sampling(wanted: GenerateParams, hottest: float = 2.0) -> Sampling:
    return Sampling(min(wanted.temperature, hottest), wanted.top_p, wanted.max_tokens, wanted.seed)


def _prepared(context: Context) -> Path:
    def tell(done: int, total: int) -> None:
        context.progress(say(_("Preparing the language model (only this once)")), done / total)

    return instruct.prepare(context.workspace.models_folder, tell)


def _brief(wanted: GenerateParams, context: Context) -> summary.Brief:
    if wanted.task == "row":
        explanation = read_model(Explanation, _folder(wanted.explanation, context) / "explanation.json")
        rows = explanation.rows if explanation else []
        row = next((row for row in rows if wanted.row is None or row.row == wanted.row), None)
        if explanation is None or row is None:
            raise UnusableData(_("This row has not been explained yet."), _("Open it on the Explain page first."))
        return summary.of_row(explanation, row)
    folder = _folder(wanted.run, context)
    comparison = read_model(Comparison, folder / "result.json")
    if comparison is None:
        raise UnusableData(_("This run has no results yet."), _("Wait until the first candidate is done."))
    name = wanted.candidate or comparison.best
    detail = read_model(Detail, folder / "candidates" / slug(name) / "detail.json") if name else None
    return summary.of_run(comparison, name, detail)


def _folder(job: str | None, context: Context) -> Path:
    if job is None or client.get(context.workspace, checked_id(job), context.owner) is None:
        raise UnusableData(_("There are no results of this name."), _("Choose a run on the Results page."))
    return client.folder(context.workspace, job)


def _show(text: str, folder: Path) -> None:
    temporary = folder / "answer.txt.partial"
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(folder / "answer.txt")
