"""Questions about a table and a run, answered from their numbers.

Common questions are answered by rules (`core.assistant.topics`), in the reader's language. For any other the facts
that share words with it are looked up, and a language model is given them; of what it writes only sentences stay whose
numbers and names stand in one of them. Each answer lists the facts it stands on, and where they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from core.access.consent import Sender
from core.assistant import explained, facts
from core.assistant.grounded import checked, sentences, whole_sentences
from core.assistant.ranked import ranked
from core.assistant.topics import ROW, TABLE, TOPICS, WHOLE, Known, Topic
from core.data.schema import Report, Schema, read_model
from core.jobs import client
from core.jobs.context import Context
from core.jobs.resident.server import Question
from core.letters import has_han
from core.messages import Message, UnusableData, _, say, translate
from core.providers import door
from core.results.comparison import Comparison, Detail, candidate_folder
from core.results.explanations.global_explanation import WholeExplanation
from core.results.explanations.rows import Explanation
from core.results.language.chat import AskChat, ChatReply, Offer, Said
from core.results.language.laboratory import Decoding
from core.workspace import checked_id

T = TypeVar("T", bound=BaseModel)
MOST_TOKENS = 90
MOST_FOUND = 6  # facts that a question is answered from, where no rule knows it
IN_SHORT = {"rows", "target", "best", "worth", "advice"}
ASKED = {
    "en": "Facts:\n{facts}\n\nQuestion: {question}\nAnswer in one sentence. Use only the facts.",
    "zh": "事实：\n{facts}\n\n问题：{question}\n请只根据这些事实，用一句中文回答，沿用事实中的词语和数字。",
}


def chat(args: dict[str, Any], question: Question) -> dict[str, Any]:
    """Question ``chat`` of a page (see `core.results.language.chat`)."""
    asked = AskChat.model_validate(args)

    def begun(facts: ChatReply) -> None:
        question.partial(facts.model_dump(mode="json"))

    found = reply(asked.question, asked.language, _known(asked, question), question, begun)
    if found.offer is not None and asked.run is not None:
        found.offer.run = asked.run
    return found.model_dump(mode="json")


def reply(
    asked: str, language: str, known: Known, context: Context, begun: Callable[[ChatReply], None] = lambda facts: None
) -> ChatReply:
    """Answer a question: by rules where one knows it, else by a language model, held to the facts.

    Parameters
    ----------
    language : str
        Of whoever asks.
    begun : callable
        Receives the facts before the model writes.
    """
    if any(topic.explains and topic.asked(asked) for topic in TOPICS):
        return _explained(asked, known)
    found = _fact_list([topic for topic in TOPICS if topic.asked(asked)], known, asked)
    if found.facts:
        return found
    spoken = "zh" if has_han(asked) or language.startswith("zh") else language
    found = found_for(asked, known, spoken)
    if not door.can_write(context.workspace.models_folder, spoken):
        text = _("No rule knows this, and the language model here writes English only; this is what is known.")
        return found.model_copy(update={"note": say(text)})
    sender = context.sender(known.dataset)
    if refusal := door.refusal(context.workspace.models_folder, sender):
        return found.model_copy(update={"note": say(_("{what} {hint}"), what=refusal.message, hint=refusal.hint)})
    begun(found)
    return _told(asked, found, context, spoken, sender)


def by_rules(question: str, known: Known) -> list[Message]:
    """The facts that answer a common question; none if it is not one."""
    return [fact for topic in TOPICS if topic.asked(question) for fact in topic.answer(known, question)]


def all_facts(known: Known) -> list[Message]:
    """All that may be said, each fact once."""
    return _fact_list(TOPICS, known).facts


def found_for(question: str, known: Known, language: str = "en") -> ChatReply:
    """The facts that speak of a question, the best first; the run in short where none shares a word with it.

    Examples
    --------
    >>> found_for("What does guessing reach?", known).facts  # doctest: +SKIP
    [Message(id='Guessing reaches {score:.3f}.', …)]
    """
    every = _fact_list(TOPICS, known)
    places = ranked(question, [translate(fact, language) for fact in every.facts], MOST_FOUND)
    if not places:
        return _fact_list([topic for topic in TOPICS if topic.name in IN_SHORT], known)
    return ChatReply(facts=[every.facts[place] for place in places], sources=[every.sources[place] for place in places])


def _explained(asked: str, known: Known) -> ChatReply:
    """What an explanation of the whole data says; where there is none, the offer to make it."""
    topic = next(topic for topic in TOPICS if topic.explains and topic.asked(asked))
    found = _fact_list([topic], known, asked)
    if known.whole is not None and found.facts:
        sentence = explained.answer(known.whole, asked) if topic.name == "words" else None
        cites = list(range(1, len(found.facts) + 1))
        found.said = [Said(text=sentence, cites=cites)] if sentence is not None else []
    elif known.whole is not None:
        found.note = say(_("The explanation of the whole data that was made says nothing of this."))
    elif known.result is None or known.result.best is None:
        found.note = say(_("Nothing has been trained on this table yet."))
    else:
        found.note = say(_("This is answered by an explanation of the whole data, and there is none of this run yet."))
        found.offer = Offer(candidate=known.result.best)
    return found


def _fact_list(topics: Iterable[Topic], known: Known, question: str = "") -> ChatReply:
    """Each fact of some topics once, with where it stands."""
    once: dict[str, tuple[Message, Message]] = {}
    for topic in topics:
        for fact in topic.answer(known, question):
            once.setdefault(translate(fact, "en"), (fact, _source(topic, known)))
    return ChatReply(
        facts=[fact for fact, _source in once.values()], sources=[source for _fact, source in once.values()]
    )


def _source(topic: Topic, known: Known) -> Message:
    made = {WHOLE: known.whole, ROW: known.rows}.get(topic.source)
    if made is None or known.result is None:
        return say(topic.source if known.result is not None else TABLE)
    line = known.result.candidate(made.candidate)
    return say(topic.source, name=made.candidate if line is None else line.label(known.result.task))


def grounded(text: str, known: list[Message], language: str = "en") -> ChatReply:
    """What of a text the facts bear out, each sentence with the facts that do.

    Examples
    --------
    >>> reply = grounded("Guessing reaches 0.38. It works.", [say("Guessing reaches {score:.3f}.", score=0.3842)])
    >>> reply.words, reply.said[0].cites, reply.removed
    ('Guessing reaches 0.38.', [1], 1)
    """
    lines = [translate(fact, language) for fact in known]
    names = facts.names(known, language)
    kept, numbers, removed = checked(text, "\n".join(lines), names)
    said = [
        Said(
            text=say("{sentence}", sentence=sentence),
            cites=[number for number, line in enumerate(lines, start=1) if checked(sentence, line, names)[0]],
        )
        for sentence in sentences(kept)
    ]
    return ChatReply(facts=known, words=kept, said=said, numbers=numbers, removed=removed)


def _told(asked: str, found: ChatReply, context: Context, language: str, sender: Sender) -> ChatReply:
    lines = facts.text(found.facts, language)
    model = door.chosen(context.workspace.models_folder, lambda share: context.check(), sender=sender)
    prompt = ASKED["zh" if language.startswith("zh") else "en"].format(facts=lines, question=asked)
    settings = Decoding(temperature=0.0, top_p=1.0, repetition_penalty=model.repetition_penalty, max_tokens=MOST_TOKENS)
    text, ended = "", False
    with closing(model.write_all([prompt], settings)) as steps:
        for step in steps:
            text, ended = step.text, step.ended == "end"
            context.check()
    told = grounded(text if ended else whole_sentences(text), found.facts, language)
    told.sources, told.model = found.sources, model.name
    if not told.words:
        told.note = say(_("What the model wrote is not borne out by the numbers, so only these are shown."))
    return told


def _known(asked: AskChat, question: Question) -> Known:
    workspace = question.workspace
    row = workspace.dataset(checked_id(asked.dataset), question.owner)
    folder = workspace.dataset_folder(checked_id(asked.dataset))
    report, schema = read_model(Report, folder / "report.json"), read_model(Schema, folder / "schema.json")
    if row is None or report is None or schema is None:
        raise UnusableData(_("This data set is not there any more."))
    known = Known(row.name, report, schema, dataset=row.id)
    if asked.run is None or workspace.run(checked_id(asked.run), question.owner) is None:
        return known
    known = of_run(known, workspace.run_folder(asked.run))
    found = partial(newest, question, asked)
    return replace(
        known, whole=found("explain-whole", WholeExplanation, "whole.json"),
        rows=found("explain", Explanation, "explanation.json"),
    )  # fmt: skip


def of_run(known: Known, folder: Path) -> Known:
    """The same with a run from its folder.

    Examples
    --------
    >>> of_run(known, workspace.run_folder(run)).result.best  # doctest: +SKIP
    'cooperative'
    """
    result = read_model(Comparison, folder / "result.json")
    best = result.best if result is not None else None
    detail = read_model(Detail, candidate_folder(folder, best) / "detail.json") if best is not None else None
    return replace(known, result=result, detail=detail)


def newest(question: Question, asked: AskChat, kind: str, model: type[T], file: str) -> T | None:
    """The newest finished explanation of the run that is this person's, whichever candidate it is of."""
    for job in client.jobs(question.workspace, question.owner, kind=kind, dataset=asked.dataset, active=False):
        if job.state == "done" and job.params.get("run") == asked.run:
            found = read_model(model, client.folder(question.workspace, job.id) / file)
            if found is not None:
                return found
    return None
