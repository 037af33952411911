"""What whoever runs Amalgam allows: names that the server answers to, and models that may be loaded."""

from __future__ import annotations

import socket

import pytest

from core import allowed
from core.messages import ModelUnavailable, UnknownChoice


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch):
    for name in ("ADDRESS", "HOSTS", "MODELS", "HUB", "METRICS"):
        monkeypatch.delenv(f"AMALGAM_{name}", raising=False)


@pytest.fixture
def models(tmp_path):
    """A folder with one model, and one that lies beside it."""
    for name in ("models/mine", "beside"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "models" / "link").symlink_to(tmp_path / "beside")
    return tmp_path / "models"


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1", "[::1]:8501", "a.localhost", "LOCALHOST."])
def test_this_machines_names_are_always_answered(host):
    assert allowed.host_allowed(host)


def test_the_machines_own_name_is_answered():
    assert allowed.host_allowed(f"{socket.gethostname()}:8501")


@pytest.mark.parametrize("host", [None, "", "evil.example", "192.168.1.5", "localhost:x", "localhost:", "a b", "[::1"])
def test_other_names_are_not_answered(host):
    assert not allowed.host_allowed(host)


def test_an_address_is_answered_where_the_server_listens_to_others(monkeypatch):
    monkeypatch.setenv("AMALGAM_ADDRESS", "0.0.0.0")
    assert allowed.host_allowed("192.168.1.5:8501")
    assert not allowed.host_allowed("evil.example")
    monkeypatch.setenv("AMALGAM_HOSTS", "*")
    assert allowed.host_allowed("evil.example")


def test_any_folder_is_a_model_on_ones_own_machine(models, monkeypatch):
    assert allowed.model_folder(str(models.parent / "beside")) == models.parent / "beside"
    for variable, value in (("ADDRESS", "0.0.0.0"), ("HOSTS", "lab.example")):  # a proxy lets others in
        with monkeypatch.context() as told:
            told.setenv(f"AMALGAM_{variable}", value)
            assert allowed.model_folder(str(models.parent / "beside")) is None


def test_others_reach_only_folders_below_the_one_that_was_named(models, monkeypatch):
    monkeypatch.setenv("AMALGAM_ADDRESS", "0.0.0.0")
    monkeypatch.setenv("AMALGAM_MODELS", str(models))
    assert allowed.model_folder("mine") == models / "mine"
    assert allowed.model_folder(str(models / "mine")) == models / "mine"
    for name in (".", "..", "../beside", "mine/../../beside", "link", "/etc", "~", str(models.parent / "beside")):
        assert allowed.model_folder(name) is None, name


def test_what_exists_outside_is_not_told_from_what_does_not(monkeypatch):
    monkeypatch.setenv("AMALGAM_ADDRESS", "0.0.0.0")
    monkeypatch.setenv("AMALGAM_HUB", "1")
    told = []
    for name in ("/etc", "/nowhere"):
        with pytest.raises(ModelUnavailable) as raised:
            allowed.check_hub(name)
        told.append(str(raised.value).replace(name, ""))
    assert told[0] == told[1]


def test_the_hub_is_asked_only_where_that_was_said(monkeypatch):
    with pytest.raises(ModelUnavailable, match="AMALGAM_HUB=1"):
        allowed.check_hub("owner/name")
    monkeypatch.setenv("AMALGAM_HUB", "1")
    allowed.check_hub("owner/name")
    for name in ("owner/name/more", "../name", "owner/..", "-owner/name", "owner/na me", "o" * 97 + "/name", "a\n"):
        with pytest.raises(ModelUnavailable):
            allowed.check_hub(name)


@pytest.mark.parametrize("name", ["x" * 301, "a\0b", "a\nb", " "])
def test_what_is_no_name_is_refused_before_it_is_looked_for(name):
    with pytest.raises(UnknownChoice, match="is not the name of a model"):
        allowed.model_folder(name)
