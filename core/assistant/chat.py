"""Questions about a table and a run, answered from their numbers.

Common questions are answered by rules, in the reader's language. For any other a language model is given the facts;
of what it writes only sentences stay whose numbers and names stand in one of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from core.access.consent import A_FILE, Sender
from core.assistant import facts
from core.assistant.grounded import checked, whole_sentences
from core.catalog import METRICS
from core.data.schema import Report, Schema, read_model
from core.jobs.context import Context
from core.jobs.resident.server import Question
from core.letters import has_han
from core.messages import COLUMNS, ROWS, Message, UnusableData, _, _n, say, translate
from core.providers import door
from core.results.amounts import duration
from core.results.comparison import Comparison
from core.results.language.chat import AskChat, ChatReply
from core.results.language.laboratory import Decoding
from core.workspace import checked_id

MOST_TOKENS = 90
MOST_LISTED = 6
ASKED = {
    "en": "Facts:\n{facts}\n\nQuestion: {question}\nAnswer in one sentence. Use only the facts.",
    "zh": "事实：\n{facts}\n\n问题：{question}\n请只根据这些事实，用一句中文回答，沿用事实中的词语和数字。",
}


@dataclass(frozen=True)
class Known:
    """The numbers that answers may use."""

    name: str
    report: Report
    schema: Schema
    result: Comparison | None = None
    dataset: str = A_FILE  # its id, where it has one


@dataclass(frozen=True)
class Topic:
    """A common question: how it is recognised in either language, and the facts that answer it."""

    name: str
    english: str  # patterns, looked for in small letters
    chinese: str
    answer: Callable[[Known], list[Message]]

    def asked(self, question: str) -> bool:
        """Whether the question is of this kind."""
        return re.search(f"{self.english}|{self.chinese}", question.lower()) is not None


def chat(args: dict[str, Any], question: Question) -> dict[str, Any]:
    """Question ``chat`` of a page (see `core.results.language.chat`)."""
    asked = AskChat.model_validate(args)

    def begun(facts: ChatReply) -> None:
        question.partial(facts.model_dump(mode="json"))

    return reply(asked.question, asked.language, _known(asked, question), question, begun).model_dump(mode="json")


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
    found = by_rules(asked, known)
    if found:
        return ChatReply(facts=found)
    everything = all_facts(known)
    spoken = "zh" if has_han(asked) or language.startswith("zh") else language
    if not door.can_write(context.workspace.models_folder, spoken):
        note = say(_("No rule knows this, and the language model here writes English only; this is what is known."))
        return ChatReply(facts=everything, note=note)
    sender = context.sender(known.dataset)
    if refusal := door.refusal(context.workspace.models_folder, sender):
        return ChatReply(facts=everything, note=say(_("{what} {hint}"), what=refusal.message, hint=refusal.hint))
    begun(ChatReply(facts=everything))
    return _told(asked, everything, context, spoken, sender)


def by_rules(question: str, known: Known) -> list[Message]:
    """The facts that answer a common question; none if it is not one."""
    return [fact for topic in TOPICS if topic.asked(question) for fact in topic.answer(known)]


def all_facts(known: Known) -> list[Message]:
    """All that may be said, each fact once."""
    found = [fact for topic in TOPICS for fact in topic.answer(known)]
    return list({translate(fact, "en"): fact for fact in found}.values())


def grounded(text: str, known: list[Message], language: str = "en") -> ChatReply:
    """What of a text the facts bear out."""
    lines = "\n".join(translate(fact, language) for fact in known)
    kept, numbers, removed = checked(text, lines, facts.names(known, language))
    return ChatReply(facts=known, words=kept, numbers=numbers, removed=removed)


def _told(asked: str, known: list[Message], context: Context, language: str, sender: Sender) -> ChatReply:
    lines = "\n".join(translate(fact, language) for fact in known)
    model = door.chosen(context.workspace.models_folder, lambda share: context.check(), sender=sender)
    prompt = ASKED["zh" if language.startswith("zh") else "en"].format(facts=lines, question=asked)
    settings = Decoding(temperature=0.0, top_p=1.0, repetition_penalty=model.repetition_penalty, max_tokens=MOST_TOKENS)
    text, ended = "", False
    with closing(model.write_all([prompt], settings)) as steps:
        for step in steps:
            text, ended = step.text, step.ended == "end"
            context.check()
    found = grounded(text if ended else whole_sentences(text), known, language)
    found.model = model.name
    if not found.words:
        found.note = say(_("What the model wrote is not borne out by the numbers, so only these are shown."))
    return found


def _known(asked: AskChat, question: Question) -> Known:
    workspace = question.workspace
    row = workspace.dataset(checked_id(asked.dataset), question.owner)
    folder = workspace.dataset_folder(checked_id(asked.dataset))
    report, schema = read_model(Report, folder / "report.json"), read_model(Schema, folder / "schema.json")
    if row is None or report is None or schema is None:
        raise UnusableData(_("This data set is not there any more."))
    result = None
    if asked.run is not None and workspace.run(checked_id(asked.run), question.owner) is not None:
        result = read_model(Comparison, workspace.run_folder(asked.run) / "result.json")
    return Known(row.name, report, schema, result, row.id)


def _rows(known: Known) -> list[Message]:
    return [
        say(
            _("The table “{name}” has {rows} and {columns}."),
            name=known.name, rows=say(ROWS, n=known.report.n_rows), columns=say(COLUMNS, n=len(known.schema.columns)),
        )
    ]  # fmt: skip


def _columns(known: Known) -> list[Message]:
    names = [column.name for column in known.schema.columns]
    return [say(_("The columns are: {columns}."), columns=names[:40])]


def _gaps(known: Known) -> list[Message]:
    gaps = sorted((column for column in known.report.columns if column.n_missing), key=lambda one: -one.n_missing)
    if not gaps:
        return [say(_("No value is missing."))]
    return [
        say(
            _("“{column}” misses {n:,} of {rows:,} values."),
            column=column.name, n=column.n_missing, rows=known.report.n_rows,
        )
        for column in gaps[:MOST_LISTED]
    ]  # fmt: skip


def _duplicates(known: Known) -> list[Message]:
    return [
        say(
            _n("{n:,} row repeats an earlier one to the letter.", "{n:,} rows repeat earlier ones to the letter."),
            n=known.report.n_duplicate_rows,
        )
    ]


def _target(known: Known) -> list[Message]:
    target = known.result.target if known.result else known.schema.target
    if target is None:
        return [say(_("Nothing is to be predicted yet."))]
    found = [say(_("The column to predict is “{target}”."), target=target)]
    report = next((column for column in known.report.columns if column.name == target), None)
    for value, n in (report.top if report is not None and known.result and known.result.classes else [])[:MOST_LISTED]:
        found.append(say(_n("“{value}” stands in {n:,} row.", "“{value}” stands in {n:,} rows."), value=value, n=n))
    return found


def _best(known: Known) -> list[Message]:
    if known.result is None or known.result.best is None:
        return [say(_("Nothing has been trained on this table yet."))]
    return facts.of_run(known.result, known.result.best)[1:]


def _ranking(known: Known) -> list[Message]:
    if known.result is None:
        return [say(_("Nothing has been trained on this table yet."))]
    metric = known.result.metric
    scored = [one for one in known.result.candidates if metric in one.scores]
    sign = 1 if METRICS[metric].higher_is_better else -1
    scored.sort(key=lambda one: -sign * one.scores[metric].mean)
    return [
        say(
            _("{name} reaches {metric} {score:.3f}, with a 95 % interval from {low:.3f} to {high:.3f}."),
            name=one.label(known.result.task), metric=say(METRICS[metric].in_sentence),
            score=one.scores[metric].mean, low=one.scores[metric].low, high=one.scores[metric].high,
        )
        for one in scored[:MOST_LISTED]
    ]  # fmt: skip


def _worth(known: Known) -> list[Message]:
    if known.result is None or known.result.verdict is None:
        return [say(_("Nothing has been trained on this table yet."))]
    return [known.result.verdict.text]


def _costs(known: Known) -> list[Message]:
    if known.result is None:
        return [say(_("Nothing has been trained on this table yet."))]
    timed = [one for one in known.result.candidates if one.fit_seconds is not None]
    return [
        say(
            _("Training {name} took {time}."),
            name=one.label(known.result.task), time=duration(one.fit_seconds),
        )
        for one in sorted(timed, key=lambda one: -(one.fit_seconds or 0.0))[:MOST_LISTED]
    ]  # fmt: skip


def _left_out(known: Known) -> list[Message]:
    if known.result is None or not known.result.excluded:
        return [say(_("No column was left out."))]
    return [say(_("“{column}” was left out."), column=one.column) for one in known.result.excluded[:MOST_LISTED]]


TOPICS = (
    Topic("rows", r"how (many|much) (rows|data|examples|lines)|how (big|large)", "多少行|几行|多大|多少数据", _rows),
    Topic("columns", r"(which|what|how many) columns", "哪些列|几列|多少列|有什么列", _columns),
    Topic("gaps", r"missing|gaps?\b|empty|incomplete", "缺失|缺少|空值|空白", _gaps),
    Topic("duplicates", r"duplicate|repeat|twice", "重复", _duplicates),
    Topic(
        "target",
        r"\btarget\b|predict(ed|ing)?\b.*\bwhat\b|what\b.*\bpredict|class(es)?\b",
        "预测什么|目标|类别",
        _target,
    ),
    Topic(
        "best",
        r"\bbest\b|\bwinner\b|which (model|candidate)|how (good|accurate)",
        "最好|最佳|哪个模型|多准",
        _best,
    ),
    Topic(
        "ranking",
        r"\brank|compare|leaderboard|all (models|candidates|scores)",
        "排名|比较|所有(模型|候选)",
        _ranking,
    ),
    Topic("worth", r"\bworth\b|\bhelp(s|ed)?\b|need (the )?(llm|language model)", "值得|有用|有没有帮助", _worth),
    Topic("costs", r"how long|\btime\b|seconds|\bcosts?\b|slow|fast", "多久|多长时间|耗时|成本", _costs),
    Topic("left out", r"left out|excluded|ignored|not used", "排除|没有用|未使用|忽略", _left_out),
)
