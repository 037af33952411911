"""Login is on as a whole or not at all, over encrypted ways, and admins are named without doubt."""

from __future__ import annotations

import sys
import types

import pytest

from core.allowed import login
from core.messages import UnusableData

WHOLE = {
    "AMALGAM_LOGIN_ISSUER": "https://id.example/realm/",
    "AMALGAM_LOGIN_CLIENT": "amalgam",
    "AMALGAM_LOGIN_SECRET": "secret",
    "AMALGAM_LOGIN_REDIRECT": "https://lab.example/oauth2callback",
    "AMALGAM_HOSTS": "lab.example",
}


@pytest.fixture
def said(monkeypatch):
    """Sets the variables, and has the libraries there that login needs."""
    for name in login.LIBRARIES:
        module = types.ModuleType(name)
        module.__spec__ = types.SimpleNamespace(name=name)
        monkeypatch.setitem(sys.modules, name, module)

    def say(**values):
        for name, value in (WHOLE | values).items():
            monkeypatch.setenv(name, value)

    return say


def test_nobody_logs_in_unless_it_is_said():
    assert not login.required()
    assert login.settings() is None


def test_all_of_it_switches_login_on(said):
    said()
    assert login.settings() == login.Login(
        "https://id.example/realm/.well-known/openid-configuration",
        "amalgam",
        "secret",
        "https://lab.example/oauth2callback",
    )
    assert login.settings().origin == "https://lab.example"


def test_the_secret_may_lie_in_a_file(said, tmp_path):
    (tmp_path / "secret").write_text("kept\n")
    said(AMALGAM_LOGIN_SECRET="", AMALGAM_LOGIN_SECRET_FILE=str(tmp_path / "secret"))
    assert login.settings().secret == "kept"


@pytest.mark.parametrize("name", [name for name in WHOLE if name != "AMALGAM_HOSTS"])
def test_a_missing_part_is_named(said, name):
    said(**{name: " "})
    assert login.required()
    with pytest.raises(UnusableData) as refused:
        login.settings()
    assert refused.value.message.params["names"] == name


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("AMALGAM_LOGIN_ISSUER", "http://id.example", "https://"),
        ("AMALGAM_LOGIN_ISSUER", "id.example", "https://"),
        ("AMALGAM_LOGIN_REDIRECT", "http://lab.example/oauth2callback", "https://"),
        ("AMALGAM_LOGIN_REDIRECT", "https://lab.example/", "nobody would arrive"),
        ("AMALGAM_LOGIN_REDIRECT", "https://other.example/oauth2callback", "nobody would arrive"),
        ("AMALGAM_LOGIN_SECRET_FILE", "/nowhere", "can't be read"),
    ],
)
def test_what_can_not_be_right_is_a_sentence(said, name, value, words):
    said(**{name: value})
    with pytest.raises(UnusableData, match=words):
        login.settings()


def test_without_its_library_login_says_what_to_install(said, monkeypatch):
    said()
    monkeypatch.setitem(sys.modules, "authlib", None)
    with pytest.raises(UnusableData, match="not installed"):
        login.settings()


@pytest.mark.parametrize(
    ("subject", "email", "admin"),
    [
        ("7f3", "", True),
        ("7F3", "", False),
        ("x", "Ann@Lab.example", True),
        ("x", "ann@other.example", False),
        ("x", "", False),
        ("ann@lab.example", "", False),  # a name that its owner may have chosen
        ("", "", False),
    ],
)
def test_admins_are_named_by_subject_or_by_verified_address(monkeypatch, subject, email, admin):
    monkeypatch.setenv("AMALGAM_ADMINS", "ann@lab.example, 7f3")
    assert login.is_admin(subject, email) is admin


def test_nobody_is_named_where_nothing_is_said(monkeypatch):
    monkeypatch.delenv("AMALGAM_ADMINS", raising=False)
    assert not login.is_admin("7f3", "ann@lab.example")
