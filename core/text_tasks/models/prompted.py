"""A prompt for every text, with answers of a form that is checked: one of a few, or a JSON object with given fields.

An answer that is not of that form is asked for once more, then marked as invalid. It is never mended.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.encode.label_scores import LabelScorer
from core.messages import Message, UnusableData, _, say
from core.results.comparison import Interval
from core.results.text_tasks.labels import PromptOptions
from core.results.text_tasks.task import AnswerData
from core.text_tasks.base import Answer, Scoring, Tools, averages
from core.text_tasks.labels import classes

LONGEST_TEXT = 1500  # characters of a text that stand in a prompt
FOLDS = 5


@dataclass(frozen=True)
class Field:
    """One field of the object that is asked for."""

    name: str
    kind: str  # "text", "number" or "one of"
    values: tuple[str, ...] = ()


def llm(texts: Sequence[str], options: PromptOptions, tools: Tools) -> Iterator[Answer]:
    """Ask the instruct model about each text."""
    fields = fields_of(options.fields)
    allowed = [one.strip() for one in options.allowed if one.strip()]
    if allowed and not fields and options.choose == "likelihood" and not options.model:
        yield from _chosen(texts, allowed, tools)
        return
    prompts = [_prompt(text, options.prompt, allowed, fields) for text in texts]
    writer = tools.writer(options)
    first = writer.write_all(prompts, options.max_tokens, tools.stop)
    for number, (prompt, said) in enumerate(zip(prompts, first, strict=True)):
        tools.share(number / len(texts))
        answer = _checked(said, allowed, fields)
        if answer is not None:
            yield answer
            continue
        again = next(iter(writer.write_all([_again(prompt, allowed, fields)], options.max_tokens, tools.stop)), "")
        yield _checked(again, allowed, fields) or _invalid(again)


def classical(texts: Sequence[str], options: PromptOptions, tools: Tools) -> Iterator[Answer]:
    """Word counts and logistic regression, learned from the reference answers of other rows."""
    yield from map(_valid, classes.learned("text-tfidf", texts, tools, folds=FOLDS))


def combined(texts: Sequence[str], options: PromptOptions, tools: Tools) -> Iterator[Answer]:
    """An encoder's view of each text and logistic regression, learned from the reference answers of other rows."""
    yield from map(_valid, classes.learned("cooperative", texts, tools, folds=FOLDS, encoder=options.encoder))


def score(scoring: Scoring) -> dict[str, Interval]:
    """The share of answers of the right form; where there is a reference, accuracy and macro F1 of whole answers."""
    valid = averages({"valid": [float(answer.data.extra.get("valid", True)) for answer in scoring.answers]})
    return (classes.score(scoring) if scoring.scored() else {}) | valid


def fields_of(lines: Sequence[str]) -> list[Field]:
    """``["mood: good, bad", "stars: number"]`` → fields.

    Raises
    ------
    UnusableData
    """
    found = []
    for line in filter(None, map(str.strip, lines)):
        name, colon, kind = line.replace("：", ":").partition(":")
        values = tuple(one.strip() for one in re.split(r"[,，|]", kind) if one.strip())
        if not colon or not name.strip() or not values:
            raise UnusableData(
                _("“{line}” is no field."), _("Write it like {example}."), line=line,
                example="mood: good, bad · stars: number · reason: text",
            )  # fmt: skip
        plain = values[0].lower() if len(values) == 1 else ""
        free = plain in {"text", "number"}
        found.append(Field(name.strip(), plain if free else "one of", () if free else values))
    return found


def parsed(said: str, fields: Sequence[Field]) -> dict[str, Any] | None:
    """The JSON object in an answer, if it has exactly the fields, each of its kind; else None."""
    start, end = said.find("{"), said.rfind("}")
    try:
        made = json.loads(said[start : end + 1]) if 0 <= start < end else None
    except (ValueError, RecursionError):  # also a number of more digits than any has
        return None
    if not isinstance(made, dict) or set(made) != {field.name for field in fields}:
        return None
    return made if all(_fits(made[field.name], field) for field in fields) else None


def _fits(value: Any, field: Field) -> bool:
    if field.kind == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, str) and (field.kind == "text" or value in field.values)


def _checked(said: str, allowed: Sequence[str], fields: Sequence[Field]) -> Answer | None:
    """An answer of the right form, or None."""
    said = said.strip()
    if fields:
        made = parsed(said, fields)
        if made is None:
            return None
        text = json.dumps(made, ensure_ascii=False)
        return Answer(text, AnswerData(label=text, extra={"valid": True, "fields": made}))
    if not allowed:
        return _valid(Answer(said, AnswerData(label=said))) if said else None
    label = _meant(said, allowed)
    return None if label is None else _valid(Answer(label, AnswerData(label=label)))


def _meant(said: str, allowed: Sequence[str]) -> str | None:
    """The allowed answer that was said, whatever the case and the marks around it; None if that leaves several."""
    if said in allowed:
        return said
    alike = [one for one in allowed if _bare(one) and _bare(one) == _bare(said)]
    whole = [one for one in alike if one.casefold() in said.casefold()]  # “A*.” is A*, though A has the same letter
    if whole:
        return max(whole, key=lambda one: (one in said, len(one)))
    return alike[0] if len(alike) == 1 else None


def _bare(answer: str) -> str:
    return answer.strip(" .\"'“”*\n").casefold()


def _invalid(said: str) -> Answer:
    note = say(_("Not of the form that was asked for, twice; here as it was written."))
    return Answer(said.strip(), AnswerData(note=note, extra={"valid": False}))


def _valid(answer: Answer) -> Answer:
    return Answer(answer.text, answer.data.model_copy(update={"extra": {"valid": True}}))


def _chosen(texts: Sequence[str], allowed: Sequence[str], tools: Tools) -> Iterator[Answer]:
    """The allowed answer that the model finds likeliest after the text; nothing else can be said."""
    scorer = LabelScorer(cache_folder=tools.cache_folder, threads=tools.threads)
    scorer.progress = lambda done, total: tools.share(done / max(1, total))
    weights = scorer.fit(list(allowed)).transform(list(texts))
    tools.model = "SmolLM2-135M-Instruct"
    tools.notes.append(_unread())
    shares = np.exp(weights - weights.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    for row in shares:
        label = allowed[int(row.argmax())]
        yield _valid(Answer(label, AnswerData(label=label, score=round(float(row.max()), 4))))


def _unread() -> Message:
    return say(
        _("The allowed answers were weighed as ways to end “This text is about …”; the prompt itself was not used.")
    )


def _prompt(text: str, prompt: str, allowed: Sequence[str], fields: Sequence[Field]) -> str:
    form = ""
    if fields:
        form = f"\nAnswer with one JSON object and nothing else: {_form(fields)}"
    elif allowed:
        form = f"\nAnswer with one of these and nothing else: {', '.join(allowed)}."
    return f"Text: {text[:LONGEST_TEXT]}\n\n{prompt}{form}"


def _again(prompt: str, allowed: Sequence[str], fields: Sequence[Field]) -> str:
    wanted = _form(fields) if fields else ", ".join(allowed)
    return f"{prompt}\nYour last answer had the wrong form. Answer exactly in this form: {wanted}"


def _form(fields: Sequence[Field]) -> str:
    kinds = {"text": '"words"', "number": "0"}
    parts = [
        f'"{field.name}": {kinds.get(field.kind) or " or ".join(map(json.dumps, field.values))}' for field in fields
    ]
    return "{" + ", ".join(parts) + "}"
