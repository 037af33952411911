"""A text up to where it should end."""

from __future__ import annotations

import pytest

from core.providers.base import until


@pytest.mark.parametrize(
    ("text", "final", "shown"),
    [("Yes. Q", False, ("Yes. ", False)), ("Yes. Q", True, ("Yes. Q", False)), ("Yes. Q: why", False, ("Yes.", True))],
)
def test_what_may_become_a_stop_string_is_held_back(text, final, shown):
    assert until(text, ["Q:"], final=final) == shown
