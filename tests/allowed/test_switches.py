"""What is off stays off until its variable says yes."""

import pytest

from core.allowed import switches

SAID = [(None, False), ("", False), ("0", False), ("no", False), ("1", True), (" Yes ", True), ("true", True)]


@pytest.mark.parametrize(("said", "on"), SAID)
@pytest.mark.parametrize(("switch", "variable"), [(switches.hub, "AMALGAM_HUB"), (switches.metrics, "AMALGAM_METRICS")])
def test_a_switch_is_on_only_if_it_is_said(monkeypatch, switch, variable, said, on):
    monkeypatch.delenv(variable, raising=False)
    if said is not None:
        monkeypatch.setenv(variable, said)
    assert switch() is on
