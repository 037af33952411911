"""The sample tables that come along, made by ``assets/samples/make_samples.py``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.messages import UnknownChoice, _

FOLDER = Path(__file__).parent.parent.parent / "assets" / "samples"


@dataclass(frozen=True)
class Sample:
    """A table to try things on, with the column to predict."""

    name: str
    label: str
    about: str
    path: Path
    target: str


SAMPLES: tuple[Sample, ...] = (
    Sample(
        "tickets",
        _("Support tickets"),
        _("738 messages to a help desk with plan, channel and waiting time. Predict the priority: three classes."),
        FOLDER / "support_tickets.csv",
        "priority",
    ),
    Sample(
        "reviews",
        _("Walking holidays"),
        _("600 reviews with season, price and group size. Predict the rating: a number from 1 to 10."),
        FOLDER / "walking_reviews.csv",
        "rating",
    ),
    Sample(
        "meals_zh",
        _("Meal deliveries (Chinese)"),
        _("500 Chinese comments with dish, minutes and distance. Predict whether the guest was satisfied."),
        FOLDER / "meals_zh.csv",
        "满意度",
    ),
)


def sample(name: str) -> Sample:
    """The sample of this name."""
    for entry in SAMPLES:
        if entry.name == name:
            return entry
    raise UnknownChoice(
        _("There is no sample called “{name}”."),
        _("Choose one of: {known}."),
        name=name,
        known=[entry.name for entry in SAMPLES],
    )
