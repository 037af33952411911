"""Admin: whoever runs the server sees and ends everybody's work, and reads none of it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.people import seen
from tests.pages.conftest import OWNER, ROOT, words

PAGE = ROOT / "pages" / "admin" / "page.py"
ONE_SENTENCE = "This page is for whoever runs this server"


def test_who_sits_at_the_machine_sees_everybody(open_page, workspace, tickets, job):
    seen.note(workspace, "ben", "Ben **B**")
    page = open_page("admin")
    assert not page.exception
    jobs, people, space = (frame.value for frame in page.dataframe)
    assert jobs["Person"].tolist() == ["Ben **B** (ben)"]
    assert jobs["State"].tolist() == ["waiting"]
    assert dict(zip(people["Person"], people["Tables"], strict=True)) == {OWNER: 1, "Ben **B** (ben)": 0}
    assert "Tables" in space["Kind"].tolist()
    assert "Support tickets" not in str([frame.value.to_dict() for frame in page.dataframe]) + str(
        [element.value for element in page.main.get("markdown")]
    )


@pytest.mark.parametrize(
    "variables",
    [
        {"AMALGAM_ADDRESS": "0.0.0.0"},
        {"AMALGAM_HOSTS": "lab.example"},
        {"AMALGAM_ADDRESS": "0.0.0.0", "AMALGAM_ADMINS": OWNER},
    ],
)
def test_who_comes_from_elsewhere_gets_one_sentence(open_page, monkeypatch, job, variables):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    page = open_page("admin")
    assert not page.exception
    assert ONE_SENTENCE in words(page)
    assert len(page.dataframe) == 0


def test_the_page_itself_asks_who_is_there(workspace, monkeypatch, job):
    monkeypatch.setenv("AMALGAM_ADDRESS", "0.0.0.0")
    page = AppTest.from_file(str(PAGE), default_timeout=30).run()
    assert ONE_SENTENCE in words(page)
    assert len(page.dataframe) == 0
