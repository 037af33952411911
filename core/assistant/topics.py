"""What may be said of a table and a run: common questions, each with the facts that answer it and where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from core.access.consent import A_FILE
from core.assistant import explained, facts
from core.catalog import METRICS
from core.data.schema import Report, Schema
from core.evaluate import summary
from core.evaluate.verdict.ladder import rung_line
from core.messages import COLUMNS, ROWS, Message, _, _n, say
from core.results.amounts import duration
from core.results.comparison import Comparison, Detail
from core.results.explanations.global_explanation import WholeExplanation
from core.results.explanations.rows import Explanation

MOST_LISTED = 6
TABLE, LEADERBOARD, VERDICT = _("the table"), _("the leaderboard"), _("the verdict")
STEPS, CHECKS = _("where the gain comes from"), _("the checks of the result")
WHOLE, ROW = _("the explanation of {name}"), _("the explained rows of {name}")


@dataclass(frozen=True)
class Known:
    """The numbers that answers may use."""

    name: str
    report: Report
    schema: Schema
    result: Comparison | None = None
    detail: Detail | None = None  # of the best candidate
    whole: WholeExplanation | None = None  # of a candidate over many rows
    rows: Explanation | None = None  # of single rows
    dataset: str = A_FILE  # its id, where it has one


@dataclass(frozen=True)
class Topic:
    """A common question: how it is recognised in either language, and the facts that answer it."""

    name: str
    source: str  # where its facts stand
    english: str  # patterns, looked for in small letters
    chinese: str
    answer: Callable[[Known, str], list[Message]]  # of what is known and the question
    explains: bool = False  # from an explanation of the whole data

    def asked(self, question: str) -> bool:
        """Whether the question is of this kind."""
        return re.search(f"{self.english}|{self.chinese}", question.lower()) is not None


def _rows(known: Known, question: str) -> list[Message]:
    return [
        say(
            _("The table “{name}” has {rows} and {columns}."),
            name=known.name, rows=say(ROWS, n=known.report.n_rows), columns=say(COLUMNS, n=len(known.schema.columns)),
        )
    ]  # fmt: skip


def _columns(known: Known, question: str) -> list[Message]:
    names = [column.name for column in known.schema.columns]
    return [say(_("The columns are: {columns}."), columns=names[:40])]


def _gaps(known: Known, question: str) -> list[Message]:
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


def _duplicates(known: Known, question: str) -> list[Message]:
    return [
        say(
            _n("{n:,} row repeats an earlier one to the letter.", "{n:,} rows repeat earlier ones to the letter."),
            n=known.report.n_duplicate_rows,
        )
    ]


def _target(known: Known, question: str) -> list[Message]:
    target = known.result.target if known.result else known.schema.target
    if target is None:
        return [say(_("Nothing is to be predicted yet."))]
    found = [say(_("The column to predict is “{target}”."), target=target)]
    report = next((column for column in known.report.columns if column.name == target), None)
    for value, n in (report.top if report is not None and known.result and known.result.classes else [])[:MOST_LISTED]:
        found.append(say(_n("“{value}” stands in {n:,} row.", "“{value}” stands in {n:,} rows."), value=value, n=n))
    return found


def _best(known: Known, question: str) -> list[Message]:
    if known.result is None or known.result.best is None:
        return [say(_("Nothing has been trained on this table yet."))]
    return facts.of_run(known.result, known.result.best)[1:]


def _ranking(known: Known, question: str) -> list[Message]:
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


def _worth(known: Known, question: str) -> list[Message]:
    if known.result is None or known.result.verdict is None:
        return [say(_("Nothing has been trained on this table yet."))]
    return [known.result.verdict.text]


def _costs(known: Known, question: str) -> list[Message]:
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


def _left_out(known: Known, question: str) -> list[Message]:
    if known.result is None or not known.result.excluded:
        return [say(_("No column was left out."))]
    return [say(_("“{column}” was left out."), column=one.column) for one in known.result.excluded[:MOST_LISTED]]


def _steps(known: Known, question: str) -> list[Message]:
    result = known.result
    return [] if result is None else [rung_line(rung, result) for rung in result.ladder]


def _advice(known: Known, question: str) -> list[Message]:
    return [] if known.result is None else _summary(known.result, known.detail).to_do


def _doubts(known: Known, question: str) -> list[Message]:
    return [] if known.result is None else _summary(known.result, known.detail).to_doubt


def _summary(result: Comparison, detail: Detail | None) -> summary.Summary:
    return summary.of_run(result, result.best or "", detail)


def _words(known: Known, question: str) -> list[Message]:
    return [] if known.whole is None else explained.words(known.whole, question)


def _matters(known: Known, question: str) -> list[Message]:
    return [] if known.whole is None else explained.columns(known.whole)


def _row(known: Known, question: str) -> list[Message]:
    return [] if known.rows is None else explained.rows(known.rows, question)


TOPICS = (
    Topic(
        "rows", TABLE, r"how (many|much) (rows|data|examples|lines)|how (big|large)", "多少行|几行|多大|多少数据", _rows
    ),
    Topic(
        "columns",
        TABLE,
        r"(which|what|how many) columns(?!.*\b(matter|important|count|drive|influence))",
        "(哪些列|几列|多少列|有什么列)(?!.*(重要|影响|看重))",
        _columns,
    ),
    Topic("gaps", TABLE, r"missing|gaps?\b|empty|incomplete", "缺失|缺少|空值|空白", _gaps),
    Topic("duplicates", TABLE, r"duplicate|repeat|twice", "重复", _duplicates),
    Topic(
        "target",
        TABLE,
        r"\btarget\b|predict(ed|ing)?\b.*\bwhat\b|what\b.*\bpredict|class(es)?\b",
        "预测什么|目标|类别",
        _target,
    ),
    Topic(
        "best",
        LEADERBOARD,
        r"\bbest\b|\bwinner\b|which (model|candidate)|how (good|accurate)",
        "最好|最佳|哪个模型|多准",
        _best,
    ),
    Topic(
        "ranking",
        LEADERBOARD,
        r"\brank|compare|leaderboard|all (models|candidates|scores)",
        "排名|比较|所有(模型|候选)",
        _ranking,
    ),
    Topic(
        "worth",
        VERDICT,
        r"\bworth\b|\bhelp(s|ed)?\b|need (the )?(llm|language model)",
        "值得|有用|有没有帮助",
        _worth,
    ),
    Topic("steps", STEPS, r"gain come|adds? most|\bladder\b|word counts", "增益|从何而来|词频", _steps),
    Topic(
        "advice",
        VERDICT,
        r"what (should|must|can) (i|we) do|recommend|what to do|next step",
        "怎么做|建议|下一步",
        _advice,
    ),
    Topic("doubts", CHECKS, r"doubt|trust|reliab|warning|suspicious", "存疑|怀疑|可信|可靠|警告", _doubts),
    Topic("costs", LEADERBOARD, r"how long|\btime\b|seconds|\bcosts?\b|slow|fast", "多久|多长时间|耗时|成本", _costs),
    Topic("left out", TABLE, r"left out|excluded|ignored|not used", "排除|没有用|未使用|忽略", _left_out),
    Topic("words", WHOLE, r"\bwords\b|which word\b|\bphrases\b", "哪些词|什么词|词语|字眼", _words, explains=True),
    Topic(
        "matters",
        WHOLE,
        r"(columns?|features?|what)\b.*\b(matters?|important|counts? most|influences?)|\b(it|model)\b.*\blooks? at\b",
        "看重|最重要|(列|特征).*(重要|影响)|影响最大",
        _matters,
        explains=True,
    ),
    Topic("row", ROW, r"\brow (no\.? ?)?\d+", r"第\s*\d+\s*行", _row),
)
