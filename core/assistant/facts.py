"""The facts about a run or a row, written by rules in the reader's language: what a summary may say."""

from __future__ import annotations

from core.evaluate import summary
from core.messages import Message, _, say, translate
from core.results.comparison import Comparison
from core.results.explanations.rows import Explanation, RowExplanation
from core.results.kept_texts import About

MOST_COLUMNS = 4


def of_run(result: Comparison, name: str) -> list[Message]:
    """Size of the data, scores beside guessing, verdict."""
    return summary.of_run(result, name).facts


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


def about_row(explanation: Explanation, row: RowExplanation, language: str) -> About:
    """What a row in words is kept under."""
    unit = explanation.unit if explanation.unit in UNITS else ""  # else the target's name
    return About(
        task="row", candidate=explanation.candidate, language=language, row=row.row, label=row.label, unit=unit
    )  # fmt: skip


def text(facts: list[Message], language: str) -> str:
    """Facts in a reader's language, one in a line.

    Examples
    --------
    >>> text([say("Guessing reaches {score:.3f}.", score=0.3842)], "en")
    'Guessing reaches 0.384.'
    """
    return "\n".join(translate(fact, language) for fact in facts)


UNITS = ("probability", "log-odds")
MOVES = {  # each says of what, since a model says it again sentence by sentence
    ("probability", True): _("“{column}” raises the probability by {size:.2f}."),
    ("probability", False): _("“{column}” lowers the probability by {size:.2f}."),
    ("log-odds", True): _("“{column}” raises the log-odds by {size:.2f}."),
    ("log-odds", False): _("“{column}” lowers the log-odds by {size:.2f}."),
    ("number", True): _("“{column}” raises the prediction by {size:.2f}."),
    ("number", False): _("“{column}” lowers the prediction by {size:.2f}."),
}
