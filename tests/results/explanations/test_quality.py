"""How far explanations can be trusted, as it is stored: looked up by what and how."""

from __future__ import annotations

from core.results.comparison import Interval
from core.results.explanations.quality import Agreement, ExplainedTrust, Walk

SURE = Interval(mean=0.5, low=0.4, high=0.6)


def walk(what: str) -> Walk:
    lists = {name: [0.0, 1.0] for name in ("share", "removed", "removed_random", "added", "added_random")}
    return Walk(what=what, n_rows=9, **lists, removal=SURE, insertion=SURE, first=1)


def test_walks_and_agreements_are_found_by_what_they_are_of():
    agreements = [
        Agreement(what=what, how=how, n_rows=9, correlation=SURE)
        for what in ("words", "columns")
        for how in ("seeds", "again")
    ]
    made = ExplainedTrust(run="r", candidate="c", walks=[walk("words"), walk("columns")], agreements=agreements)
    assert made.walk("columns") is made.walks[1]
    assert made.agreement("words", "again") is made.agreements[1]
    assert made.agreement("words", "shuffled") is None
    assert agreements[0].exact is False
    empty = ExplainedTrust(run="r", candidate="c")
    assert empty.walk("words") is None
    counted = ("n_rows", "n_wanted", "seeds", "draws", "texts", "fit_rows", "shuffles", "seconds")
    assert {getattr(empty, name) for name in counted} == {0}
