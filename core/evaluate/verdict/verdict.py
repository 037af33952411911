"""What the numbers say, by rules: was the language model worth it here?

The gain is the paired difference between the best candidate with a language model and its rival, the best one without
that was shown the same columns and texts (`core.evaluate.verdict.rival`). It is ``worth_it`` where its whole 95 %
interval lies above zero; ``not_worth_it`` where there is none and the interval leaves no room for one that matters;
else ``too_close``. The best of several is ahead by luck too, so the interval is the one that holds together with those
of all candidates with a language model (`Difference.joint_low`). That the other one is the best of several as well
makes ``worth_it`` harder to say, never easier: nothing is corrected for it.

Codes: ``nothing_finished``, ``only_guessing``, ``no_better_than_guessing``, ``no_llm`` (nothing to judge),
``no_rival`` (no candidate without a language model saw the same columns and texts), ``worth_it``, ``not_worth_it``,
``too_close``. Candidates that were left out and could change the verdict are named in it.
"""

from __future__ import annotations

from core.catalog import METRICS
from core.evaluate.verdict.rival import finished, is_plain, rival, signed_score
from core.messages import Message, _, say
from core.results.amounts import duration, gain, gain_at_best, gain_interval, size
from core.results.comparison import CandidateResult, Comparison, Difference, Interval, Verdict, uses_llm

MATTERS = 0.02  # a gain of at most this much is not worth a language model even if it were real


def verdict(comparison: Comparison) -> Verdict:
    """Judge a comparison by its ranking metric and its paired differences."""
    lines = finished(comparison)
    if not lines:
        return Verdict(code="nothing_finished", text=say(_("No candidate finished, so there is nothing to judge.")))
    guess = next((line for line in lines if line.mode == "dummy"), None)
    if lines == [guess]:
        return Verdict(code="only_guessing", text=say(_("Only guessing finished, so there is nothing to judge.")))
    if guess is not None and _only_guesses(lines, guess, comparison.metric):
        return _with_left_out(_no_better(guess, comparison.metric), comparison)
    llm = max((line for line in lines if uses_llm(line)), key=lambda line: _mean(line, comparison), default=None)
    if llm is None:
        return _with_left_out(_no_llm(max(lines, key=lambda line: _mean(line, comparison)), comparison), comparison)
    plain = rival(comparison, llm)
    if plain is None:
        return _no_rival(llm, comparison)
    n_with_llm = sum(uses_llm(line) for line in lines)
    return _with_left_out(_judged(llm, plain, comparison, n_with_llm), comparison)


def _mean(line: CandidateResult, comparison: Comparison) -> float:
    return signed_score(line, comparison.metric)


def _only_guesses(lines: list[CandidateResult], guess: CandidateResult, metric: str) -> bool:
    """Whether the best candidate is not clearly better than guessing."""
    best = max(lines, key=lambda line: signed_score(line, metric))
    return best is guess or _surely_over(guess, best, metric) <= 0


def _no_better(guess: CandidateResult, metric: str) -> Verdict:
    score = guess.scores[metric].mean
    text = say(
        _(
            "Nothing here is clearly better than guessing ({metric} {guess:.3f}). These columns may not hold "
            "the answer, or there are too few rows."
        ),
        metric=say(METRICS[metric].in_sentence),
        guess=score,
    )
    return Verdict(code="no_better_than_guessing", text=text, numbers={"guess": score})


def _no_llm(best: CandidateResult, comparison: Comparison) -> Verdict:
    text = _(
        "The best is {name}: {metric} {score:.3f} ({low:.3f} to {high:.3f}). No language model took part, so its worth "
        "was not judged."
    )
    of_both = _(
        "The best is {name}: {metric} {score:.3f} ({low:.3f} to {high:.3f}). Whether a language model is worth it was "
        "not judged: this one chooses among candidates with and without one."
    )
    both = best.mode == "auto" and best.encoder  # without texts there was nothing for a language model to read
    return Verdict(code="no_llm", text=_only(best, comparison, of_both if both else text))


def _no_rival(llm: CandidateResult, comparison: Comparison) -> Verdict:
    text = _(
        "{name} reaches {metric} {score:.3f} ({low:.3f} to {high:.3f}). Whether the language model was worth it can't "
        "be said: no candidate without one was trained on the same columns and texts. Train one beside it: "
        "“Classical, no LLM”, or “Columns only” where there are no texts."
    )
    return Verdict(code="no_rival", text=_only(llm, comparison, text), llm=llm.name)


def _with_left_out(found: Verdict, comparison: Comparison) -> Verdict:
    """The verdict, naming the candidates that the time did not allow, or a person, and that could change it."""
    could = [line for line in comparison.candidates if line.status == "cancelled" and _could_change(line, found.code)]
    if not could:
        return found
    by_time = any(line.left_out for line in could)
    text = say(
        _("{verdict} Left out for lack of time, and able to change this: {names}.")
        if by_time
        else _("{verdict} Stopped before they were trained, and able to change this: {names}."),
        verdict=found.text,
        names=[line.label(comparison.task) for line in could],
    )
    return found.model_copy(update={"text": text, "left_out": [line.name for line in could]})


def _could_change(line: CandidateResult, code: str) -> bool:
    """A better language model can't take back that one was worth it; only a better rival can."""
    if code == "worth_it":
        return is_plain(line)
    return uses_llm(line) or line.mode == "auto" or code == "no_better_than_guessing"


def _judged(llm: CandidateResult, plain: CandidateResult, comparison: Comparison, n_with_llm: int) -> Verdict:
    metric = comparison.metric
    found = _gain(llm, plain, metric)
    scale = 100 if METRICS[metric].in_points else 1
    numbers = {
        "gain": found.mean * scale,
        "low": found.low * scale,
        "high": found.high * scale,
        "seconds": max(0.0, (llm.fit_seconds or 0.0) - (plain.fit_seconds or 0.0)),
        "megabytes": llm.size_mb or 0.0,
        "candidates": n_with_llm,  # whose intervals hold together
    }
    gaps = {
        "llm": llm.label(comparison.task),
        "plain": plain.label(comparison.task),
        "metric": say(METRICS[metric].in_sentence),
        "score": plain.scores[metric].mean,
        "gain": gain(found, metric),
        "interval": _chosen(gain_interval(found, metric), n_with_llm),
        "high": gain_at_best(found, metric),
        "cost": _cost(numbers["seconds"], llm.size_mb),
    }
    code, text = _rule(found)
    return Verdict(code=code, text=say(text, **gaps), numbers=numbers, llm=llm.name, rival=plain.name)


def _rule(found: Interval) -> tuple[str, str]:
    """The code and the sentence for a gain with its interval."""
    if found.low > 0:
        return "worth_it", _(
            "Worth it: with a language model, {llm} gains {gain} in {metric} over {plain}, the best without one on the "
            "same columns and texts. The 95 % interval of the gain, {interval}, lies above zero, so chance alone is an "
            "unlikely reason. Its price: {cost}."
        )
    if found.high <= 0:
        return "not_worth_it", _(
            "Not worth it here: on the same columns and texts, {plain} needs no language model and reaches {metric} "
            "{score:.3f}; {llm} loses {gain} against it. The 95 % interval of the gain, {interval}, holds no gain at "
            "all. Its price would be: {cost}."
        )
    if found.mean <= 0 and found.high <= MATTERS:
        return "not_worth_it", _(
            "Not worth it here: on the same columns and texts, {plain} is at least as good without a language model "
            "({metric} {score:.3f}); {llm} is {gain} behind. The 95 % interval of the gain is {interval}: at best "
            "{high}, for this price: {cost}."
        )
    if found.mean <= 0:
        return "too_close", _(
            "Too close to call: {llm} is {gain} behind {plain}, the best without a language model on the same columns "
            "and texts, in {metric}, but the 95 % interval of the gain, {interval}, reaches from worse to clearly "
            "better. More rows would tell. Its price: {cost}."
        )
    return "too_close", _(
        "Too close to call: {llm} is {gain} ahead of {plain}, the best without a language model on the same columns "
        "and texts, in {metric}, but the 95 % interval of the gain, {interval}, includes zero, so it may be chance. "
        "More rows would tell. Its price: {cost}."
    )


def _gain(llm: CandidateResult, plain: CandidateResult, metric: str) -> Interval:
    """How much better: by the interval that holds jointly for all with a language model, else by both scores' own."""
    if llm.difference is not None and llm.difference.to == plain.name:
        return _jointly(llm.difference)
    mine, other = llm.scores[metric], plain.scores[metric]
    ahead = (1 if METRICS[metric].higher_is_better else -1) * (mine.mean - other.mean)
    reach = ((mine.high - mine.low) ** 2 + (other.high - other.low) ** 2) ** 0.5 / 2
    return Interval(mean=ahead, low=ahead - reach, high=ahead + reach)


def _jointly(found: Difference) -> Interval:
    """The interval that is right for the best of several; that of the pair where it was compared alone."""
    low, high = found.joint_low, found.joint_high
    return Interval(mean=found.mean, low=found.low if low is None else low, high=found.high if high is None else high)


def _chosen(interval: Message, n: int) -> Message:
    """The interval, and that it is wider since the best of n was chosen."""
    return (
        interval
        if n == 1
        else say(_("{interval} (widened because the best of {n} was chosen)"), interval=interval, n=n)
    )


def _cost(seconds: float, megabytes: float | None) -> Message:
    """“38 s more training and 90 MB”; the size is known once the candidate is kept."""
    if seconds < 0.05:
        free = _("no more training time") if megabytes is None else _("no more training time, but {size}")
        return say(free, size=size(megabytes))
    paid = _("{time} more training") if megabytes is None else _("{time} more training and {size}")
    return say(paid, time=duration(seconds), size=size(megabytes))


def _surely_over(guess: CandidateResult, best: CandidateResult, metric: str) -> float:
    """How much the best one gains over guessing even at the unlucky end of its interval."""
    if best.over_guessing is not None:
        return _jointly(best.over_guessing).low
    mine, sign = best.scores[metric], 1 if METRICS[metric].higher_is_better else -1
    return sign * ((mine.low if sign > 0 else mine.high) - guess.scores[metric].mean)


def _only(line: CandidateResult, comparison: Comparison, text: str) -> Message:
    interval = line.scores[comparison.metric]
    return say(
        text,
        name=line.label(comparison.task),
        metric=say(METRICS[comparison.metric].in_sentence),
        score=interval.mean,
        low=interval.low,
        high=interval.high,
    )
