"""How large a vocabulary is where nobody says: by the text's size and language, within bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.language_models import LARGEST_USUAL, SMALLEST_USUAL, usual_vocabulary


@pytest.mark.parametrize(
    ("n_bytes", "language", "tokens"),
    [(0, "en", 1000), (290_901, "en", 1000), (2_800_000, "en", 4000), (800_000, "zh", 3200), (90_000_000, "en", 8000)],
)
def test_known_sizes(n_bytes, language, tokens):
    assert usual_vocabulary(n_bytes, language) == tokens


@given(st.integers(0, 10**10), st.integers(0, 10**10), st.sampled_from(["en", "zh", "other"]))
def test_more_text_never_has_fewer_tokens(one, other, language):
    small, large = (usual_vocabulary(n_bytes, language) for n_bytes in sorted([one, other]))
    assert SMALLEST_USUAL <= small <= large <= LARGEST_USUAL
    assert isinstance(large, int)
