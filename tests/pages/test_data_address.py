"""The field for an address of the web is there only where whoever runs the server allows it."""

from __future__ import annotations

import pytest

from core.jobs import client
from tests.pages.conftest import OWNER


def field(page):
    return [one for one in page.text_input if one.label == "Or read from an address"]


@pytest.mark.parametrize("said", ["", "0"])
def test_there_is_none_by_default(open_page, monkeypatch, said):
    monkeypatch.setenv("AMALGAM_URLS", said)
    assert field(open_page("data")) == []


def test_what_is_typed_is_fetched_by_the_job(open_page, workspace, monkeypatch):
    monkeypatch.setenv("AMALGAM_URLS", "data.example.org")
    page = open_page("data")
    field(page)[0].set_value(" https://data.example.org/a.csv ")
    next(button for button in page.button if button.label == "Fetch it").click().run()
    assert not page.exception
    (job,) = client.jobs(workspace, OWNER, kind="read")
    assert job.params["address"] == "https://data.example.org/a.csv"


def test_what_may_not_be_read_is_said_at_once(open_page, workspace, monkeypatch):
    monkeypatch.setenv("AMALGAM_URLS", "data.example.org")
    page = open_page("data")
    field(page)[0].set_value("https://other.example.org/a.csv")
    next(button for button in page.button if button.label == "Fetch it").click().run()
    assert "is not allowed here" in page.error[0].value
    assert client.jobs(workspace, OWNER, kind="read") == []
