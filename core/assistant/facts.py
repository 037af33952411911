"""The facts about a run or a row, written by rules in the reader's language: what a summary may say."""

from __future__ import annotations

from core.catalog import METRICS
from core.messages import Message, _, _n, say, translate
from core.results.comparison import Comparison
from core.results.explanations.rows import RowExplanation

MOST_COLUMNS = 4


def of_run(result: Comparison, name: str) -> list[Message]:
    """Verdict, scores beside guessing, size of the data."""
    line = result.candidate(name)
    guess = next((one for one in result.candidates if one.mode == "dummy" and one.status == "ok"), None)
    facts = [
        say(
            _n(
                "The table has {rows:,} usable row; the model predicts “{target}”.",
                "The table has {rows:,} usable rows; the model predicts “{target}”.",
                "rows",
            ),
            rows=result.n_rows,
            target=result.target,
        )
    ]
    if line is not None and result.metric in line.scores:
        score = line.scores[result.metric]
        label = say(METRICS[result.metric].in_sentence)
        facts.append(
            say(
                _("{name} reaches {metric} {score:.3f}, with a 95 % interval from {low:.3f} to {high:.3f}."),
                name=line.label(result.task), metric=label, score=score.mean, low=score.low, high=score.high,
            )
        )  # fmt: skip
        if guess is not None and result.metric in guess.scores and guess is not line:
            facts.append(say(_("Guessing reaches {score:.3f}."), score=guess.scores[result.metric].mean))
    if result.verdict is not None:
        facts.append(result.verdict.text)
    return facts


def names(facts: list[Message], language: str) -> list[str]:
    """What the facts are about: whatever fills their gaps and is no number."""
    found: list[str] = []
    for fact in facts:
        for value in fact.params.values():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, (str, Message)):
                    found.append(translate(one, language) if isinstance(one, Message) else one)
                elif isinstance(one, dict) and "id" in one:
                    found.append(translate(one, language))
    return list(dict.fromkeys(found))


def of_row(row: RowExplanation, unit: str) -> list[Message]:
    """What was said of a row, and which columns moved it most."""
    if unit == "probability":
        first = say(
            _("The model gives “{label}” a probability of {output:.2f}; on average it gives {base:.2f}."),
            label=row.label, output=row.output, base=row.base,
        )  # fmt: skip
    elif unit == "log-odds":
        first = say(
            _("The model gives “{label}” log-odds of {output:.2f}; on average it gives {base:.2f}."),
            label=row.label, output=row.output, base=row.base,
        )  # fmt: skip
    else:
        first = say(_("The model says {output:.2f}; on average it says {base:.2f}."), output=row.output, base=row.base)
    facts = [first]
    for column in row.columns[:MOST_COLUMNS]:
        text = MOVES[unit if unit in UNITS else "number", column.value >= 0]
        facts.append(say(text, column=column.name, size=abs(column.value)))
        words = sorted((one for one in column.parts if one.level == "word"), key=lambda part: -abs(part.value))[:3]
        if words:
            text = _("In “{column}”, these words count most: {words}.")
            facts.append(say(text, column=column.name, words=[part.text for part in words]))
    return facts


UNITS = ("probability", "log-odds")
MOVES = {  # each says of what, since a model says it again sentence by sentence
    ("probability", True): _("“{column}” raises the probability by {size:.2f}."),
    ("probability", False): _("“{column}” lowers the probability by {size:.2f}."),
    ("log-odds", True): _("“{column}” raises the log-odds by {size:.2f}."),
    ("log-odds", False): _("“{column}” lowers the log-odds by {size:.2f}."),
    ("number", True): _("“{column}” raises the prediction by {size:.2f}."),
    ("number", False): _("“{column}” lowers the prediction by {size:.2f}."),
}
