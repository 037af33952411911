"""What the automatic choice says of itself: what was chosen by which numbers, and what there was no time for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.catalog import METRICS
from core.messages import Message, _, _n, say
from core.names import encoder_label


def choice(n: int, folds: int, chosen: Mapping[str, float], metric: str, measured: Mapping[str, Any]) -> Message:
    """What was chosen of n candidates; of a mixture, its score and that of the best alone on the same rows.

    folds: that each was tried on, at most
    measured: ``single, single_score, single_error, score, error, rows``; empty where one was chosen.
    """
    gaps = {
        "n": n,
        "screened": say(_n("screened on {folds} inner fold", "screened on {folds} inner folds", "folds"), folds=folds),
        "chosen": [f"{name} {weight:.0%}" if weight < 1 else name for name, weight in chosen.items()],
        "metric": say(METRICS[metric].in_sentence),
        **measured,
    }
    if len(chosen) == 1:
        text = _n(
            "Of {n} candidate, {screened}, “{chosen}” was chosen.",
            "Of {n} candidates, {screened}, “{chosen}” was chosen.",
        )
        return say(text, **gaps)
    if measured["score"] >= measured["single_score"]:
        return say(
            _(
                "Of {n} candidates, {screened}, a mixture was chosen: {chosen}. On {rows} rows held back from its "
                "members its {metric} was {score:.3f}; that of the best alone, “{single}”, {single_score:.3f}."
            ),
            **gaps,
        )
    return say(
        _(
            "Of {n} candidates, {screened}, a mixture was chosen: {chosen}. On {rows} rows held back from its members "
            "its {metric} was {score:.3f}, less than that of the best alone, “{single}”, {single_score:.3f}; but its "
            "squared error is less: {error:.4g} against {single_error:.4g}."
        ),
        **gaps,
    )


def not_in_time(unread: Mapping[str, float], left_out: list[str]) -> list[Message]:
    """Encoders that were too slow, by name with the seconds that reading takes, and candidates that were left out."""
    text = _("Reading the texts with {encoder} would take about {needed:,.0f} s, so nothing was tried with it.")
    notes = [say(text, encoder=encoder_label(model), needed=seconds) for model, seconds in unread.items()]
    return [*notes, say(_("Left out for lack of time: {names}."), names=left_out)] if left_out else notes


def behind(names: list[str]) -> list[Message]:
    """Candidates that were given up after a first fold."""
    return [say(_("Given up after one fold, clearly behind: {names}."), names=names)] if names else []


def failed(errors: Mapping[str, str]) -> list[Message]:
    """Candidates that could not be fitted, and what was said of it."""
    text = _("“{name}” could not be trained ({error}).")
    return [say(text, name=name, error=error[:200]) for name, error in errors.items()]


def on_a_part(names: list[str], share: float, errors: Mapping[str, str]) -> list[Message]:
    """Candidates of which the model of the first fold is kept: for lack of time, or because all rows could not be had.

    share: of the rows, that it was trained on
    errors: what was said of those that could not be trained on all rows, by name
    """
    late = _("There was no time to train “{name}” again on all rows; what is kept was trained on {share:.0%} of them.")
    lost = _("“{name}” could not be trained on all rows ({error}); what is kept was trained on {share:.0%} of them.")
    return [
        say(lost, name=name, share=share, error=errors[name][:200])
        if name in errors
        else say(late, name=name, share=share)
        for name in names
    ]


def lighter(name: str, score: float, metric: str, ms_per_row: float) -> Message:
    """What would do without a language model, where predicting with one is slow."""
    text = _(
        "It takes about {ms:.0f} ms to predict a row. “{name}” needs no language model; its {metric} was {score:.3f} "
        "on rows held back from it."
    )
    return say(text, ms=ms_per_row, name=name, metric=say(METRICS[metric].in_sentence), score=score)


def too_short(name: str, needed: float, left: float) -> Message:
    """The budget is not enough for the fastest candidate."""
    text = _("Even “{name}”, the fastest, takes about {needed:,.0f} s, and {left:,.0f} s were left for it.")
    return say(text, name=name, needed=needed, left=left)
