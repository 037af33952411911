"""Named doubts about a result: each a code, a sentence with its number, and a test that plants the fault."""

from __future__ import annotations

from collections.abc import Callable

from core.catalog import METRICS, Task
from core.messages import Message, _, _n, say
from core.results.comparison import Detail

OVERFIT = 0.15

Check = Callable[[Detail, str, Task], Message | None]


def checks(detail: Detail, metric: str, task: Task) -> dict[str, Message]:
    """Every check that found something: code → sentence."""
    found = {code: check(detail, metric, task) for code, check in CHECKS.items()}
    return {code: message for code, message in found.items() if message is not None}


def no_better_than_guessing(detail: Detail, metric: str, task: Task) -> Message | None:
    """The interval reaches down to what guessing gets."""
    mine, guess = detail.scores.get(metric), detail.dummy_scores.get(metric)
    if mine is None or guess is None or detail.name == "dummy" or mine.low > guess.mean:
        return None
    return say(
        _("This is not clearly better than guessing: {metric} {score:.3f}, guessing gets {guess:.3f}."),
        metric=say(METRICS[metric].in_sentence),
        score=mine.mean,
        guess=guess.mean,
    )


def suspiciously_perfect(detail: Detail, metric: str, task: Task) -> Message | None:
    """Nearly perfect: look for a column that knows the answer."""
    mine = detail.scores.get("r2" if task == "regression" else "balanced_accuracy")
    if mine is None or mine.mean < 0.995:
        return None
    return say(
        _("A score of {score:.3f} is suspiciously good. Look for a column that would not be known when predicting."),
        score=mine.mean,
    )


def small_class(detail: Detail, metric: str, task: Task) -> Message | None:
    """A class with fewer than ten rows to be scored on."""
    small = [one for one in detail.classes if one.n_rows < 10]
    if not small:
        return None
    return say(
        _n(
            "“{label}” was scored on only {n} row; its own numbers say little.",
            "“{label}” was scored on only {n} rows; its own numbers say little.",
        ),
        label=small[0].label,
        n=small[0].n_rows,
    )


def wide_interval(detail: Detail, metric: str, task: Task) -> Message | None:
    """The headline score is uncertain by more than 10 points either way."""
    mine = detail.scores.get(metric)
    if mine is None or mine.high - mine.low <= 0.2:
        return None
    return say(
        _("With so few rows the score is uncertain: anywhere from {low:.2f} to {high:.2f}."),
        low=mine.low,
        high=mine.high,
    )


def never_predicted(detail: Detail, metric: str, task: Task) -> Message | None:
    """A class that has rows but was not predicted once: the model leans on the frequent ones."""
    said = [sum(column) for column in zip(*detail.confusion, strict=True)]
    missed = [one for one, n_said in zip(detail.classes, said, strict=False) if one.n_rows > 0 and n_said == 0]
    if not missed or detail.name == "dummy":
        return None
    return say(
        _n(
            "“{label}” was never predicted, though {n} row belongs to it. Weighting the classes may help.",
            "“{label}” was never predicted, though {n} rows belong to it. Weighting the classes may help.",
        ),
        label=missed[0].label,
        n=missed[0].n_rows,
    )


def overfitted(detail: Detail, metric: str, task: Task) -> Message | None:
    """Far better on the rows it learned from than on others; known where a learning curve was drawn."""
    last = detail.learning[-1] if detail.learning else None
    if last is None or last.train - last.validation.mean < OVERFIT or last.train <= last.validation.high:
        return None
    return say(
        _(
            "It scores {train:.2f} on the rows it learned from and {held_out:.2f} on others: it has learned some of "
            "them by heart. A simpler model or more rows may do better."
        ),
        train=last.train,
        held_out=last.validation.mean,
    )


CHECKS: dict[str, Check] = {
    "no_better_than_guessing": no_better_than_guessing,
    "suspiciously_perfect": suspiciously_perfect,
    "small_class": small_class,
    "wide_interval": wide_interval,
    "never_predicted": never_predicted,
    "overfitted": overfitted,
}
