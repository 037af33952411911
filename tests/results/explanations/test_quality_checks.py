"""Checks of explanations: what is said on either side of each limit."""

from __future__ import annotations

import pytest

from core.messages import say
from core.results.comparison import Interval
from core.results.explanations.quality import Agreement, ExplainedTrust, Walk
from core.results.explanations.quality_checks import findings


def between(low: float, mean: float, high: float) -> Interval:
    return Interval(mean=mean, low=low, high=high)


def trust(correlation: float | None = None, **more) -> ExplainedTrust:
    seeds = [] if correlation is None else [alike("words", "seeds", correlation)]
    return ExplainedTrust(**{"run": "r", "candidate": "c", "classes": ["a", "b"], "agreements": seeds, **more})


def alike(what: str, how: str, mean: float, **more) -> Agreement:
    return Agreement(what=what, how=how, n_rows=40, correlation=between(mean - 0.1, mean, mean + 0.1), **more)


@pytest.mark.parametrize(
    ("mean", "code", "standing"),
    [
        (0.9, "stable", "good"),
        (0.89, "somewhat_stable", "unclear"),
        (0.7, "somewhat_stable", "unclear"),
        (0.69, "unstable", "bad"),
    ],
)
def test_an_order_is_stable_from_nine_tenths_on(mean, code, standing):
    (found,) = findings(trust(mean))
    assert (found.subject, found.code, found.standing) == ("stable", code, standing)
    assert f"Words: with another seed the rank correlation is {mean:.2f}" in str(found.text)
    exact = findings(trust(agreements=[alike("columns", "seeds", 0.1, exact=True)]))
    assert [(one.code, one.standing) for one in exact] == [("exact", "good")]
    assert str(exact[0].text).startswith("Columns: computed exactly")


@pytest.mark.parametrize(
    ("low", "high", "code", "standing"),
    [
        (0.01, 0.2, "order_beats_chance", "good"),
        (0.0, 0.2, "order_like_chance", "unclear"),
        (-0.2, 0.0, "order_like_chance", "unclear"),
        (-0.2, -0.01, "order_below_chance", "bad"),
    ],
)
def test_an_order_beats_chance_where_its_whole_interval_does(low, high, code, standing):
    walk = Walk(
        what="words", n_rows=40, share=[0, 1], removed=[1, 0], removed_random=[1, 0], added=[0, 1], added_random=[0, 1],
        removal=between(low, (low + high) / 2, high), insertion=between(0, 0, 0), first=3,
    )  # fmt: skip
    (found,) = findings(trust(walks=[walk]))
    assert (found.subject, found.code, found.standing) == ("faithful", code, standing)
    assert "falls by" not in str(found.text)
    told = walk.model_copy(update={"lost": between(0, 0.4, 0.5), "lost_random": between(0, 0.1, 0.2)})
    (found,) = findings(trust(walks=[told]))
    assert "without the 3 it puts first, the probability falls by 0.40; without 3 random ones, by 0.10." in str(
        found.text
    )
    half = walk.model_copy(update={"lost": between(0, 0.4, 0.5)})
    assert "falls by" not in str(findings(trust(walks=[half]))[0].text)
    (number,) = findings(trust(walks=[told.model_copy(update={"what": "columns"})], classes=[]))
    assert "without the one it puts first, the prediction moves by 0.4; without a random one, by 0.1." in str(
        number.text
    )


@pytest.mark.parametrize(
    ("shuffled", "again", "low", "code", "standing"),
    [
        (0.7, 0.9, 0.1, "labels_hardly_matter", "bad"),
        (0.49, 0.5, 0.1, "labels_matter", "good"),
        (0.49, 0.49, 0.1, "again_differs", "unclear"),
        (0.5, 0.9, 0.1, "labels_matter_little", "unclear"),
        (0.49, 0.9, 0.0, "labels_matter_little", "unclear"),
    ],
)
def test_labels_matter_where_shuffling_them_changes_the_order_and_training_again_does_not(
    shuffled, again, low, code, standing
):
    pair = [alike("words", "shuffled", shuffled), alike("words", "again", again)]
    (found,) = findings(trust(agreements=pair, gaps={"words": between(low, 0.2, 0.3)}, n_rows=40))
    assert (found.subject, found.code, found.standing) == ("learned", code, standing)
    for lacking in (pair[:1], pair[1:]):
        (none,) = findings(trust(agreements=lacking, gaps={"words": between(low, 0.2, 0.3)}, n_rows=40))
        assert (none.code, none.standing) == ("too_few", "none")
    assert findings(trust(agreements=pair)) == []  # nothing was explained yet
    (not_made,) = findings(trust(agreements=pair, not_refitted=say("No time.")))
    assert (not_made.code, str(not_made.text)) == ("not_refitted", "No time.")
