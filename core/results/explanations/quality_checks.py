"""What the numbers of `core.results.explanations.quality` say, by rules: named checks, each a code and a sentence.

Codes: ``order_beats_chance``, ``order_like_chance``, ``order_below_chance``; ``exact``, ``stable``,
``somewhat_stable``, ``unstable``; ``labels_matter``, ``labels_hardly_matter``, ``labels_matter_little``,
``again_differs`` (training again changes too much to tell), ``not_refitted``; ``too_few`` (fewer than three words or
columns have no order to compare).
"""

from __future__ import annotations

from core.messages import Message, _, say
from core.results.explanations.quality import Agreement, ExplainedTrust, Finding, Walk, What

STABLE, SOMEWHAT = 0.9, 0.7  # rank correlation over seeds
AGREES = 0.5  # at least, when trained again on the true labels
CHANGED, SAME = 0.5, 0.7  # rank correlation with labels shuffled: below, it changed; from here on, it hardly did
KINDS: tuple[What, ...] = ("words", "columns")
LOST_PROBABILITY = (
    _(
        "without the {n} it puts first, the probability falls by {lost:z.2f}; without {n} random ones, by "
        "{random:z.2f}."
    ),
    _("without the one it puts first, the probability falls by {lost:z.2f}; without a random one, by {random:z.2f}."),
)
MOVED_NUMBER = (
    _("without the {n} it puts first, the prediction moves by {lost:.3g}; without {n} random ones, by {random:.3g}."),
    _("without the one it puts first, the prediction moves by {lost:.3g}; without a random one, by {random:.3g}."),
)


def findings(trust: ExplainedTrust) -> list[Finding]:
    """Everything that can be said, the faithfulness of words first."""
    found = [_faithful(walk, trust) for walk in trust.walks]
    found += [_stable(one) for one in trust.agreements if one.how == "seeds"]
    if trust.not_refitted is not None:
        found.append(Finding(subject="learned", code="not_refitted", standing="none", text=trust.not_refitted))
        return found
    learned = [one for what in KINDS if (one := _learned(trust, what)) is not None]
    if not learned and trust.n_rows:
        text = _("Fewer than three words or columns have no order to compare.")
        learned.append(Finding(subject="learned", code="too_few", standing="none", text=say(text)))
    return found + learned


def _faithful(walk: Walk, trust: ExplainedTrust) -> Finding:
    """Does taking away what it puts first change the answer more than taking away anything?"""
    gain = walk.removal
    if gain.low > 0:
        code, verdict = (
            "order_beats_chance",
            _("Its order beats chance by an area of {gain} ({low} to {high})."),
        )
    elif gain.high < 0:
        code = "order_below_chance"
        verdict = _("Its order is worse than chance, by an area of {gain} ({low} to {high}).")
    else:
        code = "order_like_chance"
        verdict = _("Its order is not clearly better than chance: the area is {gain} ({low} to {high}).")
    standing = {"order_beats_chance": "good", "order_like_chance": "unclear", "order_below_chance": "bad"}[code]
    shape = "z.2f" if trust.classes else ".2g"
    told = say(verdict, gain=f"{gain.mean:{shape}}", low=f"{gain.low:{shape}}", high=f"{gain.high:{shape}}")
    lost = _lost(walk, trust)
    text = told if lost is None else say("{first} {second}", first=lost, second=told)
    return Finding.model_validate(
        {"subject": "faithful", "code": code, "standing": standing, "text": _named(walk.what, text)}
    )


def _lost(walk: Walk, trust: ExplainedTrust) -> Message | None:
    if walk.lost is None or walk.lost_random is None:
        return None
    several, one = LOST_PROBABILITY if trust.classes else MOVED_NUMBER
    text = several if walk.what == "words" else one
    return say(text, n=walk.first, lost=walk.lost.mean, random=walk.lost_random.mean)


def _stable(found: Agreement) -> Finding:
    """Does the explanation stay when only the seed changes?"""
    if found.exact:
        text = say(_("computed exactly, so the seed cannot matter."))
        return Finding(subject="stable", code="exact", standing="good", text=_named(found.what, text))
    mean = found.correlation.mean
    if mean >= STABLE:
        code, standing, verdict = "stable", "good", _("The order is stable.")
    elif mean >= SOMEWHAT:
        code, standing, verdict = "somewhat_stable", "unclear", _("Trust the longest bars, not each rank.")
    else:
        code, standing, verdict = "unstable", "bad", _("Much of the order is chance.")
    text = say(
        _("with another seed the rank correlation is {mean:z.2f} ({low:z.2f} to {high:z.2f}){top}. {verdict}"),
        mean=mean,
        low=found.correlation.low,
        high=found.correlation.high,
        top="" if found.top is None else say(_(", and {share:.0%} of the first three stay"), share=found.top.mean),
        verdict=say(verdict),
    )
    return Finding.model_validate(
        {"subject": "stable", "code": code, "standing": standing, "text": _named(found.what, text)}
    )


def _learned(trust: ExplainedTrust, what: What) -> Finding | None:
    """Does the explanation change when there is nothing to learn (Adebayo et al., 2018)?"""
    shuffled, again, gap = trust.agreement(what, "shuffled"), trust.agreement(what, "again"), trust.gaps.get(what)
    if shuffled is None or again is None or gap is None:
        return None
    mean = shuffled.correlation.mean
    if mean >= SAME:
        code, standing = "labels_hardly_matter", "bad"
        verdict = _("It hardly changes: the explanation does not depend on what was learned.")
    elif again.correlation.mean < AGREES:
        code, standing = "again_differs", "unclear"
        verdict = _("Training again changes it so much that this check can't tell.")
    elif gap.low > 0 and mean < CHANGED:
        code, standing = "labels_matter", "good"
        verdict = _("So it depends on what was learned.")
    else:
        code, standing = "labels_matter_little", "unclear"
        verdict = _("It changes less than it should: part of it does not depend on what was learned.")
    text = say(
        _(
            "with labels shuffled the rank correlation is {mean:z.2f} ({low:z.2f} to {high:z.2f}); trained again on "
            "the true ones, {again:z.2f}. {verdict}"
        ),
        mean=mean,
        low=shuffled.correlation.low,
        high=shuffled.correlation.high,
        again=again.correlation.mean,
        verdict=say(verdict),
    )
    return Finding.model_validate(
        {"subject": "learned", "code": code, "standing": standing, "text": _named(what, text)}
    )


def _named(what: What, text: Message) -> Message:
    return say(_("Words: {told}") if what == "words" else _("Columns: {told}"), told=text)
