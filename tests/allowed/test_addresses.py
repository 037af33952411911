"""Names that the server answers to."""

from __future__ import annotations

import socket

import pytest

from core.allowed import addresses


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch):
    for name in ("ADDRESS", "HOSTS", "MODELS", "HUB", "METRICS"):
        monkeypatch.delenv(f"AMALGAM_{name}", raising=False)


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1", "[::1]:8501", "a.localhost", "LOCALHOST."])
def test_this_machines_names_are_always_answered(host):
    assert addresses.host_allowed(host)


def test_the_machines_own_name_is_answered():
    assert addresses.host_allowed(f"{socket.gethostname()}:8501")


@pytest.mark.parametrize("host", [None, "", "evil.example", "192.168.1.5", "localhost:x", "localhost:", "a b", "[::1"])
def test_other_names_are_not_answered(host):
    assert not addresses.host_allowed(host)


def test_an_address_is_answered_where_the_server_listens_to_others(monkeypatch):
    monkeypatch.setenv("AMALGAM_ADDRESS", "0.0.0.0")
    assert addresses.host_allowed("192.168.1.5:8501")
    assert not addresses.host_allowed("evil.example")
    monkeypatch.setenv("AMALGAM_HOSTS", "*")
    assert addresses.host_allowed("evil.example")
