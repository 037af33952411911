"""The Data page on an endpoint: what would go where, allowed by a click and taken back by one."""

from __future__ import annotations

from core.access import consent
from pages.shared.markup import JOINER
from tests.pages.conftest import OWNER, words

ROWS = [f"The parcel number {n} came much too late and nobody answers my letters,{n % 2}" for n in range(60)]


def test_without_an_endpoint_nothing_is_said_of_one(open_page, reader, endpoint, monkeypatch):
    monkeypatch.delenv("AMALGAM_LLM_URL")
    monkeypatch.delenv("AMALGAM_LLM_MODEL")
    table = reader(paste="\n".join(["note,back", *ROWS]), target="back")
    page = open_page("data")
    assert not page.exception
    assert not [button for button in page.button if button.key == f"sending-allow-{table}"]
    monkeypatch.setenv("AMALGAM_LLM_MODEL", "half")
    page = open_page("data")
    assert not page.exception
    assert "half" not in words(page)


def test_one_click_allows_and_one_takes_it_back(open_page, reader, workspace, endpoint, monkeypatch):
    monkeypatch.setenv("AMALGAM_LLM_KEY", "sk-very-secret")
    monkeypatch.setenv("AMALGAM_LLM_PRICE_IN", "10")
    table = reader(paste="\n".join(["note,back", *ROWS]), target="back")
    page = open_page("data")
    assert not page.exception
    said = words(page).replace(JOINER, "").replace("\\", "")
    assert "texts of note, cells of some rows (with their target) and facts about this table go to" in said
    assert f"{endpoint.host}, where the model large" in said
    assert "e-mail addresses" in said
    assert "about 0.57 by the prices" in said  # 1,000 rows of 67 or 68 letters, 40 tokens of a question, 10 a million
    assert not consent.given(workspace, table, endpoint.host, OWNER)
    page.button(key=f"sending-allow-{table}").click().run()
    assert not page.exception
    assert consent.given(workspace, table, endpoint.host, OWNER)
    assert "may go to" in words(page)
    page.button(key=f"sending-back-{table}").click().run()
    assert not consent.given(workspace, table, endpoint.host, OWNER)
    assert "sk-very-secret" not in words(page)
    assert endpoint.asked == []
