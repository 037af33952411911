"""A run in a few sentences by rules: a headline, up to three findings, what to do, what to doubt. Light.

Nothing is said that the verdict, the scores or a named check does not say already.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.catalog import METRICS
from core.messages import Message, _, _n, say, translate
from core.results.comparison import Comparison, Detail, Verdict

HEADLINES = {
    "worth_it": _("The language model is worth it here."),
    "not_worth_it": _("The language model is not worth it here."),
    "too_close": _("Whether the language model is worth it here is too close to call."),
    "no_better_than_guessing": _("Nothing here is clearly better than guessing."),
    "no_rival": _("Whether the language model is worth it here can't be said yet."),
    "no_llm": _("No language model took part, so its worth was not judged."),
}
TO_DO = _("What to do: {sentence}")
TO_DOUBT = _("What to doubt: {sentence}")


@dataclass(frozen=True)
class Summary:
    """What rules say of a run and one of its candidates."""

    headline: Message | None  # None: there is no verdict yet
    table: Message
    findings: list[Message]
    to_do: list[Message]
    to_doubt: list[Message]

    @property
    def facts(self) -> list[Message]:
        """What was found, without what follows from it."""
        return [self.table, *self.findings]

    @property
    def everything(self) -> list[Message]:
        """Every sentence by itself."""
        return [*([self.headline] if self.headline else []), *self.facts, *self.to_do, *self.to_doubt]

    def text(self, language: str) -> str:
        """A sentence a line, in a reader's language."""
        lines = [*([self.headline] if self.headline else []), *self.facts]
        lines += [say(TO_DO, sentence=one) for one in self.to_do]
        lines += [say(TO_DOUBT, sentence=one) for one in self.to_doubt]
        return "\n".join(translate(line, language) for line in lines)


def of_run(result: Comparison, name: str, detail: Detail | None = None) -> Summary:
    """Sum up a run and a candidate of it.

    Parameters
    ----------
    detail : Detail, optional
        Of the candidate; without it nothing is said of what to doubt but what the whole run was warned of.

    Examples
    --------
    >>> verdict = Verdict(code="no_llm", text=say("No language model took part."))
    >>> result = Comparison(
    ...     task="binary", target="mood", metric="accuracy", n_rows=730, folds=5, seed=0, verdict=verdict
    ... )
    >>> print(of_run(result, "classical").headline)
    No language model took part, so its worth was not judged.
    """
    found = result.verdict
    headline = None if found is None else say(HEADLINES[found.code]) if found.code in HEADLINES else found.text
    return Summary(
        headline=headline,
        table=say(
            _n(
                "The table has {rows:,} usable row; the model predicts “{target}”.",
                "The table has {rows:,} usable rows; the model predicts “{target}”.",
                "rows",
            ),
            rows=result.n_rows,
            target=result.target,
        ),
        findings=_scores(result, name) + ([found.text] if found is not None and _says_more(result, name) else []),
        to_do=_to_do(result, found) if found is not None else [],
        to_doubt=_to_doubt(result, detail),
    )


def _says_more(result: Comparison, name: str) -> bool:
    """Whether the verdict's sentence says what neither the headline nor the scores have said."""
    code = result.verdict.code if result.verdict is not None else ""
    return code in HEADLINES and (code, name) != ("no_llm", result.best)


def _scores(result: Comparison, name: str) -> list[Message]:
    """The candidate's score with its interval, and that of guessing."""
    line = result.candidate(name)
    guess = next((one for one in result.candidates if one.mode == "dummy" and one.status == "ok"), None)
    if line is None or result.metric not in line.scores:
        return []
    score = line.scores[result.metric]
    found = [
        say(
            _("{name} reaches {metric} {score:.3f}, with a 95 % interval from {low:.3f} to {high:.3f}."),
            name=line.label(result.task), metric=say(METRICS[result.metric].in_sentence),
            score=score.mean, low=score.low, high=score.high,
        )
    ]  # fmt: skip
    if guess is not None and result.metric in guess.scores and guess is not line:
        found.append(say(_("Guessing reaches {score:.3f}."), score=guess.scores[result.metric].mean))
    return found


def _to_do(result: Comparison, found: Verdict) -> list[Message]:
    """What follows from the verdict."""
    advice = {
        "worth_it": _("Use {llm}: chance alone is an unlikely reason for its gain."),
        "not_worth_it": _("Use {plain}, which needs no language model."),
        "too_close": _("Compare again with more rows. Until then, {plain} does without a language model."),
        "no_better_than_guessing": _(
            "Don't rely on these predictions: look for columns that hold the answer, or for more rows."
        ),
        "no_rival": _("Train a candidate without a language model on the same columns and texts, and compare again."),
        "nothing_finished": _("Compare again, with more time or other candidates."),
        "only_guessing": _("Compare again, with more time or other candidates."),
    }
    names = {"llm": _label(result, found.llm), "plain": _label(result, found.rival)}
    said = [say(advice[found.code], **_filled(advice[found.code], names))] if found.code in advice else []
    if found.left_out:
        left = [_label(result, name) for name in found.left_out]
        said.append(say(_("Train {names}, too: this could change the verdict."), names=left))
    if found.code == "no_llm" and result.best:
        said.insert(0, say(_("Use {name}, the best of those that were compared."), name=_label(result, result.best)))
    return said


def _to_doubt(result: Comparison, detail: Detail | None) -> list[Message]:
    """The warnings that the run has; where the checks found none, that."""
    warnings = [*(detail.warnings if detail is not None else []), *result.warnings]
    if not warnings and detail is not None:
        return [say(_("The checks of this result found nothing to doubt."))]
    return list({translate(one, "en"): one for one in warnings}.values())


def _label(result: Comparison, name: str) -> Message | str:
    line = result.candidate(name)
    return name if line is None else line.label(result.task)


def _filled(text: str, names: dict[str, Message | str]) -> dict[str, Message | str]:
    """Those names that have a gap in the text."""
    return {gap: name for gap, name in names.items() if f"{{{gap}}}" in text}
