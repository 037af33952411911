"""A changed row and a search as data: what holds where nothing is said."""

from __future__ import annotations

from core.results.explanations.rows import RowExplanation
from core.results.explanations.what_if import Counterfactuals, WhatIf


def test_what_holds_before_anything_was_found():
    assert Counterfactuals().model_dump() == {
        "before": "", "number_before": None, "wanted": "", "found": [], "tried": 0, "depth": 0, "complete": False,
        "seconds": 0.0,
    }  # fmt: skip
    row = RowExplanation(row=0, base=0.0, output=0.0, columns=[], error=0.0, evaluations=0, seconds=2.0)
    assert WhatIf(unit="probability", explanation=row).model_dump(exclude={"explanation"}) == {
        "prediction": "", "number": None, "probabilities": {}, "unit": "probability", "notes": [], "seconds": 0.0,
    }  # fmt: skip
