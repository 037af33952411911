"""What the numbers say, by rules: was the language model worth it here?

Codes: ``nothing_finished``, ``only_guessing``, ``no_better_than_guessing``, ``no_llm`` (nothing to judge),
``no_plain`` (no parent to compare with), ``worth_it``, ``not_worth_it``, ``too_close``.
"""

from __future__ import annotations

from core import names
from core.catalog import METRICS
from core.evaluate.result import Candidate, Comparison, Verdict
from core.messages import Message, _, say

LEARNED = {"bow", "tfidf", "tfidf-svd"}  # encoders that are no language model


def uses_llm(candidate: Candidate) -> bool:
    """Whether a pretrained language model takes part."""
    return candidate.mode != "auto" and names.uses_llm(candidate.mode) and candidate.encoder not in LEARNED


def verdict(comparison: Comparison) -> Verdict:
    """Judge a comparison by its ranking metric and its paired differences."""
    finished = [line for line in comparison.candidates if line.status == "ok" and comparison.metric in line.scores]
    if not finished:
        return Verdict(code="nothing_finished", text=say(_("No candidate finished, so there is nothing to judge.")))
    sign = 1 if METRICS[comparison.metric].higher_is_better else -1

    def mean(line: Candidate) -> float:
        return sign * line.scores[comparison.metric].mean

    best = max(finished, key=mean)
    guess = next((line for line in finished if line.mode == "dummy"), None)
    if finished == [guess]:
        return Verdict(code="only_guessing", text=say(_("Only guessing finished, so there is nothing to judge.")))
    if guess is not None and (best is guess or _interval_low(best, comparison.metric, sign) <= mean(guess)):
        return Verdict(
            code="no_better_than_guessing",
            text=say(
                _(
                    "Nothing here is clearly better than guessing ({metric} {guess:.3f}). These columns may not hold "
                    "the answer, or there are too few rows."
                ),
                metric=say(METRICS[comparison.metric].label),
                guess=guess.scores[comparison.metric].mean,
            ),
            numbers={"guess": guess.scores[comparison.metric].mean},
        )
    llm = max((line for line in finished if uses_llm(line)), key=mean, default=None)
    plain = max(
        (line for line in finished if not uses_llm(line) and line.mode not in {"dummy", "auto"}), key=mean, default=None
    )
    if llm is None:
        return Verdict(
            code="no_llm",
            text=_only(
                best,
                comparison,
                _(
                    "The best is {name}: {metric} {score:.3f} ({low:.3f} to {high:.3f}). No language model took "
                    "part, so its worth was not judged."
                ),
            ),
        )
    if plain is None:
        return Verdict(
            code="no_plain",
            text=_only(
                llm,
                comparison,
                _(
                    "{name} reaches {metric} {score:.3f} ({low:.3f} to {high:.3f}). No candidate without a "
                    "language model took part, so its worth was not judged."
                ),
            ),
        )
    return _judged(llm, plain, comparison)


def _judged(llm: Candidate, plain: Candidate, comparison: Comparison) -> Verdict:
    metric = comparison.metric
    difference = llm.difference
    if difference is not None and difference.to == plain.name:
        gain, low, high = difference.mean, difference.low, difference.high
    else:
        sign = 1 if METRICS[metric].higher_is_better else -1
        mine, other = llm.scores[metric], plain.scores[metric]
        gain = sign * (mine.mean - other.mean)
        reach = ((mine.high - mine.low) ** 2 + (other.high - other.low) ** 2) ** 0.5 / 2
        low, high = gain - reach, gain + reach
    points = METRICS[metric].unit == "share"
    scale = 100 if points else 1
    numbers = {
        "gain": gain * scale,
        "low": low * scale,
        "high": high * scale,
        "seconds": max(0.0, (llm.fit_seconds or 0.0) - (plain.fit_seconds or 0.0)),
        "megabytes": llm.size_mb or 0.0,
    }
    gaps = {
        **{name: _shown(value) for name, value in numbers.items()},
        "llm": llm.label(comparison.task),
        "plain": plain.label(comparison.task),
        "metric": say(METRICS[metric].label),
        "loss": _shown(-gain * scale),
        "score": plain.scores[metric].mean,
    }
    if low > 0:
        text = say(
            _(
                "Worth it: with the language model ({llm}) {metric} gains {gain:.1f} points over {plain}, 95 "
                "% interval {low:.1f} to {high:.1f}, for {seconds:.0f} s more training and {megabytes:.0f} "
                "MB."
            ),
            **gaps,
        )
        return Verdict(code="worth_it", text=text, numbers=numbers)
    if gain <= 0:
        text = say(
            _(
                "Not worth it here: {plain} is as good or better without a language model ({metric} "
                "{score:.3f}); {llm} loses {loss:.1f} points, 95 % interval of the gain {low:.1f} to "
                "{high:.1f}."
            ),
            **gaps,
        )
        return Verdict(code="not_worth_it", text=text, numbers=numbers)
    text = say(
        _(
            "Too close to call: {llm} is {gain:.1f} points ahead of {plain} in {metric}, but the 95 % "
            "interval, {low:.1f} to {high:.1f}, includes no gain at all. It costs {seconds:.0f} s more "
            "training and {megabytes:.0f} MB."
        ),
        **gaps,
    )
    return Verdict(code="too_close", text=text, numbers=numbers)


def _shown(value: float) -> float:
    """As precise as the sentence shows it, and never minus zero."""
    return round(value, 1) + 0.0


def _interval_low(line: Candidate, metric: str, sign: int) -> float:
    interval = line.scores[metric]
    return interval.low if sign > 0 else -interval.high


def _only(line: Candidate, comparison: Comparison, text: str) -> Message:
    interval = line.scores[comparison.metric]
    return say(
        text,
        name=line.label(comparison.task),
        metric=say(METRICS[comparison.metric].label),
        score=interval.mean,
        low=interval.low,
        high=interval.high,
    )
