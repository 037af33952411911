"""What the bundled language model was found to be able to do, said beside its answers. Light.

The figures are those of ``python -m benchmarks.limits``, which asks the questions again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.evaluate.intervals.wilson import share_interval
from core.messages import Message, _, say
from core.results.comparison import Interval

MODEL = "SmolLM2-135M-Instruct"
Asked = Literal["facts", "arithmetic", "passage", "document", "chinese"]


@dataclass(frozen=True)
class Measured:
    """How many of the bundled model's answers of one kind were right."""

    name: Asked
    label: str
    right: int
    asked: int

    @property
    def share(self) -> Interval:
        """The share of right answers with its 95 % interval."""
        return share_interval(self.right, self.asked)


MEASURED: tuple[Measured, ...] = (
    Measured("passage", _("Questions about a passage of 50 words"), 20, 30),
    Measured("facts", _("Well-known facts"), 13, 20),
    Measured("document", _("Questions about a document of 770 words"), 11, 30),
    Measured("arithmetic", _("Sums in small numbers"), 4, 20),
    Measured("chinese", _("Short sentences put into Chinese"), 0, 20),
)


def limits() -> Message:
    """What to expect of the bundled model, with nothing in it that was not measured."""
    found = {one.name: one for one in MEASURED}
    return say(
        _(
            "The bundled model has 135 million parameters. Of short questions with known answers it got right: "
            "well-known facts {facts} of {facts_asked}, sums in small numbers {arithmetic} of {arithmetic_asked}, "
            "questions about a passage of 50 words {passage} of {passage_asked}, about a document of 770 words "
            "{document} of {document_asked}, short sentences put into Chinese {chinese} of {chinese_asked}. So check "
            "what it says, or name a larger model."
        ),
        **{name: one.right for name, one in found.items()},
        **{f"{name}_asked": one.asked for name, one in found.items()},
    )
