"""Models that may be loaded: by whom, from where."""

from __future__ import annotations

import pytest

from core.allowed import models
from core.messages import ModelUnavailable, UnknownChoice


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch):
    for name in ("ADDRESS", "HOSTS", "MODELS", "HUB", "METRICS"):
        monkeypatch.delenv(f"AMALGAM_{name}", raising=False)


@pytest.fixture
def shelf(tmp_path):
    """A folder with one model, and one that lies beside it."""
    for name in ("models/mine", "beside"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "models" / "link").symlink_to(tmp_path / "beside")
    return tmp_path / "models"


def test_any_folder_is_a_model_on_ones_own_machine(shelf, monkeypatch):
    assert models.folder_of(str(shelf.parent / "beside")) == shelf.parent / "beside"
    for variable, value in (("ADDRESS", "0.0.0.0"), ("HOSTS", "lab.example")):  # a proxy lets others in
        with monkeypatch.context() as told:
            told.setenv(f"AMALGAM_{variable}", value)
            assert models.folder_of(str(shelf.parent / "beside")) is None


def test_others_reach_only_folders_below_the_one_that_was_named(shelf, monkeypatch):
    monkeypatch.setenv("AMALGAM_ADDRESS", "0.0.0.0")
    monkeypatch.setenv("AMALGAM_MODELS", str(shelf))
    assert models.folder_of("mine") == shelf / "mine"
    assert models.folder_of(str(shelf / "mine")) == shelf / "mine"
    for name in (".", "..", "../beside", "mine/../../beside", "link", "/etc", "~", str(shelf.parent / "beside")):
        assert models.folder_of(name) is None, name


def test_what_exists_outside_is_not_told_from_what_does_not(monkeypatch):
    monkeypatch.setenv("AMALGAM_ADDRESS", "0.0.0.0")
    monkeypatch.setenv("AMALGAM_HUB", "1")
    told = []
    for name in ("/etc", "/nowhere"):
        with pytest.raises(ModelUnavailable) as raised:
            models.check_hub(name)
        told.append(str(raised.value).replace(name, ""))
    assert told[0] == told[1]


def test_the_hub_is_asked_only_where_that_was_said(monkeypatch):
    with pytest.raises(ModelUnavailable, match="AMALGAM_HUB=1"):
        models.check_hub("owner/name")
    monkeypatch.setenv("AMALGAM_HUB", "1")
    models.check_hub("owner/name")
    for name in ("owner/name/more", "../name", "owner/..", "-owner/name", "owner/na me", "o" * 97 + "/name", "a\n"):
        with pytest.raises(ModelUnavailable):
            models.check_hub(name)


@pytest.mark.parametrize("name", ["x" * 301, "a\0b", "a\nb", " "])
def test_what_is_no_name_is_refused_before_it_is_looked_for(name):
    with pytest.raises(UnknownChoice, match="is not the name of a model"):
        models.folder_of(name)
