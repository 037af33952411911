"""The job in which a language model writes: a free prompt, a summary of a run, or one prediction in words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from core.access.consent import A_FILE, NO_TABLE
from core.assistant import facts, proposed
from core.assistant.grounded import checked, whole_sentences
from core.data import table
from core.data.schema import Schema, read_model, write_model
from core.evaluate import summary
from core.files import write_whole
from core.job_params import GenerateParams
from core.jobs import client
from core.jobs.context import Context
from core.messages import Cancelled, Message, UnusableData, _, _n, say, translate
from core.providers import door
from core.providers.base import LanguageModel
from core.results import kept_texts
from core.results.comparison import Answer, Comparison, Detail, Stopped, candidate_folder
from core.results.explanations.rows import Explanation
from core.results.language.laboratory import Decoding
from core.workspace import checked_id

SHOWN = "answer.txt"
SHOW_EVERY = 3  # tokens between two looks at the growing answer
ENGLISH_ONLY = _("The language model here writes English only; this text was put together by rules.")
OWN_WORDS = _("In the language model's own words:")
ASKED = {
    "en": (
        "Facts:\n{known}\n\nRewrite each of these {n} facts as one short sentence for a manager: {n} sentences, "
        "numbered as the facts are. Keep the words, names and numbers. Do not join facts. Add nothing."
    ),
    "zh": (
        "事实：\n{known}\n\n请为管理者把这 {n} 条事实各改写成一个短句，共 {n} 句，编号与事实相同。"
        "沿用原来的词语、名称和数字。不要合并事实，不要添加内容。"
    ),
}


@dataclass(frozen=True)
class Known:
    """What a text is about: nothing for a free prompt."""

    facts: list[Message] = field(default_factory=list)  # that the model says again
    everything: list[Message] = field(default_factory=list)  # that rules say, each sentence by itself
    text: str = ""  # of the rules, in the reader's language
    mark: str = ""  # of what is known
    run: Path | None = None  # whose folder keeps the text
    about: kept_texts.About | None = None


def generate(params: dict[str, Any], context: Context) -> None:
    """Write (job kind ``generate``): ``answer.txt`` grows, ``answer.json`` is complete.

    A text about a run is also kept in the run's folder (`core.results.kept_texts`).
    """
    wanted = GenerateParams.model_validate(params)
    about = _known(wanted, context)
    found, known = about.facts, about.text
    names = facts.names(about.everything, wanted.language)
    began = time.monotonic()
    models_folder = context.workspace.models_folder
    if found and not door.can_write(models_folder, wanted.language):
        _by_rules(context, about, [say(ENGLISH_ONLY)])
        return
    sender = context.sender(_dataset(wanted, context))
    if found and (refusal := door.refusal(models_folder, sender)):
        _by_rules(context, about, [refusal.message, *([refusal.hint] if refusal.hint else [])])
        return
    if door.is_endpoint() or door.picked(models_folder):
        context.progress(say(_("Preparing the language model")), 0.0)
    else:
        context.progress(say(_("Preparing the language model (once, about half a minute)")), 0.0)
    if found:
        write_whole(context.folder / SHOWN, known)
    model = door.chosen(
        models_folder,
        lambda share: context.progress(say(_("Preparing the language model")), 0.5 * share),
        sender=sender,
    )
    prompt = asked(wanted.language, facts.text(found, wanted.language)) if found else _prompt(wanted, context)
    answer = Answer(text="", tokens=0, seconds=0.0, stopped="cancelled", model=model.name)
    own = translate(OWN_WORDS, wanted.language)
    try:
        greedy = wanted.task != "prompt"
        for answer.text, answer.tokens, answer.stopped in _written(model, prompt, wanted, context, greedy):
            shown = _checked(whole_sentences(answer.text), known, names, own)[0] if found else answer.text
            write_whole(context.folder / SHOWN, shown)
    except Cancelled:
        answer.stopped = "cancelled"  # what was written stays readable
        raise
    finally:
        answer.seconds = time.monotonic() - began
        if wanted.task == "questions":
            answer.text = "\n".join(proposed.found(answer.text))
        if answer.text or found or wanted.task == "questions":
            _finish(context, _grounded(answer, known, names, own) if found else answer, about)


def _prompt(wanted: GenerateParams, context: Context) -> str:
    """What a person asks, or the request for questions about some texts of a table; its labels are not shown."""
    if wanted.task == "prompt":
        return wanted.prompt
    folder = context.workspace.dataset_folder(checked_id(str(wanted.dataset)))
    schema = read_model(Schema, folder / "schema.json")
    if schema is None or context.workspace.dataset(str(wanted.dataset), context.owner) is None:
        _gone()
    rows = table.load(folder)  # personal data is masked where the Data page says so
    texts = [text for name in schema.names("text") for text in rows[name].dropna().astype(str) if text.strip()]
    drawn = np.random.default_rng(wanted.seed).permutation(len(texts))[: proposed.EXAMPLES]
    return proposed.asked([texts[place] for place in drawn], wanted.target, wanted.classes, wanted.language)


def _by_rules(context: Context, about: Known, warnings: list[Message]) -> None:
    answer = Answer(text=about.text, tokens=0, seconds=0.0, stopped="end", by_rules=True, warnings=warnings)
    _finish(context, answer, about)


def _dataset(wanted: GenerateParams, context: Context) -> str:
    """The data set that a text is about, for the consent that sending facts about it needs."""
    if wanted.task == "prompt":
        return NO_TABLE
    if wanted.task == "questions":
        return wanted.dataset or A_FILE
    if wanted.task == "summary":
        run = context.workspace.run(checked_id(str(wanted.run)), context.owner)
        return (run.dataset if run else "") or A_FILE
    job = client.get(context.workspace, checked_id(str(wanted.explanation)), context.owner)
    return (job.dataset if job else "") or A_FILE


def _written(
    model: LanguageModel, prompt: str, wanted: GenerateParams, context: Context, greedy: bool
) -> Iterator[tuple[str, int, Stopped]]:
    """The text as it grows: what there is, how many tokens, and why it stopped there."""
    settings = Decoding(
        temperature=0.0 if greedy else wanted.temperature,
        top_p=wanted.top_p,
        repetition_penalty=model.repetition_penalty,
        max_tokens=wanted.max_tokens,
        seed=wanted.seed,
    )
    text, number, ended = "", 0, False
    with closing(model.write_all([prompt], settings)) as steps:
        for number, step in enumerate(steps, start=1):
            text, ended = step.text, step.ended == "end"
            if number % SHOW_EVERY == 0:
                yield text, number, "length"
                context.progress(
                    say(_n("Writing: {n} word so far", "Writing: {n} words so far"), n=len(text.split())),
                    min(1.0, 0.5 + 0.5 * number / wanted.max_tokens),
                )
    yield text, number, "end" if ended else "length"


def _checked(text: str, known: str, names: list[str], own: str) -> tuple[str, list[str], int]:
    """The facts themselves, then of what the model wrote only sentences that say again what stands in them."""
    kept, numbers, removed = checked(text, known, names)
    if not kept:
        return known, numbers, removed
    return f"{known}\n\n{own}\n{kept}", numbers, removed


def _grounded(answer: Answer, known: str, names: list[str], own: str) -> Answer:
    text = answer.text if answer.stopped == "end" else whole_sentences(answer.text)
    answer.text, answer.checked_numbers, removed = _checked(text, known, names, own)
    answer.by_rules = answer.text == known
    if answer.by_rules:
        answer.warnings.append(say(_("The model wrote nothing that the results confirm, so only they are shown.")))
    elif removed:
        answer.warnings.append(say(_("Sentences left out because the results don't confirm them: {n}"), n=removed))
    return answer


def _known(wanted: GenerateParams, context: Context) -> Known:
    if wanted.task in {"prompt", "questions"}:
        return Known()
    return _of_run(wanted, context) if wanted.task == "summary" else _of_row(wanted, context)


def _of_run(wanted: GenerateParams, context: Context) -> Known:
    folder = _run_folder(context, wanted.run)
    result = read_model(Comparison, folder / "result.json") or _gone()
    name = wanted.candidate or result.best or ""
    told = summary.of_run(result, name, read_model(Detail, candidate_folder(folder, name) / "detail.json"))
    about = kept_texts.About(task="summary", candidate=name, language=wanted.language)
    mark = kept_texts.fingerprint(told.text("en"))
    return Known(told.facts, told.everything, told.text(wanted.language), mark, folder, about)


def _of_row(wanted: GenerateParams, context: Context) -> Known:
    explanation = read_model(Explanation, _explained(context, wanted.explanation) / "explanation.json") or _gone()
    row = next((one for one in explanation.rows if one.row == wanted.row), None) or _gone()
    found = facts.of_row(row, explanation.unit)
    folder = _run_folder(context, explanation.run) if explanation.run else None
    about = facts.about_row(explanation, row, wanted.language)
    mark = kept_texts.fingerprint(facts.text(found, "en"))
    return Known(found, found, facts.text(found, wanted.language), mark, folder, about)


def _run_folder(context: Context, run: str | None) -> Path:
    if run is None or context.workspace.run(checked_id(run), context.owner) is None:
        _gone()
    return context.workspace.run_folder(checked_id(str(run)))


def _explained(context: Context, job: str | None) -> Path:
    """An explanation is listed nowhere; it belongs to whoever asked for it."""
    if job is None or client.get(context.workspace, checked_id(job), context.owner) is None:
        _gone()
    return client.folder(context.workspace, str(job))


def _gone() -> NoReturn:
    raise UnusableData(_("What this text should be about is not there any more."), _("Go back and choose it again."))


def asked(language: str, known: str) -> str:
    """What a model is asked to write of facts, one in a line, in the reader's language."""
    lines = known.splitlines()
    numbered = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
    return ASKED["zh" if language.startswith("zh") else "en"].format(known=numbered, n=len(lines))


def _finish(context: Context, answer: Answer, known: Known) -> None:
    write_whole(context.folder / SHOWN, answer.text)
    write_model(answer, context.folder / "answer.json")
    if known.run is not None and known.about is not None and answer.stopped != "cancelled":
        kept_texts.keep(known.run, known.about, answer, known.mark)
