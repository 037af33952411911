"""What a run, or one prediction, says in plain language: sentences filled from the data, and a brief for the model.

The sentences made here by rule are true by construction and always come first. The instruct model may add prose of
its own around them; `core.language.grounding` decides what of it stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from core import catalog
from core.evaluate.result import Candidate, Comparison, Detail, Explanation, Interval, RowExplanation
from core.language.grounding import Fact, Number, numbers, without_names
from core.messages import Message, _, clip, say

GUESSING = ("guess", "dummy", "baseline", "always", "chance")
TOP_COLUMNS = 3
TOP_WORDS = 3


@dataclass
class Brief:
    """What may be said.

    Parameters
    ----------
    lead : list of Message
        The statements, in reading order.
    facts : list of Fact
        The same in English, with their unrounded numbers, for checking.
    names : list of str
        Words that may hold digits: metrics, columns, classes, candidates.
    task : str
        What the model is asked to do with them (English).
    """

    task: str
    lead: list[Message] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def add(
        self,
        message: Message,
        values: tuple[float, ...] = (),
        *,
        needs: tuple[str, ...] = (),
        avoids: tuple[str, ...] = (),
    ) -> None:
        """One more statement."""
        self.lead.append(message)
        self.facts.append(Fact(str(message), values, needs, avoids))


def of_run(comparison: Comparison, name: str | None = None, detail: Detail | None = None) -> Brief:
    """The brief of a comparison, about one candidate or else its best."""
    metric = catalog.METRICS[comparison.metric]
    brief = Brief(
        "Explain these results to a colleague who does not know machine learning. Say in two or three short sentences "
        "what was predicted and whether the model is useful. Do not use any numbers."
    )
    brief.names += [metric.label, comparison.target, *comparison.classes, *(entry.label for entry in catalog.ENCODERS)]
    brief.names += [candidate.name for candidate in comparison.candidates]
    _add_question(brief, comparison)
    chosen = comparison.candidate(name or comparison.best or "")
    if chosen is None or comparison.metric not in chosen.scores:
        brief.add(say(_("No candidate has a score yet.")))
        return brief
    _add_score(brief, comparison, chosen, metric)
    if comparison.verdict is not None:
        brief.add(comparison.verdict.text, tuple(comparison.verdict.numbers.values()))
    if chosen.fit_seconds is not None:
        brief.add(
            say(_("Training took {seconds} seconds."), seconds=_shown(chosen.fit_seconds, "none")),
            (chosen.fit_seconds,),
            needs=("second", "train"),
        )
    if comparison.excluded:
        names = [clip(entry.column, 40) for entry in comparison.excluded]
        brief.names += names
        brief.add(say(_("Left out: {names}."), names=names))
    for warning in (detail.warnings if detail else [])[:2]:
        brief.add(warning)
    return brief


def of_row(explanation: Explanation, row: RowExplanation) -> Brief:
    """The brief of one explained prediction."""
    brief = Brief(
        "Explain this one prediction to a colleague who does not know machine learning. Say in two short sentences "
        "what mattered most. Do not use any numbers."
    )
    classes = explanation.unit == "probability"
    output, base = _shown(row.output, "share" if classes else "target"), _shown(row.base, "share" if classes else "")
    values = (row.output, row.base)
    if classes:
        text = _(
            "The model gives “{label}” a probability of {output}; knowing nothing about the row it would say {base}."
        )
        brief.add(say(text, label=clip(row.label), output=output, base=base), values, needs=("probab", row.label))
    else:
        text = _("The model predicts {output} for “{target}”; knowing nothing about the row it would say {base}.")
        brief.add(say(text, target=clip(explanation.unit), output=output, base=base), values, needs=("predict",))
    brief.names += [row.label, explanation.unit, *(column.name for column in row.columns)]
    for column in sorted(row.columns, key=lambda column: -abs(column.value))[:TOP_COLUMNS]:
        if column.value == 0:
            continue
        rises = _("“{column}” raises it by {value}.")
        falls = _("“{column}” lowers it by {value}.")
        shown = _shown(abs(column.value), "share" if classes else "target")
        brief.add(
            say(rises if column.value > 0 else falls, column=clip(column.name, 40), value=shown),
            (abs(column.value),),
            needs=(column.name,),
        )
        words = [part for part in column.parts if part.level == "word" and part.text.strip()]
        loudest = sorted(words, key=lambda part: -abs(part.value))[:TOP_WORDS]
        if loudest:
            brief.names += [part.text for part in loudest]
            brief.add(
                say(
                    _("In “{column}”, these words count most: {words}."),
                    column=clip(column.name, 40),
                    words=[clip(part.text, 30) for part in loudest],
                )
            )
    return brief


def _add_question(brief: Brief, comparison: Comparison) -> None:
    values = (float(comparison.n_rows), float(len(comparison.classes)))
    if comparison.task == "regression":
        text = _("From {n} rows, “{target}” (a number) was predicted.")
        brief.add(say(text, n=f"{comparison.n_rows:,}", target=clip(comparison.target)), values[:1], needs=("row",))
        return
    text = _("From {n} rows, “{target}” was predicted: one of {k} classes ({classes}).")
    classes = [clip(label, 30) for label in comparison.classes[:6]]
    if len(comparison.classes) > len(classes):
        classes.append("…")
    brief.add(
        say(
            text, n=f"{comparison.n_rows:,}", target=clip(comparison.target), k=len(comparison.classes), classes=classes
        ),
        values,
        needs=("row", "class"),
    )


def _add_score(brief: Brief, comparison: Comparison, chosen: Candidate, metric: catalog.Metric) -> None:
    score = chosen.scores[comparison.metric]
    text = _("{name} reaches {metric} {mean} (95 % interval {low} to {high}).")
    if chosen.name == comparison.best:
        text = _("The best is {name}: {metric} {mean} (95 % interval {low} to {high}).")
    brief.add(
        say(text, name=chosen.name, metric=say(metric.label), **_interval(score, metric.unit)),
        (score.mean, score.low, score.high),
        needs=(metric.label.split(" (")[0],),
        avoids=GUESSING,
    )
    dummy = comparison.candidate("dummy")
    if dummy is not None and comparison.metric in dummy.scores and dummy.name != chosen.name:
        guess = dummy.scores[comparison.metric]
        brief.add(
            say(_("Guessing reaches {mean}."), mean=_shown(guess.mean, metric.unit)), (guess.mean,), needs=GUESSING
        )


def _interval(score: Interval, unit: str) -> dict[str, str]:
    return {key: _shown(value, unit) for key, value in (("mean", score.mean), ("low", score.low), ("high", score.high))}


def _shown(value: float, unit: str) -> str:
    """A number as people read it: two decimals for shares, three significant digits otherwise."""
    if unit in {"share", "nats"}:
        return f"{value:.2f}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def stated(fact: Fact, names: list[str]) -> list[Number]:
    """The numbers a statement carries, names apart."""
    return numbers(without_names(fact.text, names))
